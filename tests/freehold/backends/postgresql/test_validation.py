"""When the server is asked for leftovers, and what becomes of an answer it does not give. adoption/ has the rest."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import checks
from django.db import ProgrammingError
from django.db.backends.base.validation import BaseDatabaseValidation
from django.db.migrations.recorder import MigrationRecorder
from django.test import override_settings

from freehold.backends.postgresql import leftovers
from freehold.backends.postgresql.leftovers import Leftover
from items.models import Item
from tests.freehold.backends.conftest import Connect
from tests.freehold.backends.labs import Lab
from tests.freehold.backends.postgresql.changes import link, table, text

pytestmark = pytest.mark.postgresql

LEFT = Leftover("freehold.W010", Item, "The index app.old_idx", 'DROP INDEX IF EXISTS "app"."old_idx";')


@pytest.fixture
def left(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every search find one index."""
    monkeypatch.setattr(leftovers, "find_leftovers", lambda connection: [LEFT])


def test_leftover_becomes_a_warning_with_its_statement(scratch: Any, left: None) -> None:
    messages = checks.run_checks(tags=[checks.Tags.database], databases=["scratch"])

    (message,) = [each for each in messages if each.id == LEFT.id]  # the suite's superuser is another check's business
    assert str(message) == (
        "items.Item: (freehold.W010) The index app.old_idx is in the database 'scratch', and no model asks for it.\n"
        "\tHINT: A migration was to drop it, and did not find it. Once you know that nobody needs it, run this or put "
        'it into a migration: DROP INDEX IF EXISTS "app"."old_idx";'
    )


def test_process_that_asks_for_no_leftovers_loads_nothing_that_looks_for_them() -> None:
    code = (
        "import sys; import freehold.backends.postgresql.base; "
        "print([name for name in sys.modules if name.endswith(('.leftovers', '.expectations'))])"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"


def test_database_without_schemas_is_not_asked(connect: Connect, left: None) -> None:
    connection = connect("plain", search_path="public")

    assert connection.validation.check() == []


@pytest.mark.parametrize(("schemas", "found"), [([], ["djangos.W001"]), (["beta"], ["djangos.W001", "freehold.W010"])])
def test_what_djangos_own_validation_finds_is_told_first(
    schemas: list[str], found: list[str], connect: Connect, left: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = connect("own", search_path="public", schemas=schemas)
    djangos = checks.Warning("of Django's own", id="djangos.W001")
    monkeypatch.setattr(BaseDatabaseValidation, "check", lambda self, **kwargs: [djangos])

    assert [message.id for message in connection.validation.check()] == found


def test_embedded_server_that_is_still_to_be_made_is_not_made(connect: Connect, left: None, tmp_path: Any) -> None:
    connection = connect("unmade", search_path="public", schemas=["app"], embedded=str(tmp_path / "none"))

    assert connection.validation.check() == []
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def refused(scratch: Any) -> Iterator[Any]:
    """The scratch database as a role that may not read what is applied."""
    with scratch.cursor() as cursor:
        cursor.execute("CREATE TABLE beta.django_migrations (app text); CREATE ROLE nobody_here; SET ROLE nobody_here")
    yield scratch
    with scratch.cursor() as cursor:
        cursor.execute("RESET ROLE; DROP ROLE nobody_here; DROP TABLE beta.django_migrations")


def read_migrations(connection: Any) -> list[Leftover]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT app FROM beta.django_migrations")
    return []


def test_login_that_may_not_read_migrations_is_told_nothing(refused: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leftovers, "find_leftovers", read_migrations)

    assert refused.validation.check() == []


def test_any_other_error_of_the_server_is_not_hidden(scratch: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leftovers, "find_leftovers", read_migrations)

    with pytest.raises(ProgrammingError) as raised:
        scratch.validation.check()

    assert 'relation "beta.django_migrations" does not exist' in str(raised.value)


@pytest.mark.parametrize("applied", [False, True])
def test_app_without_migrations_keeps_its_foreign_keys(applied: bool, scratch: Any) -> None:
    if applied:
        MigrationRecorder(scratch).record_applied("contenttypes", "0001_initial")
    lab = Lab(scratch, "alpha")
    lab.forwards(table(lab.t, "parent"), table(lab.t, "child", ("parent", link("parent")), ("name", text())))
    with scratch.cursor() as cursor:
        cursor.execute("CREATE INDEX child_name_1234abcd ON alpha.child (name)")

    with lab.installed(), override_settings(MIGRATION_MODULES={"lab": None}):
        found = leftovers.find_leftovers(scratch)

    assert [leftover.text for leftover in found] == ["The index alpha.child_name_1234abcd"]


def test_project_itself_has_no_leftovers(db: None) -> None:
    from django.db import connection

    assert leftovers.find_leftovers(connection) == []
