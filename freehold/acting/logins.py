"""Connects as another login for a while: `migrate` as the migrator, a flush of a test database as the superuser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from freehold.acting import acting

SUPERUSER = "postgres"  # of an embedded server


@contextmanager
def using_login(connection: BaseDatabaseWrapper, login: str) -> Iterator[None]:
    """Reconnect `connection` as `login` inside the block, then as before. Blocks may stand in one another.

    No service acts inside. The connection stays as it is on SQLite, and where the database's entry names its own user:
    whoever wrote the user there meant it. Other threads' connections keep their login: the settings that all threads
    share stay as they are.

    Raises:
        TransactionManagementError: the connection is inside a transaction, which the reconnect would lose.
    """
    before = connection.settings_dict
    if not before.get("SWITCH_LOGIN") or before["USER"] == login:
        with acting(None):
            yield
        return
    _disconnect(connection, login)
    connection.settings_dict = {**before, "USER": login}
    try:
        with acting(None):  # the login's own rights decide
            yield
    finally:
        inside = connection.settings_dict
        close(connection)
        _keep_changes(before, inside)
        connection.settings_dict = before


def _disconnect(connection: BaseDatabaseWrapper, login: str) -> None:
    """Close the connection, unless that would lose a transaction."""
    if connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            f"the connection {connection.alias!r} is inside a transaction and can't become {login}: "
            "enter the block before the transaction begins"
        )
    close(connection)


def close(connection: BaseDatabaseWrapper) -> None:
    """Close the connection; with a pool, close that too: it holds connections of the login that opened it."""
    connection.close()
    close_pool = getattr(connection, "close_pool", None)  # PostgreSQL's alone
    if close_pool:
        close_pool()


def _keep_changes(before: dict[str, Any], inside: dict[str, Any]) -> None:
    """Carry over what was set inside the block, such as the name of a test database; not the login."""
    before.update({name: value for name, value in inside.items() if name != "USER"})
