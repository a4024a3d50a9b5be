"""Looks at rows, real ones or new ones, before a statement touches them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import DecimalField, Field
from django.db.models.constants import OnConflict

from freehold.acting import get_acting
from freehold.acting.reporting import report_refusal
from freehold.backends.rowrules import SQL, HeldRows, find_held, refuse_row

_Fields: TypeAlias = "list[Field[Any, Any]]"


def join_sql(*conditions: SQL | None) -> SQL | None:
    """Give what holds where all of the conditions do, or None where there is none. Equal ones count once."""
    found = list(dict.fromkeys(each for each in conditions if each is not None))
    if not found:
        return None
    return " AND ".join(f"({text})" for text, _ in found), tuple(each for _, params in found for each in params)


def write_select(
    connection: BaseDatabaseWrapper, table: str, columns: Sequence[SQL] = (), *, where: SQL | None = None
) -> SQL:
    """Give a SELECT of a table's columns, all of them if none are given, from the rows that fulfil `where`."""
    words, params = ", ".join(text for text, _ in columns) or "*", [each for _, found in columns for each in found]
    text = f"SELECT {words} FROM {connection.ops.quote_name(table)}"  # noqa: S608 - names are quoted, values are not in it
    return (f"{text} WHERE {where[0]}", (*params, *where[1])) if where else (text, tuple(params))


def find_columns(compiler: Any, condition: SQL) -> _Fields:
    """Give the fields of the query's own table that a condition names; it writes each as "table"."column"."""
    meta, quote = compiler.query.get_meta(), compiler.connection.ops.quote_name
    return [
        field for field in meta.local_concrete_fields if f"{quote(meta.db_table)}.{quote(field.column)}" in condition[0]
    ]


def refuse_any(connection: BaseDatabaseWrapper, table: str, command: str, rows: SQL, condition: SQL) -> None:
    """Refuse the command where a row of a SELECT does not fulfil the condition, as a row of the table.

    Raises:
        PolicyError: one does not.
    """
    name = connection.ops.quote_name(table)
    source = f"({rows[0]}) AS {name} WHERE ({condition[0]}) IS NOT TRUE"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {source})", (*rows[1], *condition[1]))  # noqa: S608 - as above
        (is_refused,) = cursor.fetchone()
    if is_refused:
        report_refusal(get_acting(), "table", table)
        refuse_row(table, command)


# --- Inserts ----------------------------------------------------------------------------------------------------------
def validate_insert(compiler: Any, *, is_read: bool) -> None:
    """Refuse an insert where a new row does not fulfil what is asked of new ones; an upsert, where it would change a
    row that must stay as it is, or into what it may not be. A row that is read back must be seen too.

    Raises:
        PolicyError: a row is refused.
    """
    query, table = compiler.query, compiler.query.get_meta().db_table
    held = find_held(compiler.connection, table, "insert") if query.objs else None
    if held:
        condition = join_sql(held.new, held.seen if is_read else None)
        if condition:
            rows = _write_rows(compiler, find_columns(compiler, condition))
            refuse_any(compiler.connection, table, "insert", rows, condition)
    if query.objs and query.on_conflict == OnConflict.UPDATE:
        _validate_upsert(compiler, find_held(compiler.connection, table, "update") or HeldRows())


def _validate_upsert(compiler: Any, held: HeldRows) -> None:
    table = compiler.query.get_meta().db_table
    old, new = join_sql(held.seen, held.old), join_sql(held.seen, held.new)
    if old:
        refuse_any(compiler.connection, table, "update", _write_conflicts(compiler, [], old), old)
    if new:
        changed = [field for field in find_columns(compiler, new) if field in compiler.query.update_fields]
        refuse_any(compiler.connection, table, "update", _write_conflicts(compiler, changed, new), new)


def _write_conflicts(compiler: Any, changed: _Fields, condition: SQL) -> SQL:
    """Give a SELECT of the rows that an upsert meets: the columns a condition names, `changed` with their new value."""
    quote, unique = compiler.connection.ops.quote_name, list(compiler.query.unique_fields)
    rows, params = _write_rows(compiler, list({field.column: field for field in (*unique, *changed)}.values()))
    words = [
        f'"{"new" if field in changed else "old"}".{quote(field.column)}' for field in find_columns(compiler, condition)
    ]
    meets = [f'"old".{quote(field.column)} = "new".{quote(field.column)}' for field in unique]
    table = quote(compiler.query.get_meta().db_table)
    source = f'{table} AS "old" JOIN ({rows}) AS "new" ON {" AND ".join(meets)}'
    return f"SELECT {', '.join(words) or '1'} FROM {source}", params  # noqa: S608 - names are quoted


def _write_rows(compiler: Any, fields: _Fields) -> SQL:
    quote = compiler.connection.ops.quote_name
    lines: list[str] = []
    params: list[Any] = []
    for row in compiler.query.objs:
        values = [_write_value(compiler, field, row) for field in fields] or [("1", ())]
        lines.append(f"({', '.join(text for text, _ in values)})")
        params.extend(each for _, found in values for each in found)
    names = ", ".join(f"column{number} AS {quote(field.column)}" for number, field in enumerate(fields, 1))
    return f"SELECT {names or '1'} FROM (VALUES {', '.join(lines)})", tuple(params)  # noqa: S608 - names are quoted


def _write_value(compiler: Any, field: Any, row: Any) -> SQL:
    """Give what a column of a new row will hold. SQLite makes a number of a decimal's text when it is stored."""
    default = field._db_default_expression if field.has_db_default() else None
    value = compiler.pre_save_val(field, row) if field in compiler.query.fields else default
    value = compiler.prepare_value(field, value)
    text, params = compiler.compile(value) if hasattr(value, "as_sql") else ("%s", (value,))
    return f"CAST({text} AS NUMERIC)" if isinstance(field, DecimalField) else text, tuple(params)
