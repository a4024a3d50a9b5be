"""SQLite's schema editor with ON DELETE in its foreign keys."""

from __future__ import annotations

from types import TracebackType

from django.db.backends.sqlite3 import schema

from freehold.backends.schema import OnDeleteMixin


class DatabaseSchemaEditor(OnDeleteMixin, schema.DatabaseSchemaEditor):
    """Takes "auth.user" as what it is here: one name with a dot in it."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End the transaction, also where rows turn out at its end to contradict a foreign key: Django's editor raises
        and leaves it open then, so that whatever comes next would commit half a migration."""
        try:
            super().__exit__(kind, error, traceback)
        except BaseException as found:
            if self.atomic_migration and self.connection.in_atomic_block:
                self.atomic.__exit__(type(found), found, found.__traceback__)
            self.connection.enable_constraint_checking()
            raise
