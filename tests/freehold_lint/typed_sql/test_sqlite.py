"""The same statement for SQLite: what is written by itself, and what needs a file of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from freehold_lint.typed_sql import scratch, sqlite
from freehold_lint.typed_sql.compilation import Compiled
from freehold_lint.typed_sql.faults import TypedSQLError
from freehold_lint.typed_sql.statements import list_choices, write_statement
from tests.freehold_lint.typed_sql.conftest import Compile

pytestmark = pytest.mark.postgresql


@pytest.fixture(scope="module")
def migrated(django_db_blocker: Any) -> Iterator[Any]:
    with django_db_blocker.unblock(), scratch.opening_sqlite() as connection:
        yield connection.connection


def translate(compiled: Compiled) -> str:
    translated = sqlite.translate(compiled)
    return " ".join(write_statement(translated, list_choices(translated)[0], "sqlite").text.split())


@pytest.mark.parametrize(
    ("text", "translated"),
    [
        ("SELECT i.id FROM app.items AS i WHERE i.id = @a", 'SELECT i.id FROM "app.items" AS i WHERE i.id = ?1'),
        ("SELECT items.id FROM app.items", 'SELECT items.id FROM "app.items" AS "items"'),
        (
            "SELECT i.id FROM app.items AS i WHERE i.name = @a::pg_catalog.text AND i.price < @b :: numeric",
            'SELECT i.id FROM "app.items" AS i WHERE i.name = ?1 AND i.price < ?2 :: numeric',
        ),
        (
            "SELECT i.id FROM app.items AS i WHERE i.id = ANY (@ids::uuid[]) AND i.is_active",
            'SELECT i.id FROM "app.items" AS i WHERE i.id IN (SELECT value FROM json_each(?1)) AND i.is_active',
        ),
        (
            "UPDATE app.items SET name = @a WHERE id = @b RETURNING id",
            'UPDATE "app.items" AS "items" SET name = ?1 WHERE id = ?2 RETURNING id',
        ),
    ],
)
def test_statement_is_translated(compile_text: Compile, text: str, translated: str) -> None:
    assert translate(compile_text(f"{text}\n")) == translated


def test_prepared_statement_passes(compile_text: Compile, migrated: Any) -> None:
    compiled = compile_text(
        "SELECT i.id, i.created_at\nFROM app.items AS i\nWHERE i.id = ANY (@ids)\n-- after\n",
        "sort: newest = i.created_at DESC, i.id DESC",
        "page: 5 10",
    )

    sqlite.prepare(compiled, sqlite.translate(compiled), migrated)


def test_refused_statement_asks_for_a_file(compile_text: Compile, migrated: Any) -> None:
    compiled = compile_text("SELECT i.id FROM app.items AS i WHERE i.created_at < now()\n")

    with pytest.raises(TypedSQLError) as refused:
        sqlite.prepare(compiled, sqlite.translate(compiled), migrated)

    assert str(refused.value) == (
        "sql/item/show.sql:4: SQLite does not take it (no parts): no such function: now; "
        "write show.sqlite.sql beside it, or `-- only: postgresql`"
    )


def test_file_for_sqlite_has_the_same_columns(compile_text: Compile, migrated: Any) -> None:
    compiled = compile_text("SELECT i.id FROM app.items AS i\n", sqlite='SELECT i.name FROM "app.items" AS i\n')

    with pytest.raises(TypedSQLError) as refused:
        sqlite.prepare(compiled, sqlite.translate(compiled), migrated)

    assert str(refused.value) == "sql/item/show.sqlite.sql:1: on SQLite its columns are name, and on PostgreSQL id"


INTERVAL = (
    "is an interval, which is a number of microseconds on SQLite, and no time plus it is one: write show.sqlite.sql "
    "beside it, or `-- only: postgresql`"
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "SELECT i.id\nFROM app.items AS i\nWHERE i.created_at < i.updated_at - @age::interval\n",
            f"6: @age {INTERVAL}",
        ),
        ("SELECT\ni.updated_at - i.created_at AS age FROM app.items AS i\n", f"4: column age {INTERVAL}"),
        (
            "SELECT i.id FROM app.items AS i WHERE i.name = ANY (@names::bytea[]::text[])\n",
            "4: @names is a list of bytea, which SQLite has not: write `-- only: postgresql`",
        ),
    ],
)
def test_type_that_sqlite_has_not_is_refused(compile_text: Compile, migrated: Any, text: str, said: str) -> None:
    compiled = compile_text(text)

    with pytest.raises(TypedSQLError) as refused:
        sqlite.prepare(compiled, sqlite.translate(compiled), migrated)

    assert str(refused.value) == f"sql/item/show.sql:{said}"


def test_interval_may_stand_in_a_file_for_sqlite(compile_text: Compile, migrated: Any) -> None:
    compiled = compile_text("SELECT @age::interval AS age\n", sqlite="SELECT @age AS age\n")

    sqlite.prepare(compiled, sqlite.translate(compiled), migrated)

    assert [each.python for each in (*compiled.columns, *compiled.parameters)] == ["timedelta", "timedelta"]
