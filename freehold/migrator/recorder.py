"""Django's own record of what is applied, written in one message with what ends a migration."""

from __future__ import annotations

from typing import Any

from django.db.migrations.recorder import MigrationRecorder


class EndingRecorder(MigrationRecorder):
    """Sends a statement before the next row that it writes, in the same message: the migration's role ends so."""

    ending: tuple[str, list[Any]] | None = None  # SQL and its parameters
    answer: tuple[Any, ...] | None = None  # the row that the last such statement gave

    def record_applied(self, app: str, name: str) -> None:
        if self.ending is None:
            super().record_applied(app, name)
        else:
            insert = "INSERT INTO {} (app, name, applied) VALUES (%s, %s, pg_catalog.now())"
            self.write(self.ending, insert, app, name)

    def record_unapplied(self, app: str, name: str) -> None:
        if self.ending is None:
            super().record_unapplied(app, name)
        else:
            self.write(self.ending, "DELETE FROM {} WHERE app = %s AND name = %s", app, name)

    def write(self, ending: tuple[str, list[Any]], statement: str, app: str, name: str) -> None:
        """Send both; keep what the first one gives."""
        self.ensure_schema()
        self.ending = None
        first, params = ending
        table = self.connection.ops.quote_name(self.Migration._meta.db_table)
        with self.connection.cursor() as cursor:
            cursor.execute(f"{first}; {statement.format(table)}", [*params, app, name])
            self.answer = cursor.fetchone()
