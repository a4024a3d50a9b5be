"""Writes queries so that each table shows only the rows of whoever acts, wherever the ORM names it.

A table in FROM, joined ones and those of sub-queries included, becomes `(SELECT * FROM table WHERE …)`, which SQLite
flattens into the query around it. Writes are looked at before they are done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db.models.sql import compiler
from django.db.models.sql.datastructures import BaseTable, Join

from freehold.backends.rowrules import SQL, HeldRows, find_held
from freehold.backends.sqlite3.selections import find_columns, join_sql, refuse_any, validate_insert, write_select

if TYPE_CHECKING:
    _Base = compiler.SQLCompiler
else:
    _Base = object


class SQLCompiler(compiler.SQLCompiler):
    """Reads."""

    holds_tables = False

    def get_from_clause(self) -> Any:
        """Give Django's FROM, with a sub-select in the place of each table whose rows are held back."""
        self.holds_tables = any(self.find_seen(node) for node in self.query.alias_map.values())
        try:
            return super().get_from_clause()
        finally:
            self.holds_tables = False

    def compile(self, node: Any) -> Any:
        """Compile a node; a table as the sub-select that shows its rows."""
        text, params = super().compile(node)
        if not self.holds_tables or not isinstance(node, BaseTable | Join):
            return text, params
        seen = self.find_seen(node)
        if seen is None:
            return text, params
        table = self.connection.ops.quote_name(node.table_name)
        rows, found = write_select(self.connection, node.table_name, where=seen)
        alias = f" {table}" if node.table_alias in (None, node.table_name) else ""
        return text.replace(table, f"({rows}){alias}", 1), [*found, *params]

    def find_seen(self, node: Any) -> SQL | None:
        """Give the condition on the rows of a table, or None where all are seen."""
        held = find_held(self.connection, node.table_name, "select")
        return held.seen if held else None


class SQLInsertCompiler(compiler.SQLInsertCompiler, SQLCompiler):
    """Inserts."""

    def execute_sql(self, returning_fields: Any = None) -> Any:  # type: ignore[override]  # as Django's own
        """Look at the new rows first, and at those that an upsert would change."""
        validate_insert(self, is_read=bool(returning_fields))
        return super().execute_sql(returning_fields)


class _HeldStatement(_Base):
    """What an update and a delete have in common: which rows they reach, and that they are looked at first."""

    command = ""
    where: Any = None  # the node that is the statement's WHERE, where it is not the query's
    reached: SQL | None = None  # what the statement's own WHERE was compiled to

    def compile(self, node: Any) -> Any:
        """Compile a node; the statement's WHERE with what holds rows back."""
        if node is not (self.where or self.query.where):
            return super().compile(node)
        try:
            text, params = super().compile(node)  # type: ignore[arg-type]  # a WHERE is no expression
            self.reached = text, tuple(params)
        except FullResultSet:
            self.reached = None
        held = self.find_held()
        found = join_sql(self.reached, held.seen, held.old)
        if found is None:
            raise FullResultSet
        return found[0], list(found[1])

    def find_held(self) -> HeldRows:
        return find_held(self.connection, self.query.get_meta().db_table, self.command) or HeldRows()

    def execute_sql(self, *args: Any, **options: Any) -> Any:
        """Look at the rows first."""
        self.validate()
        return super().execute_sql(*args, **options)

    def validate(self) -> None:
        """Refuse the statement where it reaches a row that is seen and must stay as it is."""
        held = self.find_held()
        if held == HeldRows():
            return
        try:
            self.as_sql()
        except EmptyResultSet:
            return
        if held.old and held.old != held.seen:
            self.refuse_any([], held.seen, held.old)
        self.validate_new(held)

    def validate_new(self, held: HeldRows) -> None:
        """Refuse what the rows would become."""

    def refuse_any(self, columns: list[SQL], held: SQL | None, condition: SQL) -> None:
        """Refuse where a row that is reached and held does not fulfil the condition with these columns."""
        table = self.query.get_meta().db_table
        rows = write_select(self.connection, table, columns, where=join_sql(self.reached, held))
        refuse_any(self.connection, table, self.command, rows, condition)


class SQLDeleteCompiler(_HeldStatement, compiler.SQLDeleteCompiler, SQLCompiler):
    """Deletes."""

    command = "delete"

    def _as_sql(self, query: Any) -> Any:
        self.where = query.where
        return super()._as_sql(query)  # type: ignore[misc]  # the stubs leave it out


class SQLUpdateCompiler(_HeldStatement, compiler.SQLUpdateCompiler, SQLCompiler):
    """Updates."""

    command = "update"

    def execute_returning_sql(self, *args: Any, **options: Any) -> Any:
        """Look at the rows first. From Django 6.1 on."""
        self.validate()
        return super().execute_returning_sql(*args, **options)

    def validate_new(self, held: HeldRows) -> None:
        """Refuse what the rows would become: those of their columns that a condition names, as they are set."""
        condition = join_sql(held.seen, held.new)
        changes = {field.column: value for field, _, value in self.query.values}  # type: ignore[attr-defined]
        if condition is None:
            return
        fields = find_columns(self, condition)
        if changes.keys().isdisjoint(field.column for field in fields):
            return
        columns = [self.write_column(field, changes) for field in fields]
        self.refuse_any(columns, join_sql(held.seen, held.old), condition)

    def write_column(self, field: Any, changes: dict[str, Any]) -> SQL:
        name = self.connection.ops.quote_name(field.column)
        text, params = self.write_value(field, changes[field.column]) if field.column in changes else (name, ())
        return f"{text} AS {name}", params

    def write_value(self, field: Any, value: Any) -> SQL:
        if hasattr(value, "resolve_expression"):
            value = value.resolve_expression(self.query, allow_joins=False, for_save=True)
        elif hasattr(value, "prepare_database_save"):
            value = value.prepare_database_save(field)
        value = field.get_db_prep_save(value, connection=self.connection)
        if not hasattr(value, "as_sql"):
            return "%s", (value,)
        text, params = self.compile(value)
        return text, tuple(params)


class SQLAggregateCompiler(compiler.SQLAggregateCompiler, SQLCompiler):
    """Aggregates over a query, which is compiled by the class above."""
