"""Looks at rows, real ones or new ones, before a statement touches them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field

from freehold.backends.rows import SQL, get_rules


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


def find_columns(compiler: Any, condition: SQL) -> list[Field[Any, Any]]:
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
        get_rules().refuse(table, command)
