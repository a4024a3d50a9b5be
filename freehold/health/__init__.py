"""Whether a process can answer requests: its database is there, and holds what its code asks for."""

from __future__ import annotations

from functools import cache

from django.db import DEFAULT_DB_ALIAS, ProgrammingError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from freehold.acting import acting

__all__ = ["list_pending"]

_ASKS = "SELECT public.list_pending(%s)"
_OWN = "freehold.0008_list_pending"  # which makes it
_NO_FUNCTION = "42883"


def list_pending(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Give the migrations of this process's code that the database does not hold, such as `items.0009_search`, sorted.

    One query; a squashed migration counts as applied where all that it replaces are. A database that is ahead of the
    code lacks none. On PostgreSQL a service needs a contract of schema public that lets it call `list_pending(text[])`.

    Raises:
        DatabaseError: the database does not answer, or no contract lets the service ask.
    """
    known = _list_known()
    names = {*known, *(name for replaces in known.values() for name in replaces)}
    missing = set(_list_missing(connections[using], sorted(names)))
    replaced = {name for key, replaces in known.items() if key not in missing for name in replaces}
    return sorted(
        name
        for name, replaces in known.items()
        if name in missing - replaced and (not replaces or not missing.isdisjoint(replaces))
    )


@cache
def _list_known() -> dict[str, tuple[str, ...]]:
    """Give the migrations of the installed apps, each with those that it replaces. They don't change while a process
    runs, and loading them takes a while."""
    loader = MigrationLoader(None)
    return {".".join(key): tuple(map(".".join, each.replaces)) for key, each in loader.disk_migrations.items()}


def _list_missing(connection: BaseDatabaseWrapper, names: list[str]) -> list[str]:
    if connection.vendor != "postgresql":
        return _list_missing_here(connection, names)
    try:
        with connection.cursor() as cursor:
            cursor.execute(_ASKS, [names])
            return list(cursor.fetchone()[0])
    except ProgrammingError as error:
        if getattr(error.__cause__, "sqlstate", "") == _NO_FUNCTION:
            return [_OWN]
        raise


def _list_missing_here(connection: BaseDatabaseWrapper, names: list[str]) -> list[str]:
    """Give the same on a database without functions: read as the owner, who may."""
    with acting(None):
        applied = MigrationRecorder(connection).migration_qs.values_list("app", "name")
        return sorted(set(names).difference(map(".".join, applied)))
