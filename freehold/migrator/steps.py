"""Migrations without a transaction, one operation after the other: each tried again where a lock was not to be had,
and written down once it is done, so that a run that was cut off goes on where it stopped."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration
from django.db.migrations.operations import RunPython, RunSQL, SeparateDatabaseAndState
from django.db.migrations.operations.base import Operation

from freehold.migrator.limits import Patience

_DJANGOS = (
    "django.db.migrations.operations."  # its operations can run in a transaction; those of contrib.postgres say no
)
_OPEN_ENDED = (RunPython, RunSQL, SeparateDatabaseAndState)
CONCURRENTLY = re.compile(
    r"\s*CREATE\s+(?:UNIQUE\s+)?INDEX\s+CONCURRENTLY\s+(?:IF\s+NOT\s+EXISTS\s+)?(\"(?:[^\"]|\"\")+\"|\w+)\s+ON", re.I
)
INDEX = """
    SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname), i.indisvalid
    FROM pg_catalog.pg_index i
    JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relname = %s AND pg_catalog.pg_get_userbyid(c.relowner) = current_user
"""


class _Step:
    """One operation of a migration that has no transaction, in place of the operation itself.

    Django's own operations get a transaction each, in which it is also written down that they are done. Any other one
    keeps what it is: its statements are tried again one by one, and a run that is cut off in the middle of it runs it
    again from its beginning.
    """

    def __init__(
        self,
        operation: Operation,
        patience: Patience,
        done: Callable[[], None],
        settle: Callable[[], None],
        *,
        skipped: bool,
    ) -> None:
        self.operation = operation
        self.patience = patience
        self.done, self.settle = done, settle
        self.skipped = skipped
        self.whole = bool(operation.atomic) or is_djangos(operation)
        self.atomic = False  # Django opens no transaction around it

    def __getattr__(self, name: str) -> Any:
        return getattr(self.operation, name)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self.run(self.operation.database_forwards, app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self.run(self.operation.database_backwards, app_label, schema_editor, from_state, to_state)

    def run(self, act: Callable[..., Any], app_label: str, schema_editor: Any, *states: Any) -> None:
        if self.skipped:
            return
        if not self.whole:
            act(app_label, schema_editor, *states)
            run_deferred(schema_editor)
            self.settle()
            with transaction.atomic(using=schema_editor.connection.alias):
                self.done()
            return
        self.patience.outlast(lambda _: self.run_whole(act, app_label, schema_editor, *states))
        self.settle()

    def run_whole(self, act: Callable[..., Any], app_label: str, schema_editor: Any, *states: Any) -> None:
        try:
            with transaction.atomic(using=schema_editor.connection.alias):
                act(app_label, schema_editor, *states)
                run_deferred(schema_editor)
                self.done()
        except DatabaseError:
            schema_editor.deferred_sql.clear()
            raise


def is_djangos(operation: Operation) -> bool:
    """Tell whether the operation is one whose statements Django writes."""
    return type(operation).__module__.startswith(_DJANGOS) and not isinstance(operation, _OPEN_ENDED)


def run_deferred(schema_editor: Any) -> None:
    """Run what the schema editor put off, now rather than at its end: foreign keys and indexes of new tables."""
    statements, schema_editor.deferred_sql[:] = list(schema_editor.deferred_sql), []
    for statement in statements:
        schema_editor.execute(statement, None)


@contextmanager
def in_steps(
    migration: Migration,
    backwards: bool,
    done_before: int,
    patience: Patience,
    note: Callable[[int, int], None],
    settle: Callable[[], None] = lambda: None,
) -> Iterator[None]:
    """Put a step in the place of each operation inside the block; `note` gets how many of how many are done. Behind
    each, before the transaction in which that is noted, it calls `settle`.

    `done_before` is how many an earlier run has done, in the order in which they run.
    """
    steps: Any = migration  # Django declares the list of operations for the class
    operations = migration.operations
    total = len(operations)

    def make_step(position: int, operation: Operation) -> _Step:
        order = total - position if backwards else position + 1
        return _Step(operation, patience, lambda: note(order, total), settle, skipped=order <= done_before)

    steps.operations = [make_step(*each) for each in enumerate(operations)]
    try:
        yield
    finally:
        steps.operations = operations


class PatientStatements:
    """Tries statements again that stand outside a transaction: a wrapper for Django's `execute_wrapper`.

    CREATE INDEX CONCURRENTLY leaves an invalid index behind when it fails or is cut off: that is dropped first. Where
    a run `resumes`, an index that is there and valid counts as made.
    """

    def __init__(self, connection: BaseDatabaseWrapper, patience: Patience, *, resumes: bool) -> None:
        self.connection = connection
        self.patience = patience
        self.resumes = resumes

    def __call__(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        if self.connection.in_atomic_block:
            return execute(sql, params, many, context)
        made = CONCURRENTLY.match(str(sql))

        def attempt(number: int) -> Any:
            if made and (self.resumes or number > 1) and self.has_index(made[1], execute, context):
                return None
            return execute(sql, params, many, context)

        return self.patience.outlast(attempt)

    def has_index(self, name: str, execute: Any, context: Any) -> bool:
        """Tell whether the index is there and valid; drop it where it is not valid."""
        bare = name[1:-1].replace('""', '"') if name.startswith('"') else name.lower()
        execute(INDEX, [bare], False, context)
        found = context["cursor"].fetchone()
        if found and not found[1]:
            execute(f"DROP INDEX CONCURRENTLY {found[0]}", None, False, context)
        return bool(found and found[1])
