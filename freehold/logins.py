"""Connects as another login for a while: `migrate` as the migrator, a flush of a test database as the superuser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.base.base import BaseDatabaseWrapper

SUPERUSER = "postgres"  # of an embedded server


@contextmanager
def using_login(connection: BaseDatabaseWrapper, login: str) -> Iterator[None]:
    """Reconnect `connection` as `login` inside the block, then as before.

    Does nothing where DATABASE_URL names its own user, and on SQLite: whoever wrote the user there meant it.
    """
    if not connection.settings_dict.get("SWITCH_LOGIN") or connection.settings_dict["USER"] == login:
        yield
        return
    before = connection.settings_dict["USER"]
    connection.close()
    connection.settings_dict["USER"] = login
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["USER"] = before
