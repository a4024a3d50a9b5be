"""Time limits of sessions that migrate: those that the migrator sets for each migration, and nobody else's.

A role, a database and a server have such limits for services: what idles in a transaction while Python computes, or
takes its time, is ended by them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.db.backends.base.base import BaseDatabaseWrapper

from freehold.acting.roles import can_switch
from freehold.sqlfiles import fetch_rows

_RESTORE: Final = """
    SELECT pg_catalog.set_config(before.name, before.value, false)
    FROM ROWS FROM (pg_catalog.unnest(%s::text[]), pg_catalog.unnest(%s::text[])) AS before (name, value)
"""


def lift_timeouts(cursor: Any) -> list[tuple[str, str]]:
    """Lift them for the rest of the session; give those that were set, with what they were."""
    return [(name, before) for name, before, _ in fetch_rows(cursor, __file__, "lift_timeouts")]


@contextmanager
def without_timeouts(connection: BaseDatabaseWrapper, *, ends: bool = False) -> Iterator[None]:
    """Lift them inside the block, and set them again unless the session `ends` with it."""
    with connection.cursor() as cursor:
        before = lift_timeouts(cursor)
    try:
        yield
    finally:
        if not can_switch(connection):
            connection.close()
        elif before and not ends:
            with connection.cursor() as cursor:
                cursor.execute(_RESTORE, [list(each) for each in zip(*before, strict=True)])
