"""Writes down that a person accepts what `verify` found. No row is changed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from freehold.acting.roles import using_role
from freehold.errors import FreeholdError
from freehold.history import recording, sqlite_guard
from freehold.ownership import Ownership
from freehold.verification.faults import TITLES, Fault
from freehold.verification.rows import GUARD


class RepairError(FreeholdError):
    """There is nothing to accept, or nobody who does."""


def choose(faults: Collection[Fault], app: str, name: str) -> list[Fault]:
    """Give the faults of one migration, seed or row, which may be named by its beginning, as for `migrate`.

    Raises:
        RepairError: nothing is amiss with it, or the beginning is that of several.
    """
    found = [each for each in faults if each.acceptance.app == app and each.acceptance.name.startswith(name)]
    exact = [each for each in found if each.acceptance.name == name]
    names = sorted({each.acceptance.name for each in found})
    if exact or len(names) == 1:
        return exact or found
    if names:
        raise RepairError(f"{app} {name} is the beginning of {', '.join(names)}: name one")
    raise RepairError(f"nothing is amiss with {app} {name}: `manage.py history verify` lists what is")


def accept(connection: BaseDatabaseWrapper, ownership: Ownership, faults: Collection[Fault], reason: str) -> None:
    """Add the rows, each once, and make the guard again where it is among the faults; all or nothing."""
    with transaction.atomic(using=connection.alias):
        _mend_guard(connection, [each for each in faults if each.acceptance.name == GUARD])
        rows: dict[tuple[str, str, str], Fault] = {}
        for each in faults:
            rows.setdefault((each.acceptance.kind, each.acceptance.app, each.acceptance.name), each)
        for each in rows.values():
            _add_row(connection, ownership, each, reason)


def _add_row(connection: BaseDatabaseWrapper, ownership: Ownership, fault: Fault, reason: str) -> None:
    """Write one acceptance down."""
    given = fault.acceptance
    schema = (ownership.find_schema_of_app if given.structure is None else ownership.find_schema)(given.app)
    recording.record(
        kind=given.kind,
        direction=given.direction,
        app=given.app,
        name=given.name,
        checksum=given.checksum,
        sources=given.sources,
        structure=given.structure,
        checksum_before=given.before,
        owner_role=schema.owner if schema else "",
        started_at=timezone.now(),
        duration=timedelta(),
        outcome="accepted",
        detail=f"{fault.finding.rule}: {TITLES[fault.finding.rule]}",
        reason=reason,
        using=connection.alias,
    )


def _mend_guard(connection: BaseDatabaseWrapper, faults: Collection[Fault]) -> None:
    """Make triggers and rights as they are declared."""
    if faults and connection.vendor != "postgresql":
        sqlite_guard.mend(connection)
        return
    for change in {change.says: change for each in faults for change in each.changes}.values():
        with using_role(connection, change.role):
            connection.connection.execute(change.statement)
