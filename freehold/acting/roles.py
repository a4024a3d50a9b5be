"""Acts as another role for a while, on the connection at hand: SET ROLE, and back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.pq import TransactionStatus

# One round trip for both: the target list is evaluated from left to right. `role` reads 'none' where no role is set.
SWITCH = "SELECT pg_catalog.current_setting('role'), pg_catalog.set_config('role', %s, %s)"


@contextmanager
def using_role(connection: BaseDatabaseWrapper, role: str) -> Iterator[None]:
    """Act as `role` inside the block, then as before. Does nothing on SQLite, which has no roles.

    Inside a transaction the switch lasts no longer than the transaction, so that a transaction pooler hands nothing
    on to its next client. The login must be a member of the role.
    """
    if connection.vendor != "postgresql":
        yield
        return
    before = switch_role(connection, role)
    try:
        yield
    finally:
        if can_switch(connection):
            switch_role(connection, before)


def switch_role(connection: BaseDatabaseWrapper, role: str) -> str:
    """Become `role` (`none`: the login itself) and give the role that was set before."""
    with connection.cursor() as cursor:
        cursor.execute(SWITCH, [role, connection.in_atomic_block])
        before: str = cursor.fetchone()[0]
    return before


def can_switch(connection: BaseDatabaseWrapper) -> bool:
    """Tell whether a statement would run: in a failed transaction it would only hide the error that broke it.

    What it leaves undone there the rollback undoes, and a lost connection takes its role with it.
    """
    if connection.connection is None or connection.needs_rollback:
        return False
    status: TransactionStatus = connection.connection.info.transaction_status
    return status in (TransactionStatus.IDLE, TransactionStatus.INTRANS)
