"""SQLite takes the same names as one quoted name each, through everything a migration does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connections, migrations as m
from pytest_django import DjangoDbBlocker

from freehold.acting import acting
from freehold.errors import DatabaseURLError
from tests.freehold.backends.conftest import open_alias
from tests.freehold.backends.labs import Lab
from tests.freehold.backends.postgresql.changes import CHANGES, table, text
from tests.freehold.backends.postgresql.further_changes import FURTHER_CHANGES
from tests.freehold.backends.postgresql.virtual_changes import VIRTUAL_CHANGES

pytestmark = pytest.mark.sqlite

# What SQLite has no words for: the same table before and after.
UNSEEN = {
    "AlterModelTableComment",
    "comment on a column",
    "AlterField, virtual generated column, comment",
    "primary key, another type",
    "RemoveConstraint, covering",
    "RemoveConstraint, deferred",
    "RemoveConstraint, unique, deferrable",
    "identity to BigAuto",
}
POSTGRESQL_ONLY = (
    "rows",
    "Concurrently",
    "BRIN",
    "GIN",
    "exclusion",
    "NotValid",
    "nulls not distinct",
    "serial",
    "collation",
    "B-tree",
    "GiST",
    "hash",
    "by its fields",
    "partitioned",
)
ALL_CHANGES = {
    name: change
    for name, change in (CHANGES | FURTHER_CHANGES | VIRTUAL_CHANGES).items()
    if not any(word in name for word in POSTGRESQL_ONLY)
}


@pytest.fixture
def lab(django_db_blocker: DjangoDbBlocker) -> Iterator[Lab]:
    """An empty database in memory."""
    entry = connections.settings["default"] | {"NAME": ":memory:", "OPTIONS": {"schemas": ["alpha"], "timeout": 3}}
    with django_db_blocker.unblock(), acting(None), open_alias("scratch", entry) as connection:
        yield Lab(connection, "alpha")


def read(lab: Lab) -> list[tuple[Any, ...]]:
    """Give type, table and definition of each table and index but SQLite's own."""
    with lab.connection.cursor() as cursor:
        cursor.execute(
            "SELECT type, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite%%' ORDER BY 1, 2, 3", []
        )
        return cursor.fetchall()


@pytest.mark.parametrize("name", ALL_CHANGES)
def test_change_of_tables_with_a_dot_goes_forwards_and_backwards(name: str, lab: Lab) -> None:
    setup, operations = ALL_CHANGES[name](lab.t)
    lab.forwards(*setup)
    before = read(lab)

    lab.forwards(*operations)
    after = read(lab)
    lab.backwards(len(operations))

    assert (after != before) is (name not in UNSEEN)
    assert {row[1] for row in read(lab)} == {row[1] for row in before}
    assert all(table.startswith("alpha.") for _, table, _ in after)


def test_schemas_are_not_handed_to_sqlite_and_its_own_options_are(lab: Lab) -> None:
    params = lab.connection.get_connection_params()

    assert "schemas" not in params
    assert params["timeout"] == 3


def test_file_that_can_not_be_made_is_refused_in_words(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> None:
    entry = connections.settings["default"] | {"NAME": str(tmp_path / "missing" / "local.db"), "OPTIONS": {}}

    with (
        django_db_blocker.unblock(),
        open_alias("scratch", entry) as connection,
        pytest.raises(DatabaseURLError) as caught,
    ):
        connection.ensure_connection()

    assert str(caught.value) == (
        f"DATABASE_URL names {tmp_path}/missing/local.db, but there is no directory {tmp_path}/missing: make it first"
    )


def test_inspectdb_and_flush_know_the_whole_name(lab: Lab) -> None:
    lab.forwards(*CHANGES["AlterModelTable, new tables"](lab.t)[1])
    lab.get_model("parent").objects.using("scratch").create()
    out = StringIO()

    call_command("inspectdb", database="scratch", stdout=out)
    tables = lab.connection.introspection.table_names()
    lab.connection.ops.execute_sql_flush(lab.connection.ops.sql_flush(no_style(), tables))

    assert "db_table = 'alpha.child'" in out.getvalue()
    assert tables == ["alpha.child", "alpha.item", "alpha.item_tags", "alpha.mother", "alpha.tag"]
    assert lab.get_model("parent").objects.using("scratch").count() == 0


def test_names_that_django_makes_for_indexes_are_those_without_a_schema_where_there_is_a_map(lab: Lab) -> None:
    lab.forwards(table(lab.t, "item", ("name", text(db_index=True)), ("code", text())))
    lab.forwards(m.AlterUniqueTogether("item", {("name", "code")}))

    with lab.connection.cursor() as cursor:
        names = lab.connection.introspection.get_constraints(cursor, "alpha.item")

    made = {re.sub("[0-9a-f]{8}", "hash", name) for name in names if "item" in name}
    assert made == {"item_name_hash", "item_name_code_hash_uniq"}


def test_table_gets_another_schema_and_name_beside_tables_of_the_old_and_the_new_one(lab: Lab) -> None:
    for name in ("beta.item", "alpha.thing"):
        lab.forwards(table(str, name, ("name", text(db_index=True))))
    decoys = read(lab)
    lab.forwards(table(lab.t, "item", ("name", text(db_index=True)), ("code", text(unique=True))))
    before = read(lab)

    lab.forwards(m.AlterModelTable("item", "beta.thing"))
    lab.rows("item").create(name="x", code="y")
    moved = [row for row in read(lab) if row not in decoys]
    lab.backwards(1)

    assert {table for _, table, _ in moved} == {"beta.thing"}
    assert read(lab) == before
    assert lab.rows("item").get().code == "y"
