"""Takes the compilers that hold rows back."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import nullcontext
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Any, cast

from django.apps import apps
from django.db.backends.sqlite3 import operations

from freehold.acting import acting
from freehold.backends.creation import FlushMixin

if TYPE_CHECKING:
    from freehold.backends.sqlite3.creation import DatabaseCreation


class DatabaseOperations(FlushMixin, operations.DatabaseOperations):
    """Compiles queries with `freehold.backends.sqlite3.compiler`."""

    compiler_module = "freehold.backends.sqlite3.compiler"

    def sql_flush(self, style: Any, tables: Iterable[str], **options: bool) -> list[str]:
        """Empty what others refer to first: what goes along meets no trigger that holds it for its owner's sake."""
        return super().sql_flush(style, _sort_referenced_first(list(tables)), **options)

    def execute_sql_flush(self, sql_list: Iterable[str]) -> Any:
        """Empty the tables; in a test database as their owner, elsewhere as whoever acts."""
        creation = cast("DatabaseCreation", self.connection.creation)
        with acting(None) if creation.is_test_database else nullcontext():
            return super().execute_sql_flush(sql_list)


def _sort_referenced_first(tables: list[str]) -> list[str]:
    """Give the tables in an order in which each comes behind those that its model refers to."""
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for model in apps.get_models(include_auto_created=True):
        others = (
            field.remote_field.model._meta.db_table for field in model._meta.concrete_fields if field.remote_field
        )
        sorter.add(model._meta.db_table, *({*others} - {model._meta.db_table}))
    try:
        places = {table: place for place, table in enumerate(sorter.static_order())}
    except CycleError:
        return tables
    return sorted(tables, key=lambda table: places.get(table, len(places)))
