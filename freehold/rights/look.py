"""Looks for drift and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper

from freehold.findings import Finding
from freehold.ownership.map import Ownership
from freehold.rights.application import can_become
from freehold.rights.clean import is_known_clean, make_key, make_mark, remember_clean
from freehold.rights.comparison import compare
from freehold.rights.findings import list_findings
from freehold.rights.plan import Plan, make_plan

SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
_seen: dict[
    str, list[Finding]
] = {}  # the findings of the last look for a page, by the mark of the catalogue: one entry


@contextmanager
def looking(session: psycopg.Connection) -> Iterator[psycopg.Cursor]:
    """Give a cursor that sees one state of the catalogue, and can change nothing."""
    with session.transaction(), psycopg.Cursor(session) as cursor:
        cursor.execute(SNAPSHOT)
        yield cursor


def find_drift(session: psycopg.Connection, ownership: Ownership, *, anew: bool = False) -> list[Finding]:
    """Give a finding for each difference; none where all is as declared.

    Unless `anew`, one query tells that nothing changed since it was last found clean.
    """
    with looking(session) as cursor:
        return _look(cursor, ownership, anew=anew)


def find_drift_over(connection: BaseDatabaseWrapper, ownership: Ownership) -> list[Finding]:
    """Give the same over a connection of Django's, inside its transaction where it has one. For pages: the outcome is
    kept in the process, drift or none, and one query of a few milliseconds tells that nothing changed since."""
    connection.ensure_connection()
    session: psycopg.Connection = connection.connection
    is_free = session.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
    with looking(session) if is_free else _looking_within(session) as cursor:
        mark = make_mark(cursor, ownership)
        if mark not in _seen:
            findings = _look(cursor, ownership)
            _seen.clear()
            _seen[mark] = findings
        return _seen[mark]


@contextmanager
def _looking_within(session: psycopg.Connection) -> Iterator[psycopg.Cursor]:
    # In a savepoint, so that a failure leaves the transaction usable; its snapshot is its own matter.
    with session.transaction(), psycopg.Cursor(session) as cursor:
        yield cursor


def _look(cursor: psycopg.Cursor, ownership: Ownership, *, anew: bool = False) -> list[Finding]:
    key = make_key(cursor, ownership)
    if not anew and is_known_clean(key):
        return []
    findings = list_findings(compare(cursor, ownership))
    if not findings:
        remember_clean(key)
    return findings


def look_for_plan(session: psycopg.Connection, ownership: Ownership) -> tuple[Plan, bool]:
    """Give the plan, and whether the login has to make itself a member of the migrator for it."""
    with looking(session) as cursor:
        plan = make_plan(compare(cursor, ownership), session.info.user)
        acts = any(change.role for change in plan.changes)
        return plan, acts and not can_become(cursor, ownership.migrator)
