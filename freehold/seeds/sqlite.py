"""Writes rows into SQLite, a batch a statement."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from freehold.progress import Progress
from freehold.seeds.batches import iter_batches
from freehold.seeds.declaration import Row
from freehold.seeds.layouts import Layout

_STEP = 1000  # rows a call: often enough for progress, and too few for the calls to cost anything


def insert_rows(connection: Any, layout: Layout, rows: Iterable[Row], progress: Progress) -> None:
    """Insert the rows, in the order of the layout's columns."""
    quote = connection.ops.quote_name
    columns = ", ".join(map(quote, layout.columns))
    places = ", ".join(["%s"] * len(layout.columns))
    statement = f"INSERT INTO {quote(layout.table)} ({columns}) VALUES ({places})"  # noqa: S608 - names are quoted
    with connection.cursor() as cursor:
        for batch in iter_batches(rows, _STEP):
            cursor.executemany(statement, batch)
            progress.advance(len(batch))
