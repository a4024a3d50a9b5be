"""What the history says of each migration and seed: the sum of its rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.backends.base.base import BaseDatabaseWrapper

from freehold.models import MigrationHistory

Key = tuple[str, str]  # app and name
# Of the first migration's table: an older one is read too, before `migrate` brings it up to date.
_COLUMNS = ("id", "kind", "app", "name", "direction", "outcome", "checksum", "started_at", "login", "detail")


@dataclass(frozen=True)
class HistoryState:
    """How a migration or seed stands after its last row that counts, `row`; failures and parts do not count.

    `failed` is the row of a failure or of a part since then, 0 if there is none. `checksum` is that of what
    ran or was accepted.
    """

    row: int
    is_up: bool
    checksum: str
    outcome: str
    at: datetime
    login: str
    failed: int = 0
    failed_up: bool = False
    failure: str = ""


def list_states(connection: BaseDatabaseWrapper, kind: str) -> dict[Key, HistoryState]:
    """Map each migration (or seed) that the history has a row of to how it stands. One query."""
    rows = MigrationHistory.objects.using(connection.alias).filter(kind=kind).order_by("id").only(*_COLUMNS)
    return _fold(rows.iterator())


def _fold(rows: Iterable[MigrationHistory]) -> dict[Key, HistoryState]:
    """Give the sum of rows, which come in the order they were written."""
    states: dict[Key, HistoryState] = {}
    for row in rows:
        key, is_up = (row.app, row.name), row.direction == "up"
        if row.outcome in ("failed", "part"):
            before = states.get(key) or HistoryState(0, False, "", "", row.started_at, row.login)
            why = row.detail if row.outcome == "failed" else f"it was cut off after {row.detail}"
            states[key] = replace(before, failed=row.pk, failed_up=is_up, failure=why)
        else:
            states[key] = HistoryState(row.pk, is_up, row.checksum, row.outcome, row.started_at, row.login)
    return states
