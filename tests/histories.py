"""Takes rows out of the history, which its triggers refuse: for tests that clean up behind themselves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from django.db import connections, transaction

from freehold.acting.logins import using_login
from freehold.models import MigrationHistory

LAST = import_module("freehold.migrations.0004_append_only_history")


@contextmanager
def unguarded(alias: str) -> Iterator[None]:
    """Be the migrator inside the block, and let the history be written as any table; then as before.

    No other connection may hold a lock on the history at that time.
    """
    connection = connections[alias]
    is_postgresql = connection.vendor == "postgresql"
    take, make = (LAST.TAKE, LAST.MAKE) if is_postgresql else (LAST.TAKE_SQLITE, LAST.MAKE_SQLITE)
    with using_login(connection, "migrator"):
        run(connection, take)
        try:
            yield
        finally:
            run(connection, make)


def run(connection: Any, statements: list[str]) -> None:
    """Run statements in one transaction."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def remove_history(alias: str, **conditions: Any) -> None:
    """Remove the rows that meet the conditions of a filter."""
    with unguarded(alias):
        MigrationHistory.objects.using(alias).filter(**conditions).delete()
