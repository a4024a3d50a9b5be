"""Connections that serve one principal after another: each is left as it was found, or closed.

What a statement can leave on one: settings, the role, named statements, cursors WITH HOLD, LISTEN, advisory locks of
the session, an open transaction. `SELECT set_config(…)` does it as well as SET, so that nothing is told from the texts
of statements: what a service used is put back, in one message, without a look at what there is to put back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import psycopg
from psycopg.abc import PQGen
from psycopg.generators import execute
from psycopg.pq import ExecStatus, TransactionStatus

from freehold.acting import get_acting
from freehold.backends.postgresql.named import FORGET, HELD, LOOK, Names

if TYPE_CHECKING:
    from freehold.backends.postgresql.base import DatabaseWrapper

_DONE: Final = (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK)
# RESET ALL leaves the role alone, and takes what was set when the connection was opened, such as the time zone.
_RESTORE: Final = (
    b"SET ROLE none; RESET ALL; CLOSE ALL; UNLISTEN *; DISCARD SEQUENCES; SELECT pg_catalog.pg_advisory_unlock_all()"
)
_REMEMBER: Final = b"""
SELECT pg_catalog.concat(
    pg_catalog.string_agg(pg_catalog.format(', pg_catalog.set_config(%L, %L, false)', name, setting), ''),
    pg_catalog.format(', pg_catalog.set_config(''role'', %L, false)', pg_catalog.current_setting('role'))
), pg_catalog.pg_backend_pid() FROM pg_catalog.pg_settings WHERE source = 'session'
"""
_FOUND: Final = "freehold_found"  # on the driver's connection: a pool hands it from one wrapper to another


class Kept:
    """What the connection of a database was like when it was opened."""

    def __init__(self, connection: DatabaseWrapper) -> None:
        self.connection = connection

    def __del__(self) -> None:
        """Break the circle with the connection, as Django's own helpers do."""
        del self.connection

    @property
    def is_kept(self) -> bool:
        """Whether the connection outlives a request."""
        return bool(self.connection.settings_dict.get("CONN_MAX_AGE") != 0 or self.connection.pool)

    def remember(self) -> None:
        """Note the session's settings and role, unless that was done when the connection was opened."""
        raw = self.connection.connection
        if get_acting() is None or not self.is_kept or hasattr(raw, _FOUND):
            return
        (result,) = _send(raw, _REMEMBER)
        if result.status not in _DONE:  # of a pool whose server or pooler has gone
            raise psycopg.errors.error_from_result(result)
        setattr(raw, _FOUND, result.get_value(0, 0))
        if int(result.get_value(0, 1)) == raw.pgconn.backend_pid:  # a pooler makes up the number that it tells
            setattr(raw, HELD, Names())

    def restore(self) -> bool:
        """Put back what a service's statements may have left; close the driver's connection where that can't be done,
        and tell that by False. A pool throws away what comes back closed."""
        context, raw = self.connection.acting_context, self.connection.connection
        if not context.is_used or raw is None or self.connection.in_atomic_block or not self.is_kept:
            return True
        context.is_used = False
        is_restored = _put_back(raw)
        if not is_restored:
            raw.close()
        return is_restored


def _put_back(raw: psycopg.Connection[Any]) -> bool:
    """Tell whether the session is what it was."""
    found: bytes | None = getattr(raw, _FOUND, None)
    if found is None or raw.pgconn.transaction_status != TransactionStatus.IDLE:
        return False
    names: Names | None = getattr(raw, HELD, None)
    has_names = names is not None and names.count > 0
    try:
        results = _send(raw, _RESTORE + found + (LOOK if has_names else FORGET))
        if names is not None and not (has_names and names.trust(results[-1])):
            results += _send(raw, FORGET) if has_names else []
            names.forget()
    except psycopg.Error:
        return False
    return all(each.status in _DONE for each in results)


def _send(raw: psycopg.Connection[Any], text: bytes) -> list[Any]:
    """Send our own statements in one message, which is one transaction."""

    def communicate() -> PQGen[list[Any]]:
        raw.pgconn.send_query(text)
        found: list[Any] = yield from execute(raw.pgconn)
        return found

    with raw.lock:
        return raw.wait(communicate())
