"""Puts a session's settings back that a migration changed: what one sets ends with it, whatever sets it."""

from __future__ import annotations

from typing import Any, Final

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration

from freehold.history.recording import can_send_two
from freehold.migrator.steps import is_djangos

# What was set before, the time zone and the path among it; what BEGIN says is the transaction's alone. RESET ALL leaves
# the role alone; a setting that is local to the transaction gives way to one of the session that comes after it.
_REMEMBER: Final = """
    SELECT pg_catalog.string_agg(pg_catalog.format(', pg_catalog.set_config(%L, %L, false)', name, setting), '')
    FROM pg_catalog.pg_settings
    WHERE source = 'session' AND context IN ('user', 'superuser')
        AND name NOT IN ('transaction_isolation', 'transaction_read_only', 'transaction_deferrable')
"""
# Of SQLite's connections: what changes how later statements work and outlasts a transaction. Whether foreign keys count
# is Django's to set around each migration.
_PRAGMAS: Final = (
    *(
        "automatic_index",
        "busy_timeout",
        "cache_size",
        "cell_size_check",
        "full_column_names",
        "ignore_check_constraints",
    ),
    *("legacy_alter_table", "query_only", "read_uncommitted", "recursive_triggers", "reverse_unordered_selects"),
    *("secure_delete", "short_column_names", "synchronous", "temp_store", "trusted_schema", "writable_schema"),
)
_MINDS_CASE: Final = "SELECT 'a' NOT LIKE 'A'"  # what the PRAGMA case_sensitive_like does not tell
_KEPT: Final = "freehold_settings"  # on the driver's connection


def may_set(migration: Migration) -> bool:
    """Tell whether it may change settings: Django's own operations change none."""
    return not all(map(is_djangos, migration.operations))


def remember(connection: BaseDatabaseWrapper) -> None:
    """Note what is set in the session, once for a connection. Nothing may be set for a transaction alone yet."""
    raw: Any = connection.connection
    if raw is None or not hasattr(raw, _KEPT):
        with connection.cursor() as cursor:
            cursor.execute(_REMEMBER)
            setattr(connection.connection, _KEPT, cursor.fetchone()[0] or "")


def forget(connection: BaseDatabaseWrapper) -> None:
    """Let the next run note anew what is set, on a connection that outlives this one."""
    if hasattr(connection.connection, _KEPT):
        delattr(connection.connection, _KEPT)


def restore(connection: BaseDatabaseWrapper, then: str, params: dict[str, Any]) -> None:
    """Set what was noted, and send another statement behind it, in the same message where that may be."""
    kept = getattr(connection.connection, _KEPT, None)
    if kept is None:
        return
    statements = ["RESET ALL", "SELECT NULL" + kept.replace("%", "%%"), then]
    # Past those who read a migration's statements: RESET ALL is not one of them.
    with connection.wrap_database_errors, connection.connection.cursor() as cursor:
        for statement in ["; ".join(statements)] if can_send_two(connection) else statements:
            cursor.execute(statement, params)


def read_pragmas(connection: Any) -> dict[str, Any]:
    """Give what is set on a connection of SQLite's."""
    raw = connection.connection
    found = {name: raw.execute(f"PRAGMA {name}").fetchone() for name in _PRAGMAS}
    return {name: row[0] for name, row in found.items() if row} | {
        "case_sensitive_like": raw.execute(_MINDS_CASE).fetchone()[0]
    }


def restore_pragmas(connection: Any, before: dict[str, Any]) -> None:
    """Set those again that are others by now."""
    if connection.connection is None or not before:
        return
    now = read_pragmas(connection)
    for name, value in before.items():
        if now.get(name) != value:
            connection.connection.execute(f"PRAGMA {name} = {value}")
