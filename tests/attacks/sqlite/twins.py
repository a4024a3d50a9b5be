"""Two databases that differ in nothing but what a service may not read: whatever tells them apart is a leak."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db.backends.sqlite3._functions import register

from freehold.acting import Acting, acting
from freehold.backends.errors import AccessError
from freehold.backends.sqlite3.connections import GuardedConnection

SENTINEL = "SENTINEL"
NAMES = ("A", "B")
ROWS = 3
ADDRESS = re.compile("vtab:[0-9A-F]+")  # of memory, in what EXPLAIN says
# Of the defaults of columns, what is another value each time.
STILL = {"randomblob": b"\0" * 6, "strftime": "2026-01-01", "current_timestamp": "2026-01-01", "random": 1}
# What owners made that joins by name, shows a part, or computes something of what is closed.
MORE = (
    'CREATE TABLE "app.copy" (id INTEGER PRIMARY KEY, password TEXT, email TEXT)',
    'CREATE TABLE "auth.copy" (id INTEGER PRIMARY KEY, password TEXT, email TEXT)',
    "CREATE TABLE plain (id INTEGER PRIMARY KEY, password TEXT, email TEXT)",
    'CREATE TABLE "auth.made" (id INTEGER PRIMARY KEY AUTOINCREMENT, password TEXT, '
    "email TEXT AS (password) VIRTUAL, digest TEXT AS (upper(password)) STORED)",
    'CREATE INDEX lowered ON "auth.user" (lower(password))',
    "CREATE INDEX partial ON \"auth.user\" (email) WHERE password LIKE 'S%'",
    'CREATE VIEW "app.people" AS SELECT id, email FROM "auth.user"',
    'CREATE VIEW "app.hashes" AS SELECT id, password FROM "auth.user"',
    'CREATE VIEW "app.natural" AS SELECT 1 AS id FROM "app.copy" NATURAL FULL JOIN "auth.user"',
    'CREATE VIEW "app.using" AS SELECT password FROM "app.copy" FULL JOIN "auth.user" USING (password)',
    'CREATE VIEW "app.nested" AS SELECT id FROM "app.natural"',
    'CREATE TABLE "app.log" (id INTEGER PRIMARY KEY, password TEXT, email TEXT)',
    'CREATE TRIGGER logged AFTER UPDATE ON "app.log" BEGIN '
    'UPDATE "app.copy" SET email = (SELECT count(*) FROM "app.copy" c FULL JOIN "auth.user" u USING (password)); END',
)


@dataclass
class Twins:
    """The two, what their tables have, and how many statements were answered in which way."""

    acting: Acting
    pair: list[GuardedConnection]
    columns: dict[str, list[str]]
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def open_columns(self) -> dict[str, list[str]]:
        """Those of each table that the service may read."""
        may_read = self.acting.rights.may_read
        return {table: [each for each in columns if may_read(table, each)] for table, columns in self.columns.items()}

    def try_out(self, statement: str) -> tuple[Any, Any]:
        """Give what each of the two answers, with what it has left in the columns that the service may read."""
        answers = [self._try(each, statement) for each in self.pair]
        kind = answers[0][0]
        self.counts[kind] = self.counts.get(kind, 0) + 1
        return answers[0], answers[1]

    def _try(self, connection: GuardedConnection, statement: str) -> tuple[str, object, object]:
        with acting(None):
            connection.execute("BEGIN")
        before = connection.total_changes
        try:
            with acting(self.acting):
                rows = connection.execute(statement).fetchall()
            answer: tuple[str, object] = ("rows", sorted(ADDRESS.sub("", repr(row)) for row in rows))
        except AccessError as error:
            answer = ("refused", str(error))
        except Exception as error:
            answer = ("fault", f"{type(error).__name__}: {error}")
        with acting(None):
            left = self._read(connection) if connection.total_changes != before else None
            connection.execute("ROLLBACK")
        return (*answer, left)

    def _read(self, connection: GuardedConnection) -> list[Any]:
        return [
            connection.execute(f'SELECT {", ".join(map(json.dumps, columns))} FROM "{table}" ORDER BY 1').fetchall()
            for table, columns in self.open_columns.items()
            if columns
        ]


@contextmanager
def making_twins(found: Acting, tables: list[str]) -> Iterator[Twins]:
    """Give the twins for a service, with tables made by `tables` and those of `MORE`."""
    pair = [GuardedConnection(":memory:", isolation_level=None) for _ in NAMES]
    try:
        columns: dict[str, list[str]] = {}
        with acting(None):
            for name, each in zip(NAMES, pair, strict=True):
                register(each)
                for function, value in STILL.items():
                    each.create_function(function, -1, partial(_answer, value))
                for statement in (*tables, *MORE):
                    each.execute(statement)
                columns = _fill(each, name, found)
        yield Twins(found, pair, columns)
    finally:
        for each in pair:
            each.close()


def _fill(connection: GuardedConnection, twin: str, found: Acting) -> dict[str, list[str]]:
    connection.execute("PRAGMA ignore_check_constraints = ON")
    connection.execute("PRAGMA recursive_triggers = OFF")
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*'")
    columns: dict[str, list[str]] = {}
    for (table,) in names.fetchall():
        described = connection.execute(f'PRAGMA table_xinfo("{table}")').fetchall()
        columns[table] = [name for _, name, *_ in described]
        filled = [(name, kind, key) for _, name, kind, _, _, key, hidden in described if not hidden]
        extra = twin == "B" and not found.rights.may_read(table)
        for row in range(1, ROWS + 1 + extra):
            values = [_make_value(found, twin, table, row, *each) for each in filled]
            marks = ", ".join("?" * len(values))
            names_of = ", ".join(f'"{name}"' for name, _, _ in filled)
            connection.execute(f'INSERT INTO "{table}" ({names_of}) VALUES ({marks})', values)
    return columns


def _make_value(found: Acting, twin: str, table: str, row: int, column: str, kind: str, key: int) -> object:
    is_open = found.rights.may_read(table, column)
    if kind.lower() in ("integer", "bigint") and key:
        return row if is_open or twin == "A" else row + 1000
    return f"{column} {row}" if is_open else f"{SENTINEL} {twin} {table}.{column} {row}"


def _answer(value: object, *_: object) -> object:
    return value
