"""Takes the compilers that hold rows back."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, cast

from django.db.backends.sqlite3 import operations

from freehold.acting import acting
from freehold.backends.creation import FlushMixin

if TYPE_CHECKING:
    from freehold.backends.sqlite3.creation import DatabaseCreation


class DatabaseOperations(FlushMixin, operations.DatabaseOperations):
    """Compiles queries with `freehold.backends.sqlite3.compiler`."""

    compiler_module = "freehold.backends.sqlite3.compiler"

    def execute_sql_flush(self, sql_list: Iterable[str]) -> Any:
        """Empty the tables; in a test database as their owner, elsewhere as whoever acts."""
        creation = cast("DatabaseCreation", self.connection.creation)
        with acting(None) if creation.is_test_database else nullcontext():
            return super().execute_sql_flush(sql_list)
