"""Takes the compilers that hold rows back."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, cast

from django.db.backends.sqlite3 import operations

from freehold.acting import acting
from freehold.backends.flushing import leave_kept

if TYPE_CHECKING:
    from freehold.backends.sqlite3.creation import DatabaseCreation


class DatabaseOperations(operations.DatabaseOperations):
    """Compiles queries with `freehold.backends.sqlite3.compiler`."""

    compiler_module = "freehold.backends.sqlite3.compiler"

    def sql_flush(
        self, style: Any, tables: Iterable[str], *, reset_sequences: bool = False, allow_cascade: bool = False
    ) -> list[str]:
        """Give what empties the tables, but for those that survive a flush."""
        kept = leave_kept(tables)
        statements: list[str] = super().sql_flush(
            style, kept, reset_sequences=reset_sequences, allow_cascade=allow_cascade
        )
        return statements

    def execute_sql_flush(self, sql_list: Iterable[str]) -> Any:
        """Empty the tables; in a test database as their owner, elsewhere as whoever acts."""
        creation = cast("DatabaseCreation", self.connection.creation)
        with acting(None) if creation.is_test_database else nullcontext():
            return super().execute_sql_flush(sql_list)
