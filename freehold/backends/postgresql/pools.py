"""Opens Django's pool. A pool keeps to itself why it gets no connection, and lets whoever asks wait for its `timeout`,
which are 30 seconds where the URL says nothing else: so one connection beside it is tried first."""

from __future__ import annotations

import time
from collections import defaultdict
from threading import Lock
from typing import Any, Final

import psycopg


class _Opening:
    """What threads share that come first together: one trial, and how it ended."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.failed_at, self.error = 0.0, psycopg.OperationalError()

    def open(self, pool: Any, params: dict[str, Any]) -> None:
        came = time.monotonic()
        with self.lock:
            if not pool.closed:
                return
            if self.failed_at >= came:  # while this thread waited
                raise type(self.error)(*self.error.args)
            try:
                psycopg.connect(**_limit(params, pool.timeout)).close()
            except psycopg.OperationalError as error:
                self.failed_at, self.error = time.monotonic(), error
                raise
            pool.open()


_OPENINGS: Final[defaultdict[str, _Opening]] = defaultdict(_Opening)  # by the database's alias, as Django keeps pools


def open_pool(alias: str, pool: Any, params: dict[str, Any]) -> None:
    """Open the pool of a database, where that is still to be done.

    Raises:
        psycopg.OperationalError: there is no connection to be had.
    """
    if pool.closed:
        _OPENINGS[alias].open(pool, params)


def _limit(params: dict[str, Any], seconds: float) -> dict[str, Any]:
    """Let a connection take no longer than one of the pool's."""
    given = params.get("connect_timeout")
    return {**params, "connect_timeout": min(int(given or seconds), max(1, int(seconds)))}
