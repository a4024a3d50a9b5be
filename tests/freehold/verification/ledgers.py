"""A database with a history, on either dialect, and migrations that a test writes out as text."""

from __future__ import annotations

import json
import shutil
import sqlite3
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections

from freehold.acting import acting
from freehold.acting.logins import using_login
from freehold.models import MigrationHistory
from tests.dialect import DIALECT
from tests.freehold.migrator.estates import Estate

ALIAS = "ledger"
IS_POSTGRESQL = DIALECT == "postgresql"
RECORD = "public.django_migrations" if IS_POSTGRESQL else "django_migrations"
HISTORY = "public.migration_history" if IS_POSTGRESQL else '"public.migration_history"'
RUN_FILE = "RunFile(Path(__file__).parent / {!r}),\n"
IMPORTS = "from pathlib import Path\nfrom tests.freehold.verification.operations import RunFile\n"


class Ledger(Estate):
    """Writes migrations of the apps manor and meadow, runs them, and asks `manage.py history` about them."""

    def migrate(self, *arguments: str, **options: Any) -> str:
        """Run `manage.py migrate`; give what it prints."""
        return super().migrate(*arguments, **{"database": ALIAS, **options})

    def write_manor(self, *, atomic: bool = True, statement: str = "SELECT 1") -> None:
        """Write a migration that runs one statement."""
        self.write_sql("manor", "0001_manor", statement, back="SELECT 2", atomic=atomic)

    def write_file(self, name: str, text: str) -> None:
        """Write a migration manor.0001_manor that runs a file, and the file."""
        self.write("manor", "0001_manor", RUN_FILE.format(name))
        migration = self.get_file("0001_manor.py")
        migration.write_text(IMPORTS + migration.read_text())
        self.get_file(name).write_text(text)

    def get_file(self, name: str) -> Path:
        """Give a file beside manor's migrations."""
        return self.directory / self.package / "manor" / name

    def run(self, *arguments: str, **options: Any) -> tuple[int, str]:
        """Run `manage.py history`; give its exit status and what it prints."""
        output = StringIO()
        try:
            call_command("history", *arguments, database=ALIAS, stdout=output, no_color=True, **options)
        except SystemExit as end:
            return int(str(end.code)), output.getvalue()
        return 0, output.getvalue()

    def verify(self) -> list[dict[str, Any]]:
        """Give the findings."""
        status, printed = self.run("verify", "--format", "json")
        found: list[dict[str, Any]] = json.loads(printed)["findings"]
        assert status == bool(found)
        return found

    def tell(self) -> list[str]:
        """Give the findings' ids and what they are about."""
        return [f"{each['rule']} {each['object']}" for each in self.verify()]

    def repair(self, *arguments: str, reason: str = "") -> str:
        """Accept without a question; give what is printed."""
        return self.run("repair", *arguments, "--yes", "--reason", reason)[1]

    def execute(self, *statements: str) -> list[tuple[Any, ...]]:
        """Run statements past the engine, as the superuser or as whoever opens the file; give the last one's rows."""
        connections[ALIAS].close()
        session: Any = psycopg.connect(**self.server) if IS_POSTGRESQL else sqlite3.connect(self.server["path"])
        try:
            with session:
                for statement in statements:
                    cursor = session.execute(statement)
                return cursor.fetchall() if cursor.description else []
        finally:
            session.close()

    def list_rows(self, **conditions: Any) -> list[MigrationHistory]:
        """Give rows of the history, in order."""
        with using_login(connections[ALIAS], "migrator"), acting(None):
            return list(MigrationHistory.objects.using(ALIAS).filter(**conditions).order_by("id"))

    def clear(self) -> None:
        """Forget the modules; the database goes as a whole."""
        connections[ALIAS].close()
        self.forget_modules()


def copy_database(template: dict[str, Any], name: str, path: Path) -> dict[str, Any]:
    """Copy the template; give the parameters of the copy."""
    if not IS_POSTGRESQL:
        shutil.copy(template["path"], path)
        return {"path": str(path)}
    with psycopg.connect(**{**template, "dbname": "postgres"}, autocommit=True) as root:
        root.execute(f"CREATE DATABASE {name} TEMPLATE {template['dbname']}")
    return {**template, "dbname": name}


def answer(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Let a person answer so; without a text, nobody is there."""

    def give(_: str) -> str:
        if not text:
            raise EOFError
        return text

    monkeypatch.setattr("builtins.input", give)
