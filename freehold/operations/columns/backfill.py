"""Fills a column of a table that is in use, some rows at a time.

Where it stopped stands in the rows themselves: those that still fulfil the condition are the ones to fill. A run that
was killed is therefore gone on with by looking for the first of them, and no row is written twice.
"""

from __future__ import annotations

import time

from django.db import DatabaseError

from freehold.backends.names import quote_whole
from freehold.errors import MigrationError
from freehold.migrator.limits import get_sqlstate
from freehold.operations.columns.attempts import LiveTable
from freehold.progress import get_listener

BATCH, PAUSE = 1000, 0.01  # rows a transaction, seconds between two
# Shorter than any deadlock_timeout: where a client waits for the batch and the batch for it, the batch gives up.
_ROW_TIMEOUT = "100ms"
# A new column has no statistics yet: a planner that takes the rows to fill for few sorts the whole table each time.
_PLAN = "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off"
_NEXT = """
    SELECT {texts} FROM (
        SELECT {keys} FROM {table} WHERE {after} AND ({condition}) ORDER BY {keys} LIMIT {size}
    ) AS batch ORDER BY {falling} LIMIT 1
"""
_FILL = """
    UPDATE {table} SET {column} = ({expression})
    WHERE {after} AND {until} AND ({condition}) AND ({expression}) IS NOT NULL
"""
_OF_ROWS = ("22", "23", "42", "P0")  # classes of errors that one row or the expression brings about
_Key = list[str]  # of a row: the columns of the primary key as text, in its order


class Backfill:
    """Sets a column to an expression wherever a condition holds, which it must not do any more afterwards.

    Both are SQL about the table's columns; the condition must not fail for any row. Where the expression is NULL,
    nothing is written. `size` rows a transaction, `pause` seconds in between.
    """

    def __init__(
        self,
        table: LiveTable,
        column: str,
        expression: str,
        condition: str,
        *,
        size: int = BATCH,
        pause: float = PAUSE,
    ) -> None:
        self.table, self.column, self.expression = table, column, expression
        self.size, self.pause = size, pause
        names = [quote_whole(name) for name in table.keys]
        parts = {
            "table": table.quoted,
            "column": quote_whole(column),
            "expression": expression,
            "condition": condition,
            "keys": ", ".join(names),
            "texts": table.texts,
            "falling": ", ".join(f"batch.{name} DESC" for name in names),  # not of the texts, which have the same names
        }
        self.parts = {name: part.replace("%", "%%") for name, part in parts.items()}

    def run(self, *, once: bool = False) -> None:
        """Fill until a look at the whole table finds nothing to fill: keys may be changed meanwhile. Where others go on
        writing rows to fill, there is no end to that: `once` is one look.

        Raises:
            MigrationError: a row can't be filled, or others hold rows that are to be filled for too long.
        """
        get_listener().start(f"{self.table.label}.{self.column}", self.table.rows or None)
        while self.run_once() and not once:
            pass

    def run_once(self) -> int:
        """Go through the table by its key; give how many rows were filled."""
        filled, after = 0, None
        while upper := self.attempt_find(after, self.size):
            if count := self.fill(after, upper):
                get_listener().advance(count)
                time.sleep(self.pause)
            filled, after = filled + count, upper
        return filled

    def find_key(self, after: _Key | None, size: int) -> _Key | None:
        """Give the key of the last of the next rows that are to be filled; None where there are none."""
        self.table.execute([_PLAN])
        rows = self.table.fetch(self.write(_NEXT, after, size=size), after or [])
        return list(rows[0]) if rows else None

    def write(self, template: str, after: _Key | None, **parts: object) -> str:
        bound = self.write_bound(">") if after else "true"
        return template.format(**self.parts, after=bound, until=self.write_bound("<="), **parts)

    def write_bound(self, sign: str) -> str:
        """Give a comparison with a key, whose values are parameters."""
        values = ", ".join(f"%s::{kind.replace('%', '%%')}" for kind in self.table.types)
        return f"({self.parts['keys']}) {sign} ({values})"

    def fill(self, after: _Key | None, upper: _Key) -> int:
        try:
            return self.attempt_update(after, upper)
        except DatabaseError as error:
            if not get_sqlstate(error).startswith(_OF_ROWS):
                raise
            raise MigrationError(self.explain(after, error)) from error

    def update(self, after: _Key | None, upper: _Key) -> int:
        self.table.execute([_PLAN])
        with self.table.connection.cursor() as cursor:
            cursor.execute(self.write(_FILL, after), [*(after or ()), *upper])
            return int(cursor.rowcount)

    # --- A row that can't be filled -----------------------------------------------------------------------------------
    def explain(self, after: _Key | None, error: DatabaseError) -> str:
        key, reason = self.find_culprit(after, error)
        row = f"of the row with {self.table.describe_row(key)} " if key else ""
        return (
            f"{self.table.label}.{self.column} {row}can't be set to {self.expression}: {str(reason).splitlines()[0]}. "
            f"Mend the row or the expression and run migrate again: it goes on with that row"
        )

    def find_culprit(self, after: _Key | None, error: DatabaseError) -> tuple[_Key | None, DatabaseError]:
        """Fill halves of the batch until one row is left that can't be filled; give its key and its error."""
        size = self.size
        while size > 1:
            upper = self.attempt_find(after, half := size // 2)
            if upper is None:
                return None, error
            try:
                self.attempt_update(after, upper)
            except DatabaseError as found:
                size, error = half, found
            else:
                after, size = upper, size - half
        return self.attempt_find(after, 1), error

    def attempt_find(self, after: _Key | None, size: int) -> _Key | None:
        """Give what `find_key` gives, in a transaction of its own."""
        return self.table.attempt(lambda: self.find_key(after, size), "a batch", "0")

    def attempt_update(self, after: _Key | None, upper: _Key) -> int:
        return self.table.attempt(lambda: self.update(after, upper), f"a batch of {self.column}", _ROW_TIMEOUT)
