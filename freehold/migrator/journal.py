"""Writes down in the history what migrations did, and what failed."""

from __future__ import annotations

import hashlib
import sys
from contextlib import suppress
from datetime import datetime
from functools import cache
from pathlib import Path

from django.db import Error
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration
from django.utils import timezone

from freehold import history
from freehold.migrator.failures import one_line
from freehold.ownership import Schema

HISTORY = ("freehold", "0001_migration_history")  # makes the table that every other migration is written down in


class Journal:
    """The history as one run of migrations writes it. `exists` tells whether its table is there at the moment."""

    def __init__(self, connection: BaseDatabaseWrapper, exists: bool) -> None:
        self.connection = connection
        self.exists = exists

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
        if (migration.app_label, migration.name) == HISTORY and outcome == "ok":
            self.exists = direction == "up"
        if not self.exists:
            return
        history.record(
            kind="migrate",
            direction=direction,
            app=migration.app_label,
            name=migration.name,
            checksum=make_checksum(type(migration).__module__),
            owner_role=schema.owner,
            started_at=started,
            duration=timezone.now() - started,
            outcome=outcome,
            detail=detail,
            using=self.connection.alias,
        )

    def write_failure(
        self, migration: Migration, direction: str, schema: Schema, started: datetime, error: Exception
    ) -> None:
        """Add the row of a failure. Where even that fails, what went wrong first is what counts."""
        with suppress(Error):
            self.write(migration, direction, schema, started, outcome="failed", detail=one_line(error))


@cache
def make_checksum(module: str) -> str:
    """Give the SHA-256 of a migration file's source, in hexadecimal; empty where only its bytecode is there."""
    file = getattr(sys.modules.get(module), "__file__", None)
    path = Path(file) if file else None
    if path is None or path.suffix != ".py" or not path.is_file():
        return ""
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()
