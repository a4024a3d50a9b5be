"""Operations that run on SQLite only."""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


class RunSQLite(migrations.RunSQL):
    """Runs its SQL on SQLite and nothing on other databases. A trigger, which has semicolons of its own, is to be the
    item of a list: text is split at them."""

    vendor = "sqlite"  # the lint of SQL, which parses PostgreSQL's, leaves it alone

    def database_forwards(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *states: Any) -> None:
        if schema_editor.connection.vendor == self.vendor:
            super().database_forwards(app_label, schema_editor, *states)

    def database_backwards(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *states: Any) -> None:
        if schema_editor.connection.vendor == self.vendor:
            super().database_backwards(app_label, schema_editor, *states)

    def describe(self) -> str:
        return f"SQLite: {super().describe()}"
