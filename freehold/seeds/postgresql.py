"""Writes rows into PostgreSQL by COPY in its binary format."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from psycopg import sql

from freehold.backends.names import split_name
from freehold.seeds.declaration import Row
from freehold.seeds.layouts import Layout
from freehold.seeds.progress import Progress

STEP = 1000  # rows between two words on progress


def insert_rows(connection: Any, layout: Layout, rows: Iterable[Row], progress: Progress) -> None:
    """Copy the rows, in the order of the layout's columns, straight into the table."""
    schema, table = split_name(layout.table, connection.schemas)
    name = sql.Identifier(schema, table) if schema else sql.Identifier(table)
    columns = sql.SQL(", ").join(map(sql.Identifier, layout.columns))
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(name, columns)
    # psycopg raises what the server says of the rows when COPY ends, and Django's cursor doesn't translate that.
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(statement) as copy:
        copy.set_types(layout.types)
        write_row = copy.write_row
        for count, row in enumerate(rows, 1):
            write_row(row)
            if count % STEP == 0:
                progress.advance(STEP)
