"""Fills a column of a table that is in use, some rows at a time.

Where it stopped stands in the rows themselves: those that still fulfil the condition are the ones to fill. A run that
was killed is therefore gone on with by looking for the first of them, and no row is written twice.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper

from freehold.backends.names import quote_whole
from freehold.errors import MigrationError
from freehold.operations.columns.attempts import Attempts, get_sqlstate
from freehold.progress import get_listener
from freehold.sqlfiles import read_statement

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


@dataclass(frozen=True)
class Table:
    """A table as a backfill sees it; `label` is `app.items`, `rows` what the server last estimated."""

    label: str
    quoted: str
    schema: str
    bare: str
    oid: int
    rows: int
    keys: tuple[str, ...]
    types: tuple[str, ...]

    def describe_row(self, key: _Key) -> str:
        """Give `id = 42`, or `project_id = 7, number = 3`."""
        return ", ".join(f"{name} = {value}" for name, value in zip(self.keys, key, strict=True))


def read_table(connection: BaseDatabaseWrapper, db_table: str) -> Table:
    """Look a model's table up.

    Raises:
        MigrationError: it can't be filled in batches: no such table, no primary key, partitioned, or row security hides
            rows from its owner.
    """
    quoted = connection.ops.quote_name(db_table)
    with connection.cursor() as cursor:
        cursor.execute(read_statement(__file__, "table_facts"), {"table": quoted})
        found = cursor.fetchone()
    if found is None:
        raise MigrationError(f"there is no table {db_table}: run migrate without --fake, or correct db_table")
    schema, bare, oid, kind, has_relatives, rows, keys, types, is_hidden = found
    if kind != "r" or has_relatives:
        raise MigrationError(
            f"{db_table} is no plain table, or a part or parent of others: its columns are not changed in steps. "
            f"Use Django's own operation, or do it for each part in SQL"
        )
    if not keys:
        raise MigrationError(f"{db_table} has no primary key, by which batches are made: give it one first")
    if is_hidden:
        raise MigrationError(
            f"row security may hide rows of {db_table} from its owner, so that they would be left out: give the owner "
            f"a policy FOR ALL USING (true); manage.py ownership apply makes one for each model with policies"
        )
    return Table(db_table, quoted, schema, bare, oid, rows, tuple(keys), tuple(types))


class Backfill:
    """Sets a column to an expression wherever a condition holds, which it must not do any more afterwards.

    Both are SQL about the table's columns; the condition must not fail for any row. Where the expression is NULL,
    nothing is written. `size` rows a transaction, `pause` seconds in between.
    """

    def __init__(
        self,
        attempts: Attempts,
        table: Table,
        column: str,
        expression: str,
        condition: str,
        *,
        size: int = BATCH,
        pause: float = PAUSE,
    ) -> None:
        self.attempts, self.table, self.column = attempts, table, column
        self.size, self.pause = size, pause
        self.expression = expression
        names = [quote_whole(name) for name in table.keys]
        parts = {
            "table": table.quoted,
            "column": quote_whole(column),
            "expression": expression,
            "condition": condition,
            "keys": ", ".join(names),
            "texts": ", ".join(f"{name}::text" for name in names),
            "falling": ", ".join(f"batch.{name} DESC" for name in names),  # not of the texts, which have the same names
        }
        self.parts = {name: part.replace("%", "%%") for name, part in parts.items()}

    def run(self) -> None:
        """Fill until a look at the whole table finds nothing to fill: keys may be changed meanwhile.

        Raises:
            MigrationError: a row can't be filled, or others hold rows that are to be filled for too long.
        """
        get_listener().start(f"{self.table.label}.{self.column}", self.table.rows or None)
        while self.run_once():
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
        self.attempts.execute([_PLAN])
        rows = self.attempts.fetch(self.write(_NEXT, after, size=size), after or [])
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
            return self.attempts.attempt(lambda: self.update(after, upper), f"a batch of {self.column}", _ROW_TIMEOUT)
        except DatabaseError as error:
            if not get_sqlstate(error).startswith(_OF_ROWS):
                raise
            raise MigrationError(self.explain(after, error)) from error

    def update(self, after: _Key | None, upper: _Key) -> int:
        self.attempts.execute([_PLAN])
        with self.attempts.connection.cursor() as cursor:
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
                self.attempts.attempt(self.updating(after, upper), f"a batch of {self.column}", _ROW_TIMEOUT)
            except DatabaseError as found:
                size, error = half, found
            else:
                after, size = upper, size - half
        return self.attempt_find(after, 1), error

    def attempt_find(self, after: _Key | None, size: int) -> _Key | None:
        """Give what `find_key` gives, in a transaction of its own."""
        return self.attempts.attempt(lambda: self.find_key(after, size), "a batch", "0")

    def updating(self, after: _Key | None, upper: _Key) -> Callable[[], Any]:
        return lambda: self.update(after, upper)
