"""Looks at the history's own rows: whether they hang together, and whether the database still guards them."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper

from freehold.findings import Finding
from freehold.history.chain import iter_links
from freehold.history.sqlite_guard import list_faults
from freehold.models import MigrationHistory
from freehold.ownership.map import Ownership
from freehold.rights.comparison import compare
from freehold.rights.comparison.guards import RULES
from freehold.verification.faults import Acceptance, Fault, make_fault

APP = "freehold"
GUARD = "guard"
_ACCEPT = "`manage.py history repair freehold {}` accepts it as it is"


def iter_row_faults(connection: BaseDatabaseWrapper) -> Iterator[Fault]:
    """Yield each row that does not follow from the one before it, unless a person accepted it so.

    Rows from before there were links have none; those are covered by the first that has one.
    """
    rows = MigrationHistory.objects.using(connection.alias).order_by("id")
    accepted = set(rows.filter(kind="history", outcome="accepted").values_list("name", "checksum"))
    has_begun = False
    for row, expected in iter_links(rows.iterator()):
        is_right = row.link == expected if row.link else not has_begun
        has_begun = has_begun or bool(row.link)
        if not is_right and (str(row.pk), expected) not in accepted:
            yield _describe_row(row, expected)


def _describe_row(row: MigrationHistory, expected: str) -> Fault:
    """Give the fault of one row."""
    what = "was changed, or a row before it was removed or added" if row.link else "was written by something else"
    return make_fault(
        "H008",
        f"row {row.pk}",
        f"{row.app}.{row.name} {row.direction}, {row.started_at:%Y-%m-%d %H:%M} UTC: it {what}",
        f"Compare it with a backup; {_ACCEPT.format(row.pk)}",
        Acceptance("history", APP, str(row.pk), checksum=expected, before=row.link),
    )


def iter_guard_faults(connection: BaseDatabaseWrapper, ownership: Ownership) -> Iterator[Fault]:
    """Yield what would let the history be rewritten."""
    hint = "`manage.py history repair freehold guard` makes it again; see who took it off, and what they wrote"
    accepted = Acceptance("history", APP, GUARD)
    if connection.vendor != "postgresql":
        for name, what in list_faults(connection).items():
            yield make_fault("H009", f"trigger {name}", what, hint, accepted)
        return
    with psycopg.Cursor(connection.connection) as cursor:
        comparison = compare(cursor, ownership, with_models=False)
    for drift in comparison.drifts:
        if drift.rule in RULES:
            yield Fault(Finding("H009", drift.object, f"{drift.found} ({drift.rule})", hint), accepted, drift.changes)
