"""A table with all that can hang on a column, and migrations that change it."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.db.migrations.loader import MigrationLoader

from freehold.acting.logins import using_login
from freehold.acting.roles import using_role
from freehold.embedded import get_psql
from freehold.errors import MigrationError
from tests.freehold.migrator.estates import ALIAS, Estate

SHELF = """
migrations.CreateModel("Shelf", [("id", models.BigAutoField(primary_key=True))], options={"db_table": "app.shelf"}),
migrations.CreateModel("Ware",
    [
        ("id", models.BigAutoField(primary_key=True)),
        ("name", models.CharField(max_length=40, unique=True, db_default="nameless", db_comment="what it's called")),
        ("size", models.PositiveIntegerField(db_index=True)),
        ("shelf", models.ForeignKey("meadow.shelf", models.DB_CASCADE, null=True)),
        ("note", models.TextField(null=True)),
    ],
    options={
        "db_table": "app.ware",
        "ordering": ["-name"],
        "indexes": [
            models.Index(fields=["-name", "size"], name="ware_name_size"),
            models.Index(models.F("size"), name="ware_long", condition=~models.Q(name="short")),
        ],
        "constraints": [
            models.CheckConstraint(condition=~models.Q(name=""), name="ware_name_given"),
            models.UniqueConstraint(
                fields=["name", "size"], name="ware_name_once", deferrable=models.Deferrable.DEFERRED
            ),
        ],
    },
),
"""
FILL = (
    "INSERT INTO app.shelf SELECT FROM generate_series(1, 3); "
    "INSERT INTO app.ware (name, size, shelf_id, note) "
    "SELECT 'ware ' || n, n, 1 + n %% 3, nullif('note ' || n, 'note 4') FROM generate_series(1, 10) n"
).replace("%%", "%")
EXPAND = 'RenameColumn("ware", "name", "title", batch_size=3, pause=0),'
CONTRACT = 'RenameColumn("ware", "name", "title", "contract", batch_size=3, pause=0),'


def open_shop(estate: Estate) -> Estate:
    """Make the tables, with ten wares."""
    estate.write("meadow", "0001_shop", SHELF)
    estate.migrate("meadow")
    estate.query(FILL)
    return estate


def write_steps(estate: Estate, *operations: str) -> None:
    """Write a migration for each operation, without a transaction: 0002, 0003, …"""
    for number, operation in enumerate(operations, 2):
        estate.write("meadow", f"{number:04}_step", operation, atomic=False)


def rewrite_steps(estate: Estate, *operations: str) -> None:
    """Write other migrations in the place of those after the first, and let Python read them anew."""
    for file in (estate.directory / estate.package / "meadow").glob("000[2-9]*.py"):
        file.unlink()
    write_steps(estate, *operations)
    importlib.invalidate_caches()
    for name in [name for name in sys.modules if name.startswith(f"{estate.package}.")]:
        del sys.modules[name]


def dump(estate: Estate) -> str:
    """Give `pg_dump --schema-only` of the schema; what it names at random is left out."""
    options: dict[str, Any] = connections.settings["default"]["OPTIONS"]
    (psql, *_), environment = get_psql(options["embedded"])
    words = [str(Path(psql).with_name("pg_dump")), "--schema-only", "--schema=app", estate.server["dbname"]]
    text = subprocess.run(words, env=environment, capture_output=True, text=True, check=True).stdout
    return "\n".join(line for line in text.splitlines() if not line.startswith(("\\restrict", "\\unrestrict")))


def list_lines(text: str) -> list[str]:
    """Give a dump's lines in the order of the alphabet: a column that is made again comes last in its table. PostgreSQL
    18 gives NOT NULL a name, which Django keeps when it renames the column."""
    return sorted(re.sub(r"CONSTRAINT \w+_not_null ", "", line) for line in text.splitlines() if line.strip("-"))


def list_wares(estate: Estate, *columns: str) -> list[tuple[Any, ...]]:
    """Give the columns of all wares, by id."""
    return estate.query(f"SELECT {', '.join(columns)} FROM app.ware ORDER BY id")


def refuse(estate: Estate, *arguments: str) -> str:
    """Migrate, which must be refused; give the message, which is one line."""
    with pytest.raises(MigrationError) as caught:
        estate.migrate("meadow", *arguments)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@contextmanager
def as_owner() -> Iterator[None]:
    """Act on the estate as migrations do."""
    with using_login(connections[ALIAS], "migrator"), using_role(connections[ALIAS], "app_owner"):
        yield


def run_step(estate: Estate, name: str, *, back: bool) -> None:
    """Run a migration's operation by itself, without what brings rights in line afterwards."""
    operation, before, after = read_step(estate.package, name)
    with as_owner(), connections[ALIAS].schema_editor(atomic=False) as editor:
        if back:
            operation.database_backwards("meadow", editor, after, before)
        else:
            operation.database_forwards("meadow", editor, before, after)


@cache
def read_step(package: str, name: str) -> Any:
    """Give a migration's operation, with the states before and after it."""
    loader = MigrationLoader(connections[ALIAS])
    (operation,) = loader.get_migration("meadow", name).operations
    return operation, *(loader.project_state(("meadow", name), at_end=at_end) for at_end in (False, True))
