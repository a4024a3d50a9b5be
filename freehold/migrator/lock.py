"""One migrator at a time: a lock in the database that is held before anything is applied.

It is two: an advisory one, which migrators of older releases take too and which anybody may take, and one on Django's
table of applied migrations, which only a migrator may take. A service that holds the first is passed over.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable
from datetime import datetime
from types import TracebackType
from typing import Any

import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import errors

from freehold.migrator.timeouts import lift_timeouts

KEY = 0x66726565686F6C64  # "freehold" in ASCII; advisory locks are per database, and share one space of numbers
_PARTS = [
    KEY >> 32,
    KEY & 0xFFFFFFFF,
]  # as pg_locks shows a bigint key (manual, pg_locks); objsubid 1 marks it as one key
_POLL = 0.2  # seconds; a migrator that is *blocked* in pg_advisory_lock would stall CREATE INDEX CONCURRENTLY

# The transaction that gets the lock stays open for as long as the run takes. It must hold no snapshot: CREATE INDEX
# CONCURRENTLY waits for the end of every transaction that has one. A statement with parameters, or a prepared one,
# keeps its snapshot until the next; hence the number in the text, and prepare=False.
TRY = f"SELECT pg_catalog.pg_try_advisory_xact_lock({KEY})"
# Against itself and VACUUM, against no reader and no writer; no migration alters that table.
_LOCK = "LOCK TABLE public.django_migrations IN SHARE UPDATE EXCLUSIVE MODE NOWAIT"
# Who has either, and whether they could have both; without the table nobody can tell. Autovacuum is no login.
_HOLDERS = """
    SELECT a.pid, a.application_name, a.usename, a.xact_start,
        coalesce(
            pg_catalog.has_table_privilege(a.usesysid, pg_catalog.to_regclass('public.django_migrations'), 'DELETE'),
            true
        )
    FROM pg_catalog.pg_locks l
    JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
    JOIN pg_catalog.pg_database d ON d.oid = l.database
    WHERE l.granted AND d.datname = pg_catalog.current_database() AND (
        (l.locktype = 'advisory' AND l.objsubid = 1 AND l.classid = %s AND l.objid = %s)
        OR (l.relation = pg_catalog.to_regclass('public.django_migrations') AND l.mode = 'ShareUpdateExclusiveLock')
    )
    ORDER BY 5 DESC, a.pid
"""


class MigrationLock:
    """The lock of one database, given back when the block that it is a context for ends.

    It lives in a transaction on a connection of its own, so that it holds behind a transaction pooler and ends with
    the process, however that ends. `parameters` gives libpq's parameters; `say` is told whom it waits for.
    """

    def __init__(self, parameters: Callable[[], dict[str, Any]], say: Callable[[str], object]) -> None:
        self.parameters = parameters
        self.say = say
        self.holder: psycopg.Connection | None = None

    def __enter__(self) -> MigrationLock:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self.holder is not None:
            self.holder.close()  # which ends its transaction
            self.holder = None

    def acquire(self) -> bool:
        """Take the lock, waiting as long as another has it; tell whether it had to be taken."""
        if self.holder is not None:
            return False
        name = f"freehold migrate, process {os.getpid()} on {socket.gethostname()}"[:63]
        self.holder = psycopg.connect(**{**self.parameters(), "application_name": name})
        lift_timeouts(self.holder.cursor())  # that of transactions too, which counts from their beginning
        self.holder.commit()
        wait(self.holder, self.say)
        return True


def is_held(connection: BaseDatabaseWrapper) -> bool:
    """Tell whether a migrator holds the lock of the connection's database."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLDERS, _PARTS)
        return any(may for *_, may in cursor.fetchall())


def wait(holder: psycopg.Connection, say: Callable[[str], object]) -> None:
    """Ask for the lock until it is ours; say whose it is, once for each holder."""
    told, passes_over = "", False
    while not _try_lock(holder, passes_over=passes_over):
        others = holder.execute(_HOLDERS, _PARTS).fetchall()
        # No transaction is open while it waits: one that was seen with a snapshot would be waited for to its end.
        holder.rollback()
        passes_over = bool(others) and not others[0][-1]
        if others and (found := _describe(*others[0])) != told:
            say(found)
            told = found
        time.sleep(_POLL)


def _try_lock(holder: psycopg.Connection, *, passes_over: bool) -> bool:
    """Take the locks if they are free, in a transaction that is open afterwards; the table's alone where a service is
    passed over, and the advisory one alone before there is the table."""
    try:
        if _try_advisory(holder) or passes_over:
            holder.execute(_LOCK, prepare=False)
            return True
    except errors.LockNotAvailable:
        holder.rollback()
    except errors.UndefinedTable:
        holder.rollback()
        return _try_advisory(holder)
    return False


def _try_advisory(holder: psycopg.Connection) -> bool:
    row = holder.execute(TRY, prepare=False).fetchone()
    return bool(row and row[0])


def _describe(pid: int, name: str, login: str | None, since: datetime | None, may: bool) -> str:
    who = f"{name or 'a session'} (login {login}, backend {pid}" + (f", since {since:%H:%M:%S})" if since else ")")
    return f"Waiting for another migrate to end: {who}." if may else f"Passing over the lock of {who}, no migrator's."
