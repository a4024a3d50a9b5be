"""A database of either dialect to migrate, and pairs of SQL files that a test writes out as text."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

from django.db import connections

from freehold.acting import acting
from tests.dialect import DIALECT
from tests.freehold.migrator.estates import ALIAS, Estate

STEM = "20260301120000_{name}"
PAIR = """
from django.db import migrations, models
from freehold.operations import RunSQLFiles

class Migration(migrations.Migration):
    atomic = {atomic}
    dependencies = {dependencies}
    operations = [RunSQLFiles("{app}", "{stem}"{options})]
"""


class Yard(Estate):
    """An estate on either dialect, with SQL files beside its migrations."""

    def write_pair(
        self,
        app: str,
        name: str,
        up: str | None,
        down: str | None = "-- nothing to undo: a test",
        *,
        options: str = "",
        atomic: bool = True,
        **variants: str,
    ) -> Path:
        """Write a migration `NNNN_name` and its files; None: leave that file out. `variants` are by `up_sqlite`. Give
        the folder of the files."""
        folder = self.directory / self.package / app
        stem = STEM.format(name=name)
        (folder / "sql").mkdir(exist_ok=True)
        for suffix, text in {"up": up, "down": down, **variants}.items():
            if text is not None:
                (folder / "sql" / f"{stem}.{suffix.replace('_', '.')}.sql").write_text(dedent(text))
        before = sorted(path.stem for path in folder.glob("0*.py"))
        dependencies = [(app, each) for each in before[-1:]]
        words = {"app": app, "stem": stem, "options": options, "atomic": atomic, "dependencies": dependencies}
        (folder / f"{len(before) + 1:04}_{name}.py").write_text(PAIR.format(**words))
        return folder / "sql"

    def query(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Run a statement as the superuser; give its rows."""
        if DIALECT == "postgresql":
            return super().query(statement, *parameters)
        with acting(None), connections[ALIAS].cursor() as cursor:
            cursor.execute(statement, parameters or None)
            return cursor.fetchall() if cursor.description else []

    def find_columns(self, table: str) -> list[str]:
        """Give the table's columns in their order; none where it is not there."""
        connection = connections[ALIAS]
        with connection.cursor() as cursor:
            if table not in connection.introspection.table_names(cursor):
                return []
            return [column.name for column in connection.introspection.get_table_description(cursor, table)]

    def find_indexes(self, table: str) -> set[str]:
        """Give the names of the table's indexes and constraints."""
        with connections[ALIAS].cursor() as cursor:
            return set(connections[ALIAS].introspection.get_constraints(cursor, table))

    @property
    def applied(self) -> list[str]:
        """What Django's own table holds of the tests' apps."""
        rows = self.query("SELECT app, name FROM django_migrations WHERE app IN ('manor', 'meadow') ORDER BY id")
        return [".".join(row) for row in rows]

    @property
    def outcomes(self) -> list[tuple[str, ...]]:
        """What the history holds of the tests' apps: name, direction, outcome, detail."""
        table = "public.migration_history" if DIALECT == "postgresql" else '"public.migration_history"'
        return self.query(
            f"SELECT name, direction, outcome, detail FROM {table} WHERE app IN ('manor', 'meadow') ORDER BY id"
        )

    def clear(self) -> None:
        """Take away all that a test made."""
        if DIALECT == "postgresql":
            super().clear()
        else:
            connections[ALIAS].close()


def open_yard(directory: Path, server: dict[str, Any], settings: Any) -> Iterator[Yard]:
    """Give the yard of one test, clean again afterwards."""
    sys.path.insert(0, str(directory))
    yard = Yard(directory, server, settings)
    yield yard
    yard.clear()
    sys.path.remove(str(directory))
