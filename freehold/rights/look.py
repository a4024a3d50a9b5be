"""Looks for drift, changes nothing, and gives a finding for each: docs/drift.md has an entry for each id."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper

from freehold.findings import Finding, Level
from freehold.ownership.map import Ownership
from freehold.rights.clean import is_known_clean, make_key, make_mark, remember_clean
from freehold.rights.comparison import compare
from freehold.rights.drift import Comparison, Drift, Phase
from freehold.rights.execution import can_become
from freehold.rights.plan import Plan, make_plan
from freehold.rights.script import comment, write_alone
from freehold.rights.statements import list_changes

TITLES: Final = {
    "D001": "A role of the map is missing",
    "D002": "A role has other attributes than the map's",
    "D003": "A membership of the map is missing or has other options",
    "D004": "A membership stands in no map",
    "D005": "A login's search_path or a time limit is not the map's",
    "D006": "A role has a setting that stands in no map",
    "D007": "A schema of the map is missing",
    "D008": "A schema belongs to someone else than its owner role",
    "D009": "A schema has another comment than the map's",
    "D010": "A schema stands in no map",
    "D011": "An object belongs to someone else than its schema's owner role",
    "D012": "A declared privilege is missing",
    "D013": "A role of the map holds a privilege that is not declared",
    "D014": "A role that the map does not know holds a privilege",
    "D015": "Everyone (PUBLIC) holds a privilege that is not declared",
    "D016": "Someone may pass a privilege on, or has passed it on",
    "D017": "An owner lacks a privilege on its own object",
    "D018": "A declared default privilege is missing",
    "D019": "A default privilege is not declared",
    "D020": "Row-level security is not switched on as declared",
    "D021": "Row-level security is switched on and not declared",
    "D022": "A declared policy is missing",
    "D023": "A policy differs from what is declared",
    "D024": "A policy is not declared",
    "D025": "What a contract lists does not exist",
    "D026": "A table that policies are declared for does not exist",
    "D027": "The history's owner may rewrite it",
    "D028": "A trigger that keeps the history as it is is missing, off or another, or one is not declared",
    "D029": "A view stands under a table's old name and no move of the map declares it",
    "D030": "The view under a table's old name is not what its move declares",
    "D031": "Someone holds a right on what shows a protected table's rows without its policies",
    "D032": "A function, trigger or rule is another than the migrations left",
    "D033": "A function, trigger or rule that migrations left is missing",
    "D034": "A function, trigger or rule is there that no migration left",
    "D035": "A schema's functions, triggers and rules are in no record",
    "D040": "An owner's code runs with the rights of whoever uses its table",
    "D041": "A foreign key does to another owner's deletes what no contract lets it",
}
_WARNINGS: Final = {"D009", "D025", "D026", "D035"}
_SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
_seen: dict[str, list[Finding]] = {}  # of the last look for a page, by the mark of the catalogue: one entry


@contextmanager
def looking(session: psycopg.Connection) -> Iterator[psycopg.Cursor]:
    """Give a cursor that sees one state of the catalogue, and can change nothing."""
    with session.transaction(), psycopg.Cursor(session) as cursor:
        cursor.execute(_SNAPSHOT)
        yield cursor


def find_drift(session: psycopg.Connection, ownership: Ownership, *, anew: bool = False) -> list[Finding]:
    """Give a finding for each difference; none where all is as declared.

    Unless `anew`, the mark alone tells that nothing changed since it was last found clean.
    """
    with looking(session) as cursor:
        return _look(cursor, ownership, make_mark(cursor, ownership), anew=anew)


def find_drift_over(connection: BaseDatabaseWrapper, ownership: Ownership) -> list[Finding]:
    """Give the same over a connection of Django's, inside its transaction where it has one. For pages: the outcome is
    kept in the process, drift or none, and the mark, of a few milliseconds, tells that nothing changed since."""
    connection.ensure_connection()
    session: psycopg.Connection = connection.connection
    is_free = session.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
    with looking(session) if is_free else _looking_within(session) as cursor:
        mark = make_mark(cursor, ownership)
        findings = _seen.get(mark)
        if findings is None:
            findings = _look(cursor, ownership, mark)
            _seen.clear()
            _seen[mark] = findings
        return findings


@contextmanager
def _looking_within(session: psycopg.Connection) -> Iterator[psycopg.Cursor]:
    # In a savepoint, so that a failure leaves the transaction usable; its snapshot is its own matter.
    with session.transaction(), psycopg.Cursor(session) as cursor:
        yield cursor


def _look(cursor: psycopg.Cursor, ownership: Ownership, mark: str, *, anew: bool = False) -> list[Finding]:
    # The mark is asked for first: it takes a tenth of the time that reading takes, but it ends with the server's run.
    if not anew and is_known_clean(mark):
        return []
    comparison = compare(cursor, ownership, is_known=lambda each: not anew and is_known_clean(make_key(each)))
    findings = list_findings(comparison)
    if not findings:
        remember_clean(make_key(comparison), mark)
    return findings


def look_for_plan(session: psycopg.Connection, ownership: Ownership) -> tuple[Plan, bool]:
    """Give the plan, and whether the login has to make itself a member of the migrator for it."""
    with looking(session) as cursor:
        plan = make_plan(compare(cursor, ownership), session.info.user)
        acts = any(change.role for change in plan.changes)
        return plan, acts and not can_become(cursor, ownership.migrator)


# --- Findings --------------------------------------------------------------------------------------------------------
def list_findings(comparison: Comparison) -> list[Finding]:
    """Give a finding for each drift, with the statements that mend it."""
    return [_make_finding(each, comparison) for each in comparison.drifts]


def _make_finding(drift: Drift, comparison: Comparison) -> Finding:
    level: Level = "warning" if drift.rule in _WARNINGS else "error"
    message = f"{comment(drift.found)}; declared: {comment(drift.declared)}"
    return Finding(drift.rule, comment(drift.object), message, _write_hint(drift, comparison), level)


def _write_hint(drift: Drift, comparison: Comparison) -> str:
    changes = list_changes([drift], comparison)
    if changes:
        return " ".join(write_alone(change) for change in changes if change.phase != Phase.SEAL)
    return drift.advice or "It goes with the right to pass it on, which is a finding of its own"
