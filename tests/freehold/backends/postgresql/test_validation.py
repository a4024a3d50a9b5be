"""When the server is asked for leftovers, and what becomes of an answer it does not give. adoption/ has the rest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core import checks
from django.db import ProgrammingError

from freehold.backends.postgresql import validation
from freehold.backends.postgresql.leftovers import Leftover
from items.models import Item
from tests.freehold.backends.conftest import Connect

pytestmark = pytest.mark.postgresql

LEFT = Leftover("freehold.W010", Item, "The index app.old_idx", 'DROP INDEX IF EXISTS "app"."old_idx";')


@pytest.fixture
def left(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every search find one index."""
    monkeypatch.setattr(validation, "find_leftovers", lambda connection: [LEFT])


def test_leftover_becomes_a_warning_with_its_statement(scratch: Any, left: None) -> None:
    (message,) = checks.run_checks(tags=[checks.Tags.database], databases=["scratch"])

    assert str(message) == (
        "items.Item: (freehold.W010) The index app.old_idx is in the database 'scratch', and no model asks for it.\n"
        "\tHINT: A migration was to drop it, and did not find it. Once you know that nobody needs it, run this or put "
        'it into a migration: DROP INDEX IF EXISTS "app"."old_idx";'
    )


def test_database_without_schemas_is_not_asked(connect: Connect, left: None) -> None:
    connection = connect("plain", search_path="public")

    assert connection.validation.check() == []


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
    monkeypatch.setattr(validation, "find_leftovers", read_migrations)

    assert refused.validation.check() == []


def test_any_other_error_of_the_server_is_not_hidden(scratch: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validation, "find_leftovers", read_migrations)

    with pytest.raises(ProgrammingError) as raised:
        scratch.validation.check()

    assert 'relation "beta.django_migrations" does not exist' in str(raised.value)


def test_project_itself_has_no_leftovers(db: None) -> None:
    from django.db import connection

    assert validation.find_leftovers(connection) == []
