"""What keeps the history from being rewritten on SQLite: three triggers. `ownership/guards.py` has PostgreSQL's."""

from __future__ import annotations

from typing import Any, Final

from freehold.models import MigrationHistory

TABLE: Final = MigrationHistory._meta.db_table
_EVENTS: Final = {
    "update": ("UPDATE", ""),
    "delete": ("DELETE", ""),
    # INSERT OR REPLACE deletes without a word to the trigger above, unless recursive_triggers is on.
    "replace": ("INSERT", ' WHEN EXISTS (SELECT 1 FROM "public.migration_history" WHERE id = NEW.id)'),
}
_LIST: Final = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s"


def _write_triggers() -> dict[str, str]:
    return {f"{TABLE}_{event}": _write_trigger(event) for event in _EVENTS}


def _write_trigger(event: str) -> str:
    word, condition = _EVENTS[event]
    refusal = f"SELECT RAISE(ABORT, '{TABLE} is append-only: {event} is refused')"
    return f'CREATE TRIGGER "{TABLE}_{event}" BEFORE {word} ON "{TABLE}"{condition} BEGIN {refusal}; END'


def list_faults(connection: Any) -> dict[str, str]:
    """Map each trigger that is not as it should be to what is amiss: missing, another, or not declared."""
    with connection.cursor() as cursor:
        cursor.execute(_LIST, [TABLE])
        found = {name: _normalize(text) for name, text in cursor.fetchall()}
    wanted = _write_triggers()
    faults = {name: "missing" for name in wanted if name not in found}
    faults |= {name: "another" for name in wanted if name in found and found[name] != _normalize(wanted[name])}
    return faults | {name: "not declared" for name in found if name not in wanted}


def _normalize(text: str) -> str:
    """Give a statement with its blanks and IF NOT EXISTS taken out."""
    return " ".join(text.replace("IF NOT EXISTS ", "").split())


def mend(connection: Any) -> None:
    """Make the triggers as they should be, in the transaction at hand."""
    wanted = _write_triggers()
    with connection.cursor() as cursor:
        for name in list_faults(connection):
            cursor.execute(f"DROP TRIGGER IF EXISTS {connection.ops.quote_name(name)}")
            if name in wanted:
                cursor.execute(wanted[name])
