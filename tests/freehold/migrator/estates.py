"""A database to migrate, and migrations that a test writes out as text."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from io import StringIO
from itertools import count
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import connections

from freehold.acting import acting

NUMBERS = count(1)
ALIAS = "estate"
APPS = ("meadow", "manor", "stray")
TEMPLATE = """
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from freehold.operations import *

class Migration(migrations.Migration):
    initial = {initial}
    atomic = {atomic}
    dependencies = {dependencies}
    operations = [
{operations}
    ]
"""
TABLE = """
    migrations.CreateModel("{model}", [("id", models.BigAutoField(primary_key=True)), ("name", models.TextField())],
        options={{"db_table": "{table}"}}),
"""


# As the superuser, and past the triggers that keep the history as it is.
CLEAR = """
    ALTER TABLE public.migration_history DISABLE TRIGGER USER;
    DELETE FROM public.migration_history WHERE app IN ({apps});
    ALTER TABLE public.migration_history ENABLE ALWAYS TRIGGER migration_history_append_only;
    ALTER TABLE public.migration_history ENABLE ALWAYS TRIGGER migration_history_rows_append_only
"""


class Estate:
    """A migrated database that only has what the tests' own apps put there, and the engine's tracking tables."""

    def __init__(self, directory: Path, server: dict[str, Any], settings: Any) -> None:
        self.directory, self.server = directory, server
        self.package = f"lots_{next(NUMBERS)}"
        settings.MIGRATION_MODULES = {app: f"{self.package}.{app}" for app in APPS}
        for app in APPS:
            (directory / self.package / app).mkdir(parents=True)
            (directory / self.package / app / "__init__.py").touch()

    def write(
        self, app: str, name: str, operations: str, *, after: tuple[tuple[str, str], ...] = (), atomic: bool = True
    ) -> None:
        """Write a migration of `app`; it depends on the one before it, and on those in `after`."""
        folder = self.directory / self.package / app
        before = sorted(path.stem for path in folder.glob("0*.py"))
        dependencies = [*after, *[(app, each) for each in before[-1:]]]
        text = TEMPLATE.format(
            initial=not before,
            atomic=atomic,
            dependencies=dependencies,
            operations=indent(dedent(operations), " " * 8),
        )
        (folder / f"{name}.py").write_text(text)

    def write_table(self, app: str, name: str, model: str, table: str) -> None:
        """Write a migration that makes a table with `id` and `name`."""
        self.write(app, name, TABLE.format(model=model, table=table))

    def write_sql(self, app: str, name: str, *statements: str, back: str = "", **options: Any) -> None:
        """Write a migration that runs statements as they are."""
        reverse = f", {back!r}" if back else ""
        self.write(app, name, "".join(f"migrations.RunSQL({each!r}{reverse}),\n" for each in statements), **options)

    def migrate(self, *arguments: str, **options: Any) -> str:
        """Run `manage.py migrate`; give what it prints."""
        output = StringIO()
        options = {"database": ALIAS, "stdout": output, "no_color": True, **options}
        try:
            call_command("migrate", *arguments, **options)
        finally:
            self.output = output.getvalue()
        return self.output

    def migrate_aloud(self, log: Path) -> str:
        """Migrate `meadow`, with what is said in a file meanwhile; give that."""
        with log.open("w", buffering=1) as stdout:
            call_command("migrate", "meadow", database=ALIAS, stdout=stdout, no_color=True)
        return log.read_text()

    def query(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Run a statement as the superuser; give its rows."""
        with psycopg.connect(**self.server, autocommit=True) as root:
            cursor = root.execute(statement, parameters or None)
            return cursor.fetchall() if cursor.description else []

    @property
    def tables(self) -> dict[str, str]:
        """Every table outside public, and its owner."""
        statement = (
            "SELECT schemaname || '.' || tablename, tableowner FROM pg_tables "
            "WHERE schemaname IN ('auth', 'master', 'app') OR tablename LIKE 'zz%'"
        )
        return dict(self.query(statement))

    @property
    def applied(self) -> list[str]:
        """What Django's own table holds of the tests' apps."""
        statement = "SELECT app || '.' || name FROM public.django_migrations WHERE app = ANY (%s) ORDER BY id"
        return [name for (name,) in self.query(statement, list(APPS))]

    @property
    def history(self) -> list[tuple[str, ...]]:
        """What the history holds of the tests' apps: name, direction, role, outcome and detail."""
        statement = (
            "SELECT app || '.' || name, direction, owner_role, outcome, detail FROM public.migration_history "
            "WHERE app = ANY (%s) ORDER BY id"
        )
        return self.query(statement, list(APPS))

    def clear_history(self) -> None:
        """Empty the history of the tests' apps."""
        connections[ALIAS].close()
        self.query(CLEAR.format(apps=", ".join(f"'{app}'" for app in APPS)))

    def clear(self) -> None:
        """Take away all that a test made."""
        connections[ALIAS].close()
        for name in self.tables:
            self.query(f"DROP TABLE IF EXISTS {name} CASCADE")
        for (name,) in self.query(
            "SELECT oid::regprocedure::text FROM pg_proc WHERE proname LIKE 'zz%' AND prokind = 'f'"
        ):
            self.query(f"DROP FUNCTION {name}")  # as the triggers of columns in two releases leave them
        self.query("DELETE FROM public.django_migrations WHERE app = ANY (%s)", list(APPS))
        self.clear_history()
        self.forget_modules()

    def forget_modules(self) -> None:
        """Let the migrations be imported anew."""
        for module in [name for name in sys.modules if name.split(".")[0] == self.package]:
            del sys.modules[module]


APPLIED = "SELECT name FROM django_migrations WHERE app = 'meadow' ORDER BY id"
HISTORY = "SELECT direction, outcome, detail FROM \"public.migration_history\" WHERE app = 'meadow' ORDER BY id"


class FileEstate(Estate):
    """An estate in a file."""

    def query(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Run a statement; give its rows."""
        with acting(None), connections[ALIAS].cursor() as cursor:
            cursor.execute(statement, parameters or None)
            return cursor.fetchall() if cursor.description else []

    @property
    def tables(self) -> dict[str, str]:
        """Every table in a schema; nobody owns them."""
        found = self.query("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'app.%%'")
        return dict.fromkeys((name for (name,) in found), "")

    @property
    def applied(self) -> list[str]:
        """What Django's own table holds of the tests' app."""
        return [f"meadow.{name}" for (name,) in self.query(APPLIED)]

    @property
    def history(self) -> list[tuple[str, ...]]:
        """What the history holds of the tests' app: direction, outcome and detail."""
        return self.query(HISTORY)

    def clear(self) -> None:
        """Nothing: the file goes with the test."""


def open_estate(directory: Path, server: dict[str, Any], settings: Any) -> Iterator[Estate]:
    """Give the estate of one test, clean again afterwards."""
    sys.path.insert(0, str(directory))
    estate = Estate(directory, server, settings)
    yield estate
    estate.clear()
    sys.path.remove(str(directory))
