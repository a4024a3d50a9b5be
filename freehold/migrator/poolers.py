"""Finds a pooler between a migrator and its server that gives each transaction of a session another one of its own."""

from __future__ import annotations

from contextlib import ExitStack

import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper

from freehold.errors import MigrationError
from freehold.rights.administration import get_parameters

_PID = "SELECT pg_catalog.pg_backend_pid()"
# Others at once, and how often: a pooler that gives sessions in turn, or makes them as new first, may have others free.
_OTHERS, _ROUNDS = 2, 3
_OUT = "name the server's own address in DATABASE_URL for this command; nothing was changed"


def refuse_pooler(connection: BaseDatabaseWrapper) -> None:
    """Let pass who has a session of the server's own: by itself, or behind a pooler in session mode. A role or a
    search_path would be left to the pooler's next client, and a migration without a transaction runs as anyone.

    Raises:
        MigrationError: a pooler gives the session's statements to several, or refuses transactions.
    """
    if connection.in_atomic_block:
        return
    name = connection.settings_dict["NAME"]
    try:
        shares = _shares_sessions(connection)
    except psycopg.Error as error:
        reason = " ".join(str(error).split())
        raise MigrationError(f"the pooler of database {name!r} gives no second session: {reason}; {_OUT}") from error
    if shares:
        raise MigrationError(
            f"a pooler in transaction mode stands before database {name!r}: it leaves a migrator's role to its next "
            f"client: {_OUT}"
        )


def _shares_sessions(connection: BaseDatabaseWrapper) -> bool:
    """Tell whether another session's transaction takes this one's place at the server. Asks the server once where there
    is no pooler: one makes up the number that a client is told when it connects."""
    connection.ensure_connection()
    here = _ask(connection)
    if here == connection.connection.info.backend_pid:
        return False
    for _ in range(_ROUNDS):
        with ExitStack() as stack:
            for _ in range(_OTHERS):  # each in a transaction from its first statement on
                other = stack.enter_context(psycopg.connect(**get_parameters(connection)))
                if other.execute(_PID).fetchone() == (here,):
                    return True
            if _ask(connection) != here:
                return True
    return False


def _ask(connection: BaseDatabaseWrapper) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_PID)
        return int(cursor.fetchone()[0])
