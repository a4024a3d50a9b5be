"""The same migrations on SQLite, which has one writer at a time: the plain change, at the expansion."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections, models
from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from freehold.operations import AddCheck, AddForeignKey, ChangeColumnType, RenameColumn, SetNotNull

ALIAS = "plain"
CREATE = [
    CreateModel("Shelf", [("id", models.BigAutoField(primary_key=True))], options={"db_table": "app.shelf"}),
    CreateModel(
        "Ware",
        [
            ("id", models.BigAutoField(primary_key=True)),
            ("name", models.CharField(max_length=40, unique=True)),
            ("code", models.CharField(max_length=9, default="007")),
            ("note", models.TextField(null=True)),
        ],
        options={
            "db_table": "app.ware",
            "indexes": [models.Index(fields=["-name"], name="ware_name_idx")],
            "constraints": [models.CheckConstraint(condition=~models.Q(name=""), name="ware_name_given")],
        },
    ),
]


def rename(step: str) -> RenameColumn:
    """Give one step of a rename."""
    return RenameColumn("ware", "name", "title", step)  # type: ignore[arg-type]


def change(step: str) -> ChangeColumnType:
    """Give one step of a change of type, whose expressions differ by database."""
    return ChangeColumnType(
        "ware",
        "code",
        models.CharField(max_length=9, default="007"),
        models.JSONField(default=dict, db_column="codes"),
        step,  # type: ignore[arg-type]
        forward={"sqlite": "json_object('code', code)", "postgresql": "jsonb_build_object('code', code)"},
        backward={"sqlite": "json_extract(codes, '$.code')", "postgresql": "codes->>'code'"},
    )


class Shop:
    """A SQLite database with a model's state, moved by operations."""

    def __init__(self) -> None:
        self.state, self.past = ProjectState(), list[tuple[Operation, ProjectState]]()

    def up(self, *operations: Operation) -> None:
        """Apply operations, as a migration without a transaction does."""
        for operation in operations:
            before = self.state.clone()
            operation.state_forwards("meadow", self.state)
            with connections[ALIAS].schema_editor(atomic=False) as editor:
                operation.database_forwards("meadow", editor, before, self.state)
            self.past.append((operation, before))

    def down(self) -> None:
        """Take the last operation back."""
        operation, before = self.past.pop()
        with connections[ALIAS].schema_editor(atomic=False) as editor:
            operation.database_backwards("meadow", editor, self.state, before)
        self.state = before

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        """Run a statement; give its rows."""
        with connections[ALIAS].cursor() as cursor:
            cursor.execute(statement)
            return list(cursor.fetchall())

    @property
    def catalogue(self) -> list[tuple[Any, ...]]:
        """All that SQLite keeps of its tables and indexes."""
        return self.query("SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite%' ORDER BY 1, 2")


@pytest.fixture
def shop(tmp_path: Path, django_db_blocker: Any) -> Iterator[Shop]:
    """Three wares, of which one has no note."""
    default = connections.settings["default"]
    connections.settings[ALIAS] = {
        **default,
        "ENGINE": "freehold.backends.sqlite3",
        "NAME": str(tmp_path / "shop.sqlite3"),
        "OPTIONS": {},
    }
    with django_db_blocker.unblock():
        shop = Shop()
        shop.up(*CREATE)
        shop.query(
            """INSERT INTO "app.ware" (name, code, note) VALUES ('a', '007', 'x'), ('b', '08', NULL), ('c', '9', '')"""
        )
        yield shop
        connections[ALIAS].close()
    del connections[ALIAS]
    del connections.settings[ALIAS]


@pytest.mark.parametrize("steps", [rename, change])
def test_up_down_and_up_again_leaves_the_same_schema_and_values(steps: Any, shop: Shop) -> None:
    start, rows = shop.catalogue, shop.query('SELECT * FROM "app.ware" ORDER BY id')

    shop.up(steps("expand"), steps("contract"))
    before, changed = shop.catalogue, shop.query('SELECT * FROM "app.ware" ORDER BY id')
    shop.down()
    shop.down()
    taken_back = shop.catalogue, shop.query('SELECT * FROM "app.ware" ORDER BY id')
    shop.up(steps("expand"), steps("contract"))

    assert taken_back == (start, rows)
    assert (shop.catalogue, shop.query('SELECT * FROM "app.ware" ORDER BY id')) == (before, changed)


def test_rename_takes_indexes_and_constraints_along(shop: Shop) -> None:
    shop.up(rename("expand"), rename("contract"))

    text = " ".join(sql for _, _, sql in shop.catalogue if sql)
    assert '"title"' in text
    assert '"name"' not in text
    assert shop.query('SELECT title FROM "app.ware" ORDER BY id') == [("a",), ("b",), ("c",)]


def test_values_are_converted_by_the_expression_for_sqlite(shop: Shop) -> None:
    shop.up(change("expand"))

    assert shop.query('SELECT codes FROM "app.ware" ORDER BY id') == [
        ('{"code":"007"}',),
        ('{"code":"08"}',),
        ('{"code":"9"}',),
    ]


@pytest.mark.parametrize("steps", [rename, change])
def test_step_that_was_done_and_not_recorded_is_not_done_again(steps: Any, shop: Shop) -> None:
    shop.up(steps("expand"))
    before = shop.catalogue, shop.query('SELECT * FROM "app.ware"')
    operation, state = shop.past[-1]

    with connections[ALIAS].schema_editor(atomic=False) as editor:
        operation.database_forwards("meadow", editor, state, shop.state)

    assert (shop.catalogue, shop.query('SELECT * FROM "app.ware"')) == before


def test_rows_without_a_value_get_one(shop: Shop) -> None:
    start = shop.catalogue

    shop.up(SetNotNull("ware", "note", value="'none for ' || name"))
    filled = shop.query('SELECT note FROM "app.ware" ORDER BY id')
    shop.down()

    assert filled == [("x",), ("none for b",), ("",)]
    assert shop.catalogue == start


def test_checks_and_foreign_keys_are_djangos(shop: Shop) -> None:
    start = shop.catalogue
    check = models.CheckConstraint(condition=~models.Q(code=""), name="ware_code_given")
    key = models.ForeignKey("meadow.shelf", models.CASCADE, null=True)

    shop.up(AddCheck("ware", check), AddForeignKey("ware", "shelf", key))
    text = " ".join(sql for _, _, sql in shop.catalogue if sql)
    shop.down()
    shop.down()

    assert "ware_code_given" in text
    assert 'REFERENCES "app.shelf"' in text
    assert shop.catalogue == start
