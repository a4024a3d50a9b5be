"""What a statement is told that did not find a relation: where it is, on both dialects, whoever acts."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.db import DatabaseError, connection, transaction

from freehold.acting import acting
from freehold.backends.errors import RelationError
from freehold.cli import is_bug, one_line
from freehold.services import acting_as
from tests.freehold.backends.test_refusals import run_sql

pytestmark = pytest.mark.django_db

BY_HAND = (
    'relation "{0}.{1}" does not exist: what wrote the statement put quotes around schema and name together, which is '
    'one name with a dot in it; it is "{0}"."{1}", as connection.ops.quote_name writes it. docs/backend.md names '
    "packages that quote by hand"
)
PLACED = "a table of that name lies in a schema, and is written with it: {}"
UNKNOWN = (
    'relation "{}" does not exist: web_rw looks for a name without a schema on its search_path alone, and no model has '
    "such a table: write the schema, or place the app that it belongs to in a schema of the map (`places`), and migrate"
)
ACTING: dict[str, Callable[[], AbstractContextManager[object]]] = {
    "service": lambda: acting_as("web"),
    "nobody": lambda: acting(None),
}


def fail(statement: str) -> DatabaseError:
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        run_sql(statement)
    return caught.value


def tell(error: DatabaseError) -> str:
    """Give the server's first line and what is told behind its text."""
    lines = str(error).splitlines()
    return f"{lines[0]}: {lines[-1]}"


def is_server_text_whole(error: DatabaseError) -> bool:
    return str(error).startswith(f"{error.__cause__}\n") and "\nLINE 1: " in str(error)


@pytest.mark.postgresql
@pytest.mark.parametrize("who", ACTING)
@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ('SELECT * FROM "auth.user"', BY_HAND.format("auth", "user")),
        ('DELETE FROM "app.items" WHERE id IS NULL', BY_HAND.format("app", "items")),
        ('SELECT 1 FROM auth."user" u JOIN "master.categories" c ON true', BY_HAND.format("master", "categories")),
    ],
)
def test_name_quoted_by_hand_is_told(who: str, statement: str, words: str) -> None:
    with ACTING[who]():
        error = fail(statement)

    assert (tell(error), type(error)) == (words, RelationError)
    assert is_server_text_whole(error)
    assert one_line(error).endswith(words.partition(": ")[2])  # and no way out that is none


@pytest.mark.parametrize("who", ACTING)
@pytest.mark.parametrize(("table", "schema"), [("categories", "master"), ("user_groups", "auth"), ("favorites", "app")])
def test_table_of_another_schema_is_told_with_it(who: str, table: str, schema: str) -> None:
    with ACTING[who](), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL search_path = pg_catalog")
        error = fail(f"SELECT * FROM {table}")

    if connection.vendor == "postgresql":
        places = PLACED.format(f'"{schema}"."{table}"')
        assert tell(error) == f'relation "{table}" does not exist: {places}'
        assert is_server_text_whole(error)
    else:
        places = PLACED.format(f'"{schema}.{table}"')
        assert str(error) == f"no such table: {table}: {places}"


@pytest.mark.postgresql
@pytest.mark.parametrize(
    "statement", ["SELECT * FROM queue_jobs", "INSERT INTO queue_jobs VALUES (1)", "LOCK queue_jobs"]
)
def test_table_that_no_model_has_is_told_with_what_to_look_at(statement: str) -> None:
    with acting_as("web"):
        error = fail(statement)

    assert tell(error) == UNKNOWN.format("queue_jobs")
    assert not is_bug(error)


@pytest.mark.parametrize(
    "statement", ["SELECT * FROM queue_jobs", 'SELECT x.id FROM master."categories" c', "SELECT 1 FROM a.b"]
)
def test_what_no_schema_explains_stays_as_it_was_said(statement: str) -> None:
    with acting(None):
        error = fail(statement)

    assert not isinstance(error, RelationError)
    assert "lies in a schema" not in str(error)


@pytest.mark.postgresql
@pytest.mark.parametrize(
    "statement",
    [
        "WITH a AS (SELECT * FROM b), b AS (SELECT 1) SELECT * FROM a",  # the server's HINT is the way out
        "WITH a AS (SELECT * FROM favorites), favorites AS (SELECT 1) SELECT * FROM a",
        "SELECT nextval('queue_jobs_id_seq')",
        "SELECT nextval('favorites_nowhere'::text)",
        "SELECT 'queue_jobs'::regclass",
    ],
)
def test_what_the_server_knows_better_is_left_to_it(statement: str) -> None:
    with acting_as("web"), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        error = fail(statement)

    assert not isinstance(error, RelationError)
    assert str(error) == str(error.__cause__)


@pytest.mark.sqlite
def test_error_about_a_missing_table_keeps_the_driver_s_codes() -> None:
    with acting(None):
        cause = fail("SELECT * FROM categories").__cause__

    assert getattr(cause, "sqlite_errorname", None) == "SQLITE_ERROR"
    assert getattr(cause, "sqlite_errorcode", None) == 1
