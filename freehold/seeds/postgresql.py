"""Writes rows into PostgreSQL by COPY in its binary format; where row-level security forbids that, by way of a table
in between."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from psycopg import sql

from freehold.ownership.spelling import split_name
from freehold.progress import Progress
from freehold.seeds.declaration import Row
from freehold.seeds.layouts import Layout

_STEP = 1000  # rows between two words on progress
_BETWEEN = "seed_rows_on_their_way"  # seen by nobody: it is made and dropped in the seed's own transaction


def insert_rows(connection: Any, layout: Layout, rows: Iterable[Row], progress: Progress) -> None:
    """Write the rows, in the order of the layout's columns."""
    schema, table = split_name(layout.table, connection.schemas)
    target = sql.Identifier(*filter(None, [schema, table]))
    if _is_held_by_policies(connection, target):
        insert(connection, layout, target, sql.Identifier(*filter(None, [schema, _BETWEEN])), rows, progress)
    else:
        copy(connection, layout, target, rows, progress)


def _is_held_by_policies(connection: Any, target: sql.Identifier) -> bool:
    """Tell whether policies decide what the current role may write there; COPY refuses such a table (manual, COPY)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_catalog.row_security_active(%s::regclass)", [target.as_string(None)])
        return bool(cursor.fetchone()[0])


def copy(connection: Any, layout: Layout, target: sql.Identifier, rows: Iterable[Row], progress: Progress) -> None:
    """Copy the rows straight into the table."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(target, _write_columns(layout))
    # psycopg raises what the server says of the rows when COPY ends, and Django's cursor doesn't translate that.
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(statement) as stream:
        stream.set_types(layout.types)
        write_row = stream.write_row
        for count, row in enumerate(rows, 1):
            write_row(row)
            if count % _STEP == 0:
                progress.advance(_STEP)


def insert(
    connection: Any,
    layout: Layout,
    target: sql.Identifier,
    between: sql.Identifier,
    rows: Iterable[Row],
    progress: Progress,
) -> None:
    """Copy the rows into a table of the same columns without policies, and insert them from there."""
    words = {"target": target, "between": between, "columns": _write_columns(layout)}
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE TABLE {between} AS SELECT {columns} FROM {target} LIMIT 0").format(**words))
        copy(connection, layout, between, rows, progress)
        cursor.execute(sql.SQL("INSERT INTO {target} ({columns}) SELECT {columns} FROM {between}").format(**words))
        cursor.execute(sql.SQL("DROP TABLE {between}").format(**words))


def _write_columns(layout: Layout) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, layout.columns))
