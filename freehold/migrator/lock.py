"""One migrator at a time: a lock in the database that is held before anything is applied.

It is three. Two are held by a session of their own, from before the plan is made: an advisory one, which migrators of
older releases take too and which anybody may take, and one on Django's table of applied migrations, which only a
migrator may take. A service that holds the first is passed over. Whatever ends that session ends these two while a
migration may be at work; so the session that works has a third, which no other gets before that one has ended.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from types import TracebackType
from typing import Any

import psycopg
from django.db import Error
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import errors
from psycopg.pq import ConnStatus

from freehold.acting.roles import can_switch
from freehold.errors import MigrationError
from freehold.migrator.timeouts import lift_timeouts
from freehold.rights.administration import get_parameters

KEY = 0x66726565686F6C64  # "freehold" in ASCII; advisory locks are per database, and share one space of numbers
WORK_KEY = KEY + 1
# As pg_locks shows a bigint key (manual, pg_locks), in two halves; objsubid 1 marks it as one. Then: the table's too?
_LOW, _LOW_WORK = KEY & 0xFFFFFFFF, WORK_KEY & 0xFFFFFFFF
_HOLDING, _WORKING = [KEY >> 32, _LOW, _LOW, True], [KEY >> 32, _LOW_WORK, _LOW_WORK, False]
_EITHER = [KEY >> 32, _LOW, _LOW_WORK, True]
_POLL = 0.2  # seconds; a migrator that is *blocked* in pg_advisory_lock would stall CREATE INDEX CONCURRENTLY

# The transaction that gets the lock stays open for as long as the run takes. It must hold no snapshot: CREATE INDEX
# CONCURRENTLY waits for the end of every transaction that has one. A statement with parameters, or a prepared one,
# keeps its snapshot until the next; hence the number in the text, and prepare=False.
TRY = f"SELECT pg_catalog.pg_try_advisory_xact_lock({KEY})"
# Against itself and VACUUM, against no reader and no writer; no migration alters that table.
_LOCK = "LOCK TABLE public.django_migrations IN SHARE UPDATE EXCLUSIVE MODE NOWAIT"
# A session of the lock's, or of the work's, whose client is gone without a word would hold it for two hours otherwise.
_KEPT_ALIVE = """
    pg_catalog.set_config('tcp_keepalives_idle', '20', false),
    pg_catalog.set_config('tcp_keepalives_interval', '5', false),
    pg_catalog.set_config('tcp_keepalives_count', '4', false)
"""
_TRY_WORK = f"SELECT pg_catalog.pg_try_advisory_lock({WORK_KEY}), {_KEPT_ALIVE}"
_END_WORK = (
    f"SELECT pg_catalog.pg_advisory_unlock({WORK_KEY}); "
    "RESET tcp_keepalives_idle; RESET tcp_keepalives_interval; RESET tcp_keepalives_count"
)
# Who has one of them, and whether they could have all; without the table nobody can tell. Autovacuum is no login.
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
        (l.locktype = 'advisory' AND l.objsubid = 1 AND l.classid = %s AND l.objid IN (%s, %s))
        OR (%s AND l.relation = pg_catalog.to_regclass('public.django_migrations')
            AND l.mode = 'ShareUpdateExclusiveLock')
    )
    ORDER BY 5 DESC, a.pid
"""


class LockLostError(MigrationError):
    """What held the lock of `migrate` ended while the command was at work."""


