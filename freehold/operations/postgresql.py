"""Operations that run on one database only."""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


class RunOnVendor(migrations.RunSQL):
    """Runs its SQL on the databases of one vendor, and nothing on others."""

    vendor: str
    name: str  # as people know it

    def database_forwards(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *states: Any) -> None:
        if schema_editor.connection.vendor == self.vendor:
            super().database_forwards(app_label, schema_editor, *states)

    def database_backwards(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *states: Any) -> None:
        if schema_editor.connection.vendor == self.vendor:
            super().database_backwards(app_label, schema_editor, *states)

    def describe(self) -> str:
        return f"{self.name}: {super().describe()}"


class RunPostgreSQL(RunOnVendor):
    """Runs its SQL on PostgreSQL and nothing on other databases: functions, triggers and what else SQLite lacks."""

    vendor, name = "postgresql", "PostgreSQL"
