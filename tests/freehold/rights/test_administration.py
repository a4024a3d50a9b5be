"""`ownership bootstrap` from outside: who it connects as, and what it says of a URL that is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections
from pytest_django import DjangoDbBlocker
from pytest_django.fixtures import Settings

from freehold.errors import OwnershipError
from freehold.ownership import Ownership
from tests.freehold.estates import get_catalogue, get_server, make_ownership, make_tag, open_database

pytestmark = pytest.mark.postgresql

TAG = make_tag()
MAP: Ownership = make_ownership(TAG)
ALIAS = "distant"
SECRET = "open-sesame"


@pytest.fixture(scope="module")
def database(django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Any]]:
    """A database that DATABASE_URL=postgresql://HOST:PORT/NAME would name: with no user in it."""
    server = get_server()
    with django_db_blocker.unblock(), open_database(server, TAG) as database:
        connections.settings[ALIAS] = {
            **connections.settings["default"],
            "NAME": database["dbname"],
            "HOST": server["host"],
            "PORT": server["port"],
            "OPTIONS": {"schemas": list(MAP.schema_names)},
        }
        yield database
        connections[ALIAS].close()
        del connections[ALIAS]
        del connections.settings[ALIAS]


@pytest.fixture
def address(database: dict[str, Any]) -> str:
    """HOST:PORT of the server."""
    return f"{database['host']}:{database['port']}"


@pytest.fixture
def run(database: dict[str, Any], settings: Settings, tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Any:
    """Give a function that runs `manage.py ownership bootstrap` and gives its lines."""
    settings.OWNERSHIP = f"{__name__}.MAP"

    def bootstrap(**options: Any) -> list[str]:
        output = StringIO()
        options = {"database": ALIAS, "passfile": tmp_path / "pgpass", "stdout": output, **options}
        with django_db_blocker.unblock():
            call_command("ownership", "bootstrap", **options)
        return output.getvalue().replace(f"_{TAG}", "").splitlines()

    return bootstrap


@pytest.mark.parametrize(
    ("url", "message"),
    [
        (
            "",
            "DATABASE_URL names no user, and an embedded server it is not: name who may make roles, e.g. --admin-url "
            "postgresql://postgres@127.0.0.1/{database}",
        ),
        (
            SECRET,
            "--admin-url does not begin with a scheme: write postgresql://host/database, embedded:///path or "
            "sqlite:///local.db (the form is postgresql://USER:PASSWORD@HOST:PORT/DATABASE)",
        ),
        (
            f"mysql://root:{SECRET}@{{address}}/x",
            "--admin-url has the scheme 'mysql': write postgresql://USER:PASSWORD@HOST:PORT/DATABASE",
        ),
        (
            "embedded:./var/postgres",
            "--admin-url has the scheme 'embedded': write postgresql://USER:PASSWORD@HOST:PORT/DATABASE",
        ),
        (
            f"postgresql:postgres:{SECRET}@{{address}}",
            "--admin-url lacks the two slashes after the scheme: write postgresql://host/database (the form is "
            "postgresql://USER:PASSWORD@HOST:PORT/DATABASE)",
        ),
        (
            f"postgresql://postgres:{SECRET}/x@{{address}}",
            "--admin-url has a / or ? before the @: in a user's name or password write %2F or %3F instead (the form is "
            "postgresql://USER:PASSWORD@HOST:PORT/DATABASE)",
        ),
        (
            f"postgresql://postgres:{SECRET}%@{{address}}",
            "--admin-url has a % in its password that begins no escape: write %25 for the character (the form is "
            "postgresql://USER:PASSWORD@HOST:PORT/DATABASE)",
        ),
        (
            f"postgresql://postgres:{SECRET}@127.0.0.1:{SECRET}/x",
            "--admin-url has a port that is no number from 1 to 65535: write host:5432 (the form is "
            "postgresql://USER:PASSWORD@HOST:PORT/DATABASE)",
        ),
        (
            f"postgresql://postgres:{SECRET}@{{address}}/postgres",
            "--admin-url names database 'postgres', and DATABASE_URL names '{database}': write the same one, or none",
        ),
        (
            f"postgresql://postgres:{SECRET}@{{address}}/?sslmod=require",
            "--admin-url has the unknown option 'sslmod': did you mean sslmode? (the form is "
            "postgresql://USER:PASSWORD@HOST:PORT/DATABASE)",
        ),
        (
            f"postgresql://postgres:{SECRET}@{{address}}",
            'can\'t connect to bootstrap: connection failed: connection to server at "127.0.0.1", port {port} failed: '
            'FATAL:  password authentication failed for user "postgres". Name who may make roles, and where, with '
            "--admin-url",
        ),
        (
            f"postgresql://postgres:x@{SECRET}@{{address}}",
            'can\'t connect to bootstrap: connection failed: connection to server at "127.0.0.1", port {port} failed: '
            'FATAL:  password authentication failed for user "postgres". Name who may make roles, and where, with '
            "--admin-url",
        ),
        (
            f"postgresql://postgres:{SECRET}@127.0.0.1:1",
            'can\'t connect to bootstrap: connection failed: connection to server at "127.0.0.1", port 1 failed: '
            "Connection refused; Is the server running on that host and accepting TCP/IP connections?. Name who may "
            "make roles, and where, with --admin-url",
        ),
    ],
)
def test_wrong_admin_url_is_refused_in_one_line_without_its_password(
    url: str, message: str, run: Any, address: str, database: dict[str, Any]
) -> None:
    names = {"address": address, "database": database["dbname"], "port": database["port"]}
    before = get_catalogue(database, TAG)

    with pytest.raises(OwnershipError) as caught:
        run(admin_url=url.format(**names))

    assert str(caught.value) == message.format(**names)
    assert SECRET not in str(caught.value)
    assert get_catalogue(database, TAG) == before


def test_bootstrap_says_what_it_did_and_then_that_there_is_nothing_to_do(
    run: Any, address: str, database: dict[str, Any], tmp_path: Path
) -> None:
    url = f"postgresql://postgres@{address}/{database['dbname']}?passfile={database['passfile']}"

    first, second = run(admin_url=url), run(admin_url=url)
    other = run(admin_url=url, passfile=tmp_path / "other")

    assert first[0] == "  create role field"
    assert first[-1] == "49 changes."
    assert second == ["Nothing to do: roles, schemas and rights are in place."]
    assert other == [
        "Nothing to do: roles, schemas and rights are in place.",
        f"{tmp_path / 'other'} has no password of steward, farm, mill: made elsewhere, left as they are.",
    ]


def test_bootstrap_with_verbosity_zero_prints_nothing(run: Any, address: str, database: dict[str, Any]) -> None:
    url = f"postgresql://postgres@{address}?passfile={database['passfile']}"

    assert run(admin_url=url, verbosity=0) == []