class MigrationLock:
    """The lock of one database, given back when the block that it is a context for ends.

    It lives in a transaction on a connection of its own, which ends with the process, however that ends, and in the
    session of `connection`, which works. `say` is told whom it waits for.
    """

    def __init__(self, connection: BaseDatabaseWrapper, say: Callable[[str], object]) -> None:
        self.connection = connection
        self.say = say
        self.holder: psycopg.Connection | None = None
        self.pid = 0  # of the holder
        self.worker: Any = None  # the driver's connection that has the third lock
        self.is_lost = False
        self.is_shared = False  # a service has the third lock, so that it is nobody's

    def __enter__(self) -> MigrationLock:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        holder, self.holder = self.holder, None  # from here on nothing is guarded
        if holder is not None:
            self._end_work()
            holder.close()  # which ends its transaction

    def acquire(self) -> bool:
        """Take the lock, waiting as long as another has it; tell whether it had to be taken.

        Raises:
            LockLostError: it was lost again while the work of a migrator that has lost it came to its end.
        """
        if self.holder is not None:
            return False
        name = f"freehold migrate, process {os.getpid()} on {socket.gethostname()}"[:63]
        holder = psycopg.connect(**{**get_parameters(self.connection), "application_name": name})
        holder.add_notice_handler(self._hear)
        lift_timeouts(holder.cursor())  # that of transactions too, which counts from their beginning
        holder.commit()
        wait(holder, self.say)
        holder.execute(f"SELECT {_KEPT_ALIVE}", prepare=False)
        self.holder, self.pid = holder, holder.info.backend_pid
        self._begin_work()
        return True

    # --- While it works ----------------------------------------------------------------------------------------------
    def guard(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        """Send a statement as long as the lock is held: for Django's `execute_wrapper`. Costs no round trip.

        Raises:
            LockLostError: it is not.
        """
        if self.holder is not None:
            self.check()
        return execute(sql, params, many, context)

    def check(self) -> None:
        """See whether the lock is still there, and end the session that works where it is not, with all it has open.

        Raises:
            LockLostError: the lock's session ended; or the one that works did, and lives on for the server.
        """
        if (
            self.is_lost or (self.holder is not None and _is_gone(self.holder)) or self.is_lost
        ):  # the look may hear of it
            self.is_lost = True
            self._end_session()
            raise LockLostError(
                f"the lock of migrate was lost: its session (backend {self.pid}) was ended from outside, "
                f"so that another migrate may begin; stopped before the next statement. Run the command again"
            )
        raw = self.connection.connection
        if not self.is_shared and self.worker is not None and raw is not None and raw is not self.worker:
            self._resume_work(raw)

    def _hear(self, notice: Any) -> None:
        """Hear from the server that it ends the lock's session; the end itself may come a moment later."""
        self.is_lost = self.is_lost or notice.severity_nonlocalized == "FATAL"

    def _end_session(self) -> None:
        """Close the driver's connection: what is open in it is rolled back, and Django finds out by itself."""
        with suppress(psycopg.Error):
            self.connection.connection.close()

    # --- The session that works ----------------------------------------------------------------------------------
    def _begin_work(self) -> None:
        """Wait until no other migrator's session works any more, and none can begin beside this one."""
        tell = Teller(self.say)
        while not self._try_work():
            others = list_holders(self.connection, _WORKING)
            tell(others)
            if others and not others[0][-1]:
                self.is_shared = True
                return
            time.sleep(_POLL)
        self.worker = self.connection.connection

    def _try_work(self) -> bool:
        with self.connection.cursor() as cursor:
            cursor.execute(_TRY_WORK)
            return bool(cursor.fetchone()[0])

    def _resume_work(self, raw: Any) -> None:
        """Take the third lock with a new connection, for the one that had it is closed.

        Raises:
            LockLostError: the server does not know yet that the one before is closed, and may be at work for it.
        """
        before, self.worker = self.worker, None
        if self._try_work():
            self.worker = raw
            return
        self.worker = before
        self._end_session()
        raise LockLostError(
            f"the session of this migrate (backend {before.info.backend_pid}) was cut off and is still at work on the "
            f"server; stopped before the next statement. Run the command again, which waits for its end"
        )

    def _end_work(self) -> None:
        if self.worker is None or self.worker is not self.connection.connection:
            return
        if not can_switch(self.connection):
            self._end_session()
            return
        with suppress(Error), self.connection.cursor() as cursor:
            cursor.execute(_END_WORK)


class Teller:
    """Says who holds a lock, once for each holder."""

    def __init__(self, say: Callable[[str], object]) -> None:
        self.say = say
        self.told = ""

    def __call__(self, others: list[Any]) -> None:
        if others and (found := _describe(*others[0])) != self.told:
            self.say(found)
            self.told = found


def is_held(connection: BaseDatabaseWrapper) -> bool:
    """Tell whether a migrator holds the lock of the connection's database, or is at work."""
    return any(may for *_, may in list_holders(connection, _EITHER))


def list_holders(connection: BaseDatabaseWrapper, which: list[Any]) -> list[Any]:
    """Give who has one of the locks, those first who may: pid, program, login, since, may."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLDERS, which)
        return list(cursor.fetchall())


def wait(holder: psycopg.Connection, say: Callable[[str], object]) -> None:
    """Ask for the lock until it is ours; say whose it is, once for each holder."""
    tell, passes_over = Teller(say), False
    while not _try_lock(holder, passes_over=passes_over):
        others = holder.execute(_HOLDERS, _HOLDING).fetchall()
        # No transaction is open while it waits: one that was seen with a snapshot would be waited for to its end.
        holder.rollback()
        passes_over = bool(others) and not others[0][-1]
        tell(others)
        time.sleep(_POLL)


def _is_gone(session: psycopg.Connection) -> bool:
    """Tell whether an idle session has ended, by what has come from the server; nothing is sent."""
    try:
        for _ in range(2):  # its last words, then the end
            session.pgconn.consume_input()
        session.pgconn.is_busy()  # which reads them
    except psycopg.OperationalError:
        return True
    return session.pgconn.status != ConnStatus.OK


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
