"""Counters on SQLite: in a file of their own beside the database's, which locks nobody out of that one.

A request that holds the database's only write lock could not count there by another connection, and by its own it would
take its count back with a rollback. A database in memory has counters in memory, of the process.
"""

from __future__ import annotations

import math
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from django.db import DEFAULT_DB_ALIAS, connections

from freehold.acting import get_acting
from freehold.limits.turns import Turns
from freehold.limits.values import Limit, Taken

SUFFIX: Final = "-limits"
_SECONDS: Final = 1.0  # to wait for another process
_TABLE: Final = """
CREATE TABLE IF NOT EXISTS counter (
    service TEXT NOT NULL, name TEXT NOT NULL, whose BLOB NOT NULL, taken INTEGER NOT NULL, ends_at REAL NOT NULL,
    PRIMARY KEY (service, name, whose)
) WITHOUT ROWID
"""
_INDEX: Final = "CREATE INDEX IF NOT EXISTS counter_ends_at_idx ON counter (ends_at)"
_KEY: Final = "service = ? AND name = ? AND whose = ?"
_FIND: Final = f"SELECT taken, ends_at FROM counter WHERE {_KEY}"  # noqa: S608 - of constants, as below
_WRITE: Final = "INSERT OR REPLACE INTO counter (service, name, whose, taken, ends_at) VALUES (?, ?, ?, ?, ?)"
_REMOVE: Final = f"DELETE FROM counter WHERE {_KEY}"  # noqa: S608
_SWEEP: Final = """
DELETE FROM counter WHERE (service, name, whose) IN (
    SELECT service, name, whose FROM counter WHERE ends_at <= ? ORDER BY ends_at LIMIT 4
)
"""


class File(Turns):
    """The file, opened once a process."""

    def __init__(self) -> None:
        super().__init__()
        self.raw: sqlite3.Connection | None = None
        self.parents: sqlite3.Connection | None = None
        self.key: tuple[int, str] = (0, "")

    def take(self, name: str, whose: bytes, limit: Limit, amount: int) -> Taken:
        key = (_get_service(), name, whose)
        with self.changing() as raw:
            now = time.time()
            row = raw.execute(_FIND, key).fetchone()
            if row is None:
                raw.execute(_SWEEP, [now])
            taken, ends_at = row if row and now < row[1] <= now + limit.seconds else (0, now + limit.seconds)
            is_allowed = taken + amount <= limit.allowed
            if is_allowed:
                taken += amount
                raw.execute(_WRITE, (*key, taken, ends_at))
        return Taken(is_allowed, max(limit.allowed - taken, 0), max(math.ceil(ends_at - now), 1))

    def forget(self, name: str, whose: bytes) -> None:
        with self.changing() as raw:
            raw.execute(_REMOVE, (_get_service(), name, whose))

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """Hold the file's write lock inside the block, in a transaction of its own."""
        with self.turn():
            raw = self.open()
            raw.execute("BEGIN IMMEDIATE")
            try:
                yield raw
            except BaseException:
                raw.execute("ROLLBACK")
                raise
            raw.execute("COMMIT")

    def open(self) -> sqlite3.Connection:
        key = (os.getpid(), find_path(str(connections[DEFAULT_DB_ALIAS].settings_dict["NAME"])))
        if self.raw is None or key != self.key:
            self.close()
            self.key, self.raw = key, connect(key[1])
        return self.raw

    def renew(self) -> None:
        """Keep a parent's connection as it is: to close it would wait for the thread that was in it."""
        super().renew()
        self.parents, self.raw = self.raw, None

    def close(self) -> None:
        with self.lock:
            raw, self.raw = self.raw, None
            if raw is not None and self.key[0] == os.getpid():
                with suppress(sqlite3.Error):
                    raw.close()


FILE: Final = File()
os.register_at_fork(after_in_child=FILE.renew)


def find_path(name: str) -> str:
    """Give the file for a database of that name."""
    from freehold.backends.sqlite3.base import is_file
    from freehold.databases.urls import MEMORY

    return f"{name}{SUFFIX}" if is_file(name) else MEMORY


def connect(path: str) -> sqlite3.Connection:
    """Open the counters' file, or make it, as closed to others as the database's."""
    from freehold.backends.sqlite3.base import make_closed

    make_closed(path)
    raw = sqlite3.connect(path, timeout=_SECONDS, isolation_level=None, check_same_thread=False)
    for each in ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = NORMAL", _TABLE, _INDEX):
        raw.execute(each)
    return raw


def _get_service() -> str:
    found = get_acting()
    return found.role if found else ""
