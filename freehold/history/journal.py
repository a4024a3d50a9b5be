"""Writes down in the history what migrations did, and what failed."""

from __future__ import annotations

import sys
from collections.abc import Container, Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import Error
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration
from django.utils import timezone

from freehold.history import recording
from freehold.history.recording import one_line
from freehold.history.sources import Sources, read_sources
from freehold.ownership import Schema

HISTORY = ("freehold", "0001_migration_history")  # makes the table that every other migration is written down in
KEEPING = ("freehold", "0004_append_only_history")  # lets it hold what ran
_SCOPES = ("database_operations", "state_operations")  # of SeparateDatabaseAndState: operations in an operation


class Journal:
    """The history as one run of migrations writes it.

    `exists` tells whether its table is there at the moment, `is_old` whether that can't hold what ran yet. `applied`
    are the migrations that are.
    """

    def __init__(self, connection: BaseDatabaseWrapper, applied: Container[tuple[str, str]]) -> None:
        self.connection = connection
        self.read(applied)

    def read(self, applied: Container[tuple[str, str]]) -> None:
        """Take from the migrations that are applied what there is to write in."""
        self.exists, self.is_old = HISTORY in applied, KEEPING not in applied

    def write(
        self,
        migration: Migration,
        direction: str,
        schema: Schema,
        started: datetime,
        *,
        outcome: str = "ok",
        detail: str = "",
    ) -> None:
        """Add the row, where the table for it exists (again): its own migration makes and drops it."""
        exists, is_old = self.look_ahead(migration, direction, outcome)
        if is_old and outcome == "faked":  # which the old table has no word for
            outcome, detail = "ok", "faked"
        if exists:
            sources = find_sources(migration)
            recording.record(
                kind="migrate",
                direction=direction,
                app=migration.app_label,
                name=migration.name,
                checksum=sources.checksum,
                sources=sources.keep(),
                owner_role=schema.owner,
                started_at=started,
                duration=timezone.now() - started,
                outcome=outcome,
                detail=detail,
                is_old=is_old,
                using=self.connection.alias,
            )
        self.exists, self.is_old = exists, is_old

    def look_ahead(self, migration: Migration, direction: str, outcome: str) -> tuple[bool, bool]:
        """Give what `exists` and `is_old` are once the migration is done: its own table may be what it made."""
        exists, is_old = self.exists, self.is_old
        name = (migration.app_label, migration.name)
        if outcome != "failed" and name == HISTORY:
            exists = direction == "up"
        if outcome != "failed" and name == KEEPING:
            is_old = direction == "down"
        return exists, is_old

    def write_failure(
        self, migration: Migration, direction: str, schema: Schema, started: datetime, error: Exception
    ) -> None:
        """Add the row of a failure. Where even that fails, what went wrong first is what counts."""
        with suppress(Error):
            self.write(migration, direction, schema, started, outcome="failed", detail=one_line(error))


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
