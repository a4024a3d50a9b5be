"""Sees who holds up a statement while it waits: afterwards the server can't tell any more."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Any

import psycopg
from django.utils.text import Truncator

NAME = "freehold migrate, looking for who is in its way"
_SHOWN = 200  # characters of a query
# The login has no other session at work that waits: whoever migrates holds the lock. The process id that the driver
# knows is the server's own only where no pooler stands between.
_BLOCKERS = """
    SELECT b.pid, b.usename, b.application_name, b.state, pg_catalog.left(b.query, 1000)
    FROM pg_catalog.pg_stat_activity w
    CROSS JOIN LATERAL pg_catalog.unnest(pg_catalog.pg_blocking_pids(w.pid)) AS blocking(pid)
    JOIN pg_catalog.pg_stat_activity b ON b.pid = blocking.pid
    WHERE w.usename = session_user AND w.datname = pg_catalog.current_database() AND w.wait_event_type = 'Lock'
        AND (w.pid = %(pid)s OR NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity p WHERE p.pid = %(pid)s
            AND p.usename = session_user))
    ORDER BY b.xact_start
    LIMIT 3
"""
_HIDDEN = "<insufficient privilege>"


class BlockerWatch:
    """Looks, on a connection of its own, for who blocks a statement that takes longer than a part of lock_timeout.

    It is a wrapper for Django's `execute_wrapper`, and a context: its thread ends with the block. Statements that are
    quick cost it nothing, and no connection is made before one is slow.
    """

    def __init__(self, parameters: Callable[[], dict[str, Any]], lock_timeout: int, get_pid: Callable[[], int]) -> None:
        self.parameters = parameters
        self.pause = min(max(lock_timeout / 4000, 0.02), 1.0)  # seconds
        self.get_pid = get_pid
        self.since: float | None = None  # when the statement at hand began
        self.seen = ""
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.watch, name=NAME, daemon=True)
        self.session: psycopg.Connection | None = None

    def __enter__(self) -> BlockerWatch:
        self.thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.ended.set()
        self.thread.join()

    def __call__(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        with self.looking():
            return execute(sql, params, many, context)

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Watch what the block sends, from here on."""
        self.since = time.monotonic()
        try:
            yield
        finally:
            self.since = None

    def forget(self) -> None:
        """Begin anew, with nobody seen."""
        self.seen = ""

    def describe(self) -> str:
        """Give who was last seen in the way, to be put behind what happened; empty: nobody."""
        return f"; in its way: {self.seen}" if self.seen else ""

    def watch(self) -> None:
        while not self.ended.wait(self.pause):
            since = self.since
            if since is not None and time.monotonic() - since >= self.pause:
                with suppress(psycopg.Error):  # what can't be seen is no reason to fail
                    self.look()
        if self.session is not None:
            self.session.close()

    def look(self) -> None:
        if self.session is None or self.session.closed:
            self.session = psycopg.connect(**{**self.parameters(), "application_name": NAME}, autocommit=True)
            with suppress(psycopg.errors.InsufficientPrivilege):  # then it sees who, and not what
                self.session.execute("SET ROLE pg_read_all_stats")
        rows = self.session.execute(_BLOCKERS, {"pid": self.get_pid()}, prepare=False).fetchall()
        if rows:
            self.seen = "; ".join(describe(*row) for row in rows)


def describe(pid: int, login: str, application: str, state: str | None, query: str) -> str:
    """Say who blocks: process, login, program and statement. The server hides the statement from logins that are not
    its session's own, unless they are members of pg_read_all_stats."""
    text = Truncator(" ".join((query or "").split())).chars(_SHOWN)
    program = f" ({application})" if application and application != _HIDDEN else ""
    if state == "disabled":  # track_activities
        return f"process {pid} of {login}{program}, whose statements the server does not show"
    if not text or text == _HIDDEN:
        return f"process {pid} of {login}{program}, whose query only members of pg_read_all_stats see"
    return f"process {pid} of {login}{program}, {state or 'unknown'}: {text}"
