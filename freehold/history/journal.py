"""Writes down in the history what migrations did, and what failed."""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Container, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import Error, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration
from django.utils import timezone

from freehold.errors import MigrationError
from freehold.history import recording
from freehold.history.changes import Changes
from freehold.history.recording import one_line
from freehold.history.sources import Sources, read_sources

HISTORY = ("freehold", "0001_migration_history")  # makes the table that every other migration is written down in
KEEPING = ("freehold", "0004_append_only_history")  # lets it hold what ran
STRUCTURE = ("freehold", "0006_structure")  # lets it hold what that changed of functions, triggers and rules
_PART = "part"
_READ = re.compile(r"operation (\d+) of (\d+)")
_SECONDS = 3  # for a row that is a courtesy: whoever is cut off may still hold what it takes to write one
_HASTE = f"""
    SELECT pg_catalog.set_config('lock_timeout', '{_SECONDS}s', true),
        pg_catalog.set_config('statement_timeout', '{2 * _SECONDS}s', true)
"""
_SCOPES = ("database_operations", "state_operations")  # of SeparateDatabaseAndState: operations in an operation


@dataclass(frozen=True)
class Execution:
    """A migration on its way up or down, run by the role `owner`."""

    migration: Migration
    direction: str
    owner: str
    started: datetime = field(default_factory=timezone.now)


