"""How far a migration without a transaction has come: rows of the history, one for each operation that is done."""

from __future__ import annotations

import re
from datetime import datetime

from django.db.migrations import Migration

from freehold.errors import MigrationError
from freehold.history.journal import Journal, find_sources
from freehold.ownership import Schema

_PART = "part"
_DETAIL = "operation {done} of {total}"
_READ = re.compile(r"operation (\d+) of (\d+)")


def note_done(
    journal: Journal, migration: Migration, direction: str, schema: Schema, started: datetime, done: int, total: int
) -> None:
    """Add a row, in the transaction at hand: so many operations are done. With none done it says that a run began."""
    if not journal.is_old:  # an old table has no word for it
        journal.write(
            migration, direction, schema, started, outcome=_PART, detail=_DETAIL.format(done=done, total=total)
        )


def find_done(journal: Journal, migration: Migration, direction: str) -> int | None:
    """Give how many operations a run that did not end has done; None where none was cut off. One query.

    Raises:
        MigrationError: the migration's source is another now, so that nobody knows which operations those were.
    """
    if not journal.exists:
        return None
    from freehold.models import MigrationHistory

    rows = MigrationHistory.objects.using(journal.connection.alias).filter(
        kind="migrate", app=migration.app_label, name=migration.name
    )
    for outcome, way, checksum, detail in rows.order_by("-id").values_list(
        "outcome", "direction", "checksum", "detail"
    )[:100]:
        if outcome == "failed":
            continue
        found = _READ.fullmatch(detail)
        if outcome != _PART or way != direction or not found:
            return None
        if checksum != find_sources(migration).checksum and found[1] != "0":
            raise MigrationError(
                f"migration {migration.app_label}.{migration.name} was cut off after {detail} and has been edited "
                f"since, so that it can't go on: put its file back as it was, and edit it once it is through"
            )
        return int(found[1])
    return None
