"""The password file of an embedded server is the only place that knows its logins' passwords, and can be replaced."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connections
from pytest_django import DjangoDbBlocker

from freehold import embedded
from freehold.databases import parse_database_url
from freehold.ownership import get_ownership
from freehold.passfile import list_entries
from freehold.rights.administration import bootstrap_database
from tests.freehold.backends.conftest import open_alias
from tests.freehold.embedded.processes import Child

pytestmark = pytest.mark.postgresql

LOGINS = ["migrator", "web_rw", "api_rw", "admin_rw", "all_rw"]


@pytest.fixture
def connection(path: str, django_db_blocker: DjangoDbBlocker) -> Iterator[Any]:
    """The database of a server of the test's own, with the project's roles."""
    schemas = get_ownership().schema_names
    own = parse_database_url(f"embedded://{path}", base=Path("/"), schemas=schemas, login="admin_rw")
    entry = {**connections.settings["default"], **own}
    with django_db_blocker.unblock(), open_alias("own", entry) as connection:
        bootstrap_database(connection, get_ownership())
        yield connection


def list_users(path: str) -> list[str]:
    return [entry.user for entry in list_entries(Path(path, "pgpass"))]


def ask_who(path: str, user: str) -> str:
    with psycopg.connect(embedded.get_url(path, user)) as connection:
        return str(connection.execute("select session_user").fetchone()[0])  # type: ignore[index]


def test_bootstrap_again_leaves_passwords_as_they_are(connection: Any, path: str) -> None:
    before = Path(path, "pgpass").read_text()

    done = bootstrap_database(connection, get_ownership())

    assert done == []
    assert Path(path, "pgpass").read_text() == before


def test_bootstrap_after_passfile_was_lost_gives_every_login_a_new_one(connection: Any, path: str) -> None:
    embedded.stop(path)
    Path(path, "pgpass").unlink()

    done = bootstrap_database(connection, get_ownership())

    assert done == [f"set a new password of {login}: {path}/pgpass had none" for login in LOGINS]
    assert list_users(path) == ["postgres", *LOGINS]
    assert [ask_who(path, login) for login in LOGINS] == LOGINS


def test_bootstraps_at_once_after_passfile_was_lost_leave_passwords_that_hold(connection: Any, path: str) -> None:
    embedded.stop(path)
    Path(path, "pgpass").unlink()
    embedded.start(path)

    for child in [Child(bootstrap_database, connection, get_ownership()) for _ in range(3)]:
        child.wait()

    assert [ask_who(path, login) for login in LOGINS] == LOGINS


def test_bootstrap_with_passfile_elsewhere_leaves_passwords_as_they_are(
    connection: Any, path: str, tmp_path: Path
) -> None:
    done = bootstrap_database(connection, get_ownership(), passfile=tmp_path / "other")

    assert done == []
    assert not (tmp_path / "other").exists()
    assert [ask_who(path, login) for login in LOGINS] == LOGINS