class Journal:
    """The history as one run of migrations writes it.

    `exists` tells whether its table is there at the moment, `is_old` whether that can't hold what ran yet, `holds`
    whether it has room for what changed in `schemas`. `applied` are the migrations that are.
    """

    def __init__(
        self, connection: BaseDatabaseWrapper, applied: Container[tuple[str, str]], schemas: Collection[str] = ()
    ) -> None:
        self.connection = connection
        self.changes = Changes(connection, schemas)
        self.read(applied)

    def read(self, applied: Container[tuple[str, str]]) -> None:
        """Take from the migrations that are applied what there is to write in."""
        self.failing: set[str] | None = None  # apps of which a run was refused, once that was asked
        self.exists, self.is_old, self.holds = (
            HISTORY in applied,
            KEEPING not in applied,
            STRUCTURE in applied,
        )

    def begin(self) -> None:
        """Know what stands before a migration that is about to run."""
        self.changes.begin(has_record=self.holds)

    def write(
        self, execution: Execution, *, outcome: str = "ok", detail: str = "", touched: Collection[str] | None = None
    ) -> None:
        """Add the row, where the table for it exists (again): its own migration makes and drops it. `touched` are the
        sorts of code that it may have changed; None where that is not known."""
        migration = execution.migration
        exists, is_old, holds = self.look_ahead(execution, outcome)
        if is_old and outcome == "faked":  # which the old table has no word for
            outcome, detail = "ok", "faked"
        if exists:
            sources = find_sources(migration)
            recording.record(
                kind="migrate",
                direction=execution.direction,
                app=migration.app_label,
                name=migration.name,
                checksum=sources.checksum,
                sources=sources.keep(),
                owner_role=execution.owner,
                started_at=execution.started,
                duration=timezone.now() - execution.started,
                outcome=outcome,
                detail=detail,
                structure=self.changes.describe(touched)
                if holds and self.may_have_changed(execution, outcome)
                else None,
                is_old=is_old,
                using=self.connection.alias,
            )
        self.exists, self.is_old, self.holds = exists, is_old, holds

    def look_ahead(self, execution: Execution, outcome: str) -> tuple[bool, bool, bool]:
        """Give what `exists`, `is_old` and `holds` are once it is done: its own table may be what it made."""
        name = (execution.migration.app_label, execution.migration.name) if outcome != "failed" else None
        exists = execution.direction == "up" if name == HISTORY else self.exists
        is_old = execution.direction == "down" if name == KEEPING else self.is_old
        holds = execution.direction == "up" if name == STRUCTURE else self.holds
        return exists, is_old, holds

    def may_have_changed(self, execution: Execution, outcome: str) -> bool:
        """Tell whether a migration that ended so left anything: what failed in a transaction is gone."""
        return outcome in ("ok", _PART) or (outcome == "failed" and not execution.migration.atomic)

    def write_failure(self, execution: Execution, error: Exception) -> None:
        """Add the row of a failure. Where even that fails, or takes seconds, what went wrong first is what counts."""
        alias = self.connection.alias
        with (
            suppress(Error, MigrationError),
            in_haste(self.connection),
            recording.writing_at_once(self.connection),
            transaction.atomic(using=alias),
        ):
            if self.connection.vendor == "postgresql":
                with self.connection.cursor() as cursor:
                    cursor.execute(_HASTE)
            self.write(execution, outcome="failed", detail=one_line(error))

    def find_refusal(self, app: str) -> str:
        """Give what the app's runs said that failed since one of its migrations was applied; empty where none did."""
        if not self.exists:
            return ""
        from freehold.models import MigrationHistory

        all_rows = MigrationHistory.objects.using(self.connection.alias).filter(kind="migrate", direction="up")
        if self.failing is None:
            self.failing = set(all_rows.filter(outcome="failed").values_list("app", flat=True).distinct())
        if app not in self.failing:
            return ""
        rows = all_rows.filter(app=app)
        last = rows.exclude(outcome__in=("failed", _PART)).order_by("-id").values_list("id", flat=True).first() or 0
        return " ".join(rows.filter(outcome="failed", id__gt=last).order_by("id").values_list("detail", flat=True))

    # --- A migration without a transaction: a row for each operation that is done ------------------------------------
    def note_done(self, execution: Execution, done: int, total: int) -> None:
        """Add a row, in the transaction at hand: so many operations are done; with none, that a run began."""
        if not self.is_old:  # an old table has no word for it
            self.write(execution, outcome=_PART, detail=f"operation {done} of {total}")

    def find_done(self, execution: Execution) -> int | None:
        """Give how many operations a run that did not end has done; None where none was cut off. One query.

        Raises:
            MigrationError: the migration's source is another now, so that nobody knows which operations those were.
        """
        if not self.exists:
            return None
        from freehold.models import MigrationHistory

        migration = execution.migration
        rows = MigrationHistory.objects.using(self.connection.alias).filter(
            kind="migrate", app=migration.app_label, name=migration.name
        )
        columns = ("outcome", "direction", "checksum", "detail")
        last = rows.exclude(outcome="failed").order_by("-id").values_list(*columns).first()
        outcome, way, checksum, detail = last or ("", "", "", "")
        found = _READ.fullmatch(detail)
        if outcome != _PART or way != execution.direction or not found:
            return None
        if checksum != find_sources(migration).checksum and found[1] != "0":
            raise MigrationError(
                f"migration {migration.app_label}.{migration.name} was cut off after {detail} and has been edited "
                f"since, so that it can't go on: put its file back as it was, and edit it once it is through"
            )
        return int(found[1])


@contextmanager
def in_haste(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Let a new connection, where the one at hand was lost, take no longer than seconds either."""
    before = connection.settings_dict
    if connection.vendor == "postgresql":
        options = {**before["OPTIONS"], "connect_timeout": _SECONDS}
        connection.settings_dict = {**before, "OPTIONS": options}
    try:
        yield
    finally:
        connection.settings_dict = before


def find_file(migration: Any) -> Path | None:
    """Give the file of a migration (or its class); None where only bytecode is there."""
    file = getattr(sys.modules.get(migration.__module__), "__file__", None)
    path = Path(file) if file else None
    return path if path and path.suffix == ".py" and path.is_file() else None


def find_sources(migration: Migration) -> Sources:
    """Give a migration's own file and those that its operations name; nothing where only bytecode is there."""
    path = find_file(migration)
    if path is None:
        return Sources({})
    files = dict.fromkeys([path, *sorted(_iter_files(migration.operations))])
    return read_sources(files, path.parent.parent)


def _iter_files(operations: Iterable[Any]) -> Iterator[Path]:
    """Yield the files that operations name in an attribute `files`, those inside of others too."""
    for operation in operations:
        yield from map(Path, getattr(operation, "files", ()))
        for scope in _SCOPES:
            yield from _iter_files(getattr(operation, scope, ()))
