"""Finds out that one of the two tables which say what is applied was lost, by what the other says."""

from __future__ import annotations

from collections.abc import Container

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder

from freehold.errors import MigrationError
from freehold.history.journal import HISTORY
from freehold.history.states import list_states

RECORD, JOURNAL = "django_migrations", "migration_history"
_IS_THERE = {
    "postgresql": "SELECT pg_catalog.to_regclass('public.migration_history') IS NOT NULL",
    "sqlite": "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'public.migration_history'",
}
_SAID = {
    RECORD: "public.django_migrations is lost or empty: public.migration_history says what is applied, and `manage.py "
    "history repair django_migrations` writes it down again",
    JOURNAL: "public.migration_history is lost: django_migrations says what is applied, and `manage.py history repair "
    "migration_history` makes it again with a row for each",
}


def refuse_lost(connection: BaseDatabaseWrapper, applied: Container[tuple[str, str]]) -> None:
    """Look whether both tables are there, or neither. One query.

    Raises:
        MigrationError: one is lost; the text names it and the command that makes it again.
    """
    if lost := find_lost(connection, applied):
        raise MigrationError(_SAID[lost])


def find_lost(connection: BaseDatabaseWrapper, applied: Container[tuple[str, str]]) -> str:
    """Give the table that is lost; empty where none is. What was read as `applied` is read again before it is said: a
    migration makes the table and is written down in one transaction, which may have ended in between."""
    with connection.cursor() as cursor:
        cursor.execute(_IS_THERE[connection.vendor])
        is_there = bool(cursor.fetchone()[0])
    if is_there is (HISTORY in applied) or is_there is (HISTORY in MigrationRecorder(connection).applied_migrations()):
        return ""
    if not is_there:
        return JOURNAL
    state = list_states(connection, "migrate").get(HISTORY)
    return RECORD if state and state.is_up else ""
