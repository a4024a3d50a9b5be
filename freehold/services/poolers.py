"""Whether a pooler before the server hands on what a session sets: looked at when a process starts."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any, Final

from freehold.acting import acting

SAYS: Final = (
    "A pooler stands before the database %r and hands what a session sets to its next client, that of an injected "
    "statement too: set server_reset_query_always = 1, or name the server's own address"
)
_PID: Final = "SELECT pg_catalog.pg_backend_pid()"
_LEAVE: Final = "SELECT pg_catalog.set_config('freehold.left', %s, false)"
_FIND: Final = "SELECT pg_catalog.current_setting('freehold.left', true)"
_LOOKS: Final = 3  # connections: the pooler may have several to the server


def hands_on(connection: Any, make_another: Callable[[], Any]) -> bool:
    """Tell whether what a client left is found by the next, where there is a pooler at all: it makes up the number that
    a client is told when it connects. In session mode nothing is left, since each client has a session made as new.
    Behind a pooler the connection is closed.

    Raises:
        DatabaseError: the database does not answer.
    """
    if int(_ask(connection, _PID)) == connection.connection.info.backend_pid:
        return False
    mark = secrets.token_hex(8)
    _ask(connection, _LEAVE, mark)
    connection.close()
    return any(_finds(make_another(), mark) for _ in range(_LOOKS))


def _finds(connection: Any, mark: str) -> bool:
    try:
        is_left = bool(_ask(connection, _FIND) == mark)
        if is_left:
            _ask(connection, _LEAVE, "")
        return is_left
    finally:
        connection.close()


def _ask(connection: Any, query: str, *params: Any) -> Any:
    with acting(None), connection.cursor() as cursor:
        cursor.execute(query, params or None)
        return cursor.fetchone()[0]
