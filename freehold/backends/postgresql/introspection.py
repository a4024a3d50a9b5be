"""Reads the catalogue by schema and not by search path. The statements stand in `sql/`.

A table in a known schema is called "schema.table", as a model's `db_table` has it; any other by its bare name, and
found where the search path leads.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

# Before introspection: see base.py.
import django.db.backends.postgresql.base  # noqa: F401 - imported for its order alone
from django.db.backends.postgresql import introspection
from django.db.backends.postgresql.introspection import FieldInfo, TableInfo
from django.db.models import Index

from freehold.deletion import IS_BUILT_IN
from freehold.ownership.spelling import split_name
from freehold.sqlfiles import fetch_rows

if TYPE_CHECKING:
    from freehold.backends.postgresql.base import DatabaseWrapper


class DatabaseIntrospection(introspection.DatabaseIntrospection):
    """Answers for `auth.user` whatever the search path is."""

    connection: DatabaseWrapper
    second_names: dict[str, str]  # the bare names of the tables last listed that the search path finds by them

    def get_name(self, schema: str, bare: str) -> str:
        """Give the name that models have for a table (or a sequence): qualified where the schema is known."""
        return f"{schema}.{bare}" if schema in self.connection.schemas else bare

    def fetch(self, cursor: Any, statement: str, table_name: str = "") -> list[tuple[Any, ...]]:
        """Run `sql/<statement>.sql` for one table, or for all; give its rows."""
        schema, bare = split_name(table_name, self.connection.schemas)
        known, ordered = list(self.connection.schemas), self.index_default_access_method
        return fetch_rows(cursor, __file__, statement, schema=schema, table=bare, schemas=known, ordered=ordered)

    def get_table_list(self, cursor: Any) -> list[Any]:
        """Give each table and view once, under the name that models have for it. One query."""
        tables, self.second_names = [], {}
        for schema, bare, kind, comment, visible in self.fetch(cursor, "list_tables"):
            tables.append(TableInfo(self.get_name(schema, bare), kind, comment))
            if visible:
                self.second_names[tables[-1].name] = bare
        return [table for table in tables if table.name not in self.ignored_tables]

    def table_names(self, cursor: Any = None, include_views: bool = False) -> list[str]:
        """Give every name by which a table can be addressed, sorted. One query: Django's tests count it.

        A table of a known schema that also lies on the search path has two: `public.django_migrations` is what it is
        called, `django_migrations` is what Django's own table of migrations asks for.
        """
        self.second_names = {}  # filled by get_table_list, if that is what super() asks
        names = super().table_names(cursor, include_views)
        second = {self.second_names.get(name, name) for name in names}.difference(self.ignored_tables)
        return sorted({*names, *second})

    def get_table_description(self, cursor: Any, table_name: str) -> list[Any]:
        """Give one FieldInfo a column, in the table's order."""
        columns = {name: details for name, *details in self.fetch(cursor, "list_columns", table_name)}
        table = self.connection.ops.quote_name(table_name)
        cursor.execute(f"SELECT * FROM {table} LIMIT 1")  # noqa: S608 - the name is quoted
        return [_describe_column(column, columns[column.name]) for column in cursor.description]

    def get_sequences(self, cursor: Any, table_name: str, table_fields: Iterable[Any] = ()) -> list[Any]:
        """Give name, table and column of each sequence that the table's columns own."""
        return [
            {"name": self.get_name(schema, name), "table": table_name, "column": column}
            for schema, name, column in self.fetch(cursor, "list_sequences", table_name)
        ]

    def get_relations(self, cursor: Any, table_name: str) -> dict[str, tuple[Any, ...]]:
        """Give for each foreign key's column the column and the table it points at; from 6.1 on its ON DELETE too."""
        relations: dict[str, tuple[Any, ...]] = {}
        for column, schema, table, to, on_delete, to_itself in self.fetch(cursor, "list_relations", table_name):
            relation = (to, table_name if to_itself else self.get_name(schema, table))
            relations[column] = (*relation, self.on_delete_types.get(on_delete)) if IS_BUILT_IN else relation
        return relations

    def get_constraints(self, cursor: Any, table_name: str) -> dict[str, Any]:
        """Give constraints and indexes by name, in the shape of Django's own."""
        constraints = {
            name: self.describe_constraint(*details)
            for name, *details in self.fetch(cursor, "list_constraints", table_name)
        }
        for name, *details in self.fetch(cursor, "list_indexes", table_name):
            constraints.setdefault(name, self.describe_index(name, *details))
        return constraints

    def describe_constraint(
        self, columns: list[str], kind: str, schema: str, table: str, column: str, options: list[str] | None
    ) -> dict[str, Any]:
        """Give one constraint; `kind` is pg_constraint.contype."""
        return {
            "columns": columns,
            "primary_key": kind == "p",
            "unique": kind in {"p", "u"},
            "foreign_key": (self.get_name(schema, table), column) if kind == "f" else None,
            "check": kind == "c",
            "index": False,
            "definition": None,
            "options": options,
        }

    def describe_index(
        self,
        name: str,
        columns: list[str | None],
        unique: bool,
        primary: bool,
        orders: list[str | None],
        method: str,
        definition: str | None,
        options: list[str] | None,
    ) -> dict[str, Any]:
        """Give one index that no constraint brought. The suffix tells an `Index` from contrib.postgres's BTreeIndex."""
        is_plain = method == self.index_default_access_method and not name.endswith("_btree") and options is None
        return {
            "columns": [] if columns == [None] else columns,
            "orders": [] if orders == [None] else orders,
            "primary_key": primary,
            "unique": unique,
            "foreign_key": None,
            "check": False,
            "index": True,
            "type": Index.suffix if is_plain else method,
            "definition": definition,
            "options": options,
        }


def _describe_column(column: Any, details: list[Any]) -> Any:
    """Give a column as FieldInfo, from the cursor's description and the row of `list_columns.sql`."""
    # An extension's type has another number in each database; Django knows hstore by name from 6.1 on.
    by_name: Any = column.type_display if IS_BUILT_IN and column.type_display == "hstore" else None
    return FieldInfo(
        column.name,
        by_name or column.type_code,
        column.internal_size if column.display_size is None else column.display_size,
        column.internal_size,
        column.precision,
        column.scale,
        *details,
    )
