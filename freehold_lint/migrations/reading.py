"""Reads a migration from its first operation to its last, Django's operations and SQL alike."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from django.db.migrations import Migration
from django.db.migrations.state import ProjectState

from freehold_lint.locations import Location, MigrationFile, read_layout
from freehold_lint.migrations.disk import list_files
from freehold_lint.migrations.operation_changes import AppliedOperation, is_gradual, is_proof, read_operation
from freehold_lint.migrations.sql_changes import list_statements, read_statement
from freehold_lint.migrations.vocabulary import MigrationChange
from freehold_lint.parsing import StatementError
from freehold_lint.texts import get_path, iter_texts

_OTHERS = {"down", "sqlite"}  # words in the name of a file that PostgreSQL does not run on the way up
_VARIANT = ".postgresql.sql"  # of a file that goes before the common one
_PROOF = re.compile(r"\bnot\s+null\b|\bvalidate\b|\bcheck\b", re.IGNORECASE)

_Index = tuple[tuple[int, int], ...]  # of an operation among how many, outermost first


@dataclass
class Reading:
    """What a migration does, with the files it was read from."""

    label: str
    changes: list[MigrationChange] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether all of its SQL was read."""
        return all(change.kind != "unreadable" for change in self.changes)


def read_migration(migration: Migration, state: ProjectState, *, proofs: bool = False) -> Reading:
    """Give what a migration does to a database in `state`, which goes along. `proofs`: only what may say of columns
    that they are not NULL."""
    reader = _MigrationReader(migration, proofs)
    for number, operation in enumerate(migration.operations):
        before = state.clone()
        operation.state_forwards(migration.app_label, state)
        reader.read(operation, before, state, ((number, len(migration.operations)),))
    return reader.reading


class _MigrationReader:
    """Reads one migration."""

    def __init__(self, migration: Migration, proofs: bool) -> None:
        self.app, self.proofs = migration.app_label, proofs
        self.layout: MigrationFile = read_layout(get_path(migration))
        self.reading = Reading(f"{migration.app_label}.{migration.name}", files=[self.layout.path])

    def read(self, operation: Any, before: ProjectState, after: ProjectState, index: _Index) -> None:
        """Add what an operation does, or those in it that are for the database."""
        inner = getattr(operation, "database_operations", None)
        if inner is not None:
            self.read_inner(inner, before, index)
            return
        place = self.layout.find_place([number for number, _ in index], [count for _, count in index])
        if not self.proofs or is_proof(operation):
            step = AppliedOperation(self.app, operation, before, after)
            self.reading.changes += [replace(change, place=place) for change in read_operation(step)]
        if not is_gradual(operation):
            self.read_sql(operation, place)

    def read_inner(self, operations: Sequence[Any], before: ProjectState, index: _Index) -> None:
        """Add what the database's part of SeparateDatabaseAndState does, with states of its own, as Django has them."""
        for number, operation in enumerate(operations):
            after = before.clone()
            operation.state_forwards(self.app, after)
            self.read(operation, before, after, (*index, (number, len(operations))))
            before = after

    def read_sql(self, operation: Any, place: Location) -> None:
        """Add what the SQL of an operation does on the way up."""
        if not _is_of_sqlite(operation):
            for text in iter_texts(getattr(operation, "sql", "")):
                self.read_text(text, self.layout, self.layout.find_text(text), place)
        for path in _list_run(operation):
            layout = read_layout(path)
            self.reading.files.append(path)
            self.read_text("\n".join(layout.lines), layout, 1, place)

    def read_text(self, text: str, layout: MigrationFile, line: int, place: Location) -> None:
        """Add what a text does that begins on that line of its file; 0 where that is not known."""
        if self.proofs and not _PROOF.search(text):
            return
        try:
            statements = list_statements(text)
        except StatementError as error:
            last = text[: error.place].count("\n")
            where = _find_place(last, last, layout, line, place)
            self.reading.changes.append(MigrationChange("unreadable", name="SQL", sort=str(error), place=where))
        else:
            for each in statements:
                where = _find_place(each.first, each.last, layout, line, place)
                self.reading.changes += [replace(change, place=where) for change in read_statement(each)]


def _is_of_sqlite(operation: Any) -> bool:
    """Tell whether the operation's SQL is SQLite's own, which PostgreSQL never runs."""
    return any(kind.__name__ == "RunSQLite" for kind in type(operation).__mro__)


def _list_run(operation: Any) -> list[Path]:
    """Give the files of SQL that an operation runs on PostgreSQL on the way up."""
    found = [path.resolve() for path in list_files([operation]) if not _OTHERS & set(path.name.split("."))]
    variants = {path.name.replace(_VARIANT, ".sql") for path in found if path.name.endswith(_VARIANT)}
    return [path for path in found if path.is_file() and path.name not in variants]


def _find_place(first: int, last: int, layout: MigrationFile, line: int, place: Location) -> Location:
    """Give a statement's own place in its file, by its lines in a text that begins on `line`; waivers for its operation
    count for it too, in the same file."""
    first, last = line + first, line + last
    if not line or last > len(layout.lines):
        return place
    lines = layout.list_waiver_lines(first, last)
    return Location(layout.path, first, lines | place.waivers if layout.path == place.path else lines)
