"""Migrations without a transaction, one operation after the other: each tried again where a lock was not to be had,
and written down once it is done, so that a run that was cut off goes on where it stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from typing import Any

from django.db import DatabaseError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration
from django.db.migrations.operations import RunPython, RunSQL, SeparateDatabaseAndState
from django.db.migrations.operations.base import Operation

from freehold.acting.roles import can_switch
from freehold.migrator.builds import Builds, read_single, works_beside
from freehold.migrator.limits import Patience
from freehold.sqlfiles import write_text

_DJANGOS = (
    "django.db.migrations.operations."  # its operations can run in a transaction; those of contrib.postgres say no
)
_OPEN_ENDED = (RunPython, RunSQL, SeparateDatabaseAndState)
_LOCK_TIMEOUT = "SELECT pg_catalog.current_setting('lock_timeout'), pg_catalog.set_config('lock_timeout', %s, false)"


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

    What is there already is compared by its definition (freehold/migrator/builds.py). What an attempt left unfinished
    is dropped, of an earlier run too where this one `resumes`, and nothing that was there before `since`.
    """

    def __init__(self, connection: BaseDatabaseWrapper, patience: Patience, since: str, *, resumes: bool) -> None:
        self.connection = connection
        self.patience = patience
        self.since = since
        self.resumes = resumes

    def __call__(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        if self.connection.in_atomic_block:
            return execute(sql, params, many, context)
        statement = read_single(write_text(self.connection, sql))
        if not statement:
            return self.patience.outlast(lambda _: execute(sql, params, many, context))

        def run(text: str, values: Any) -> list[tuple[Any, ...]]:
            execute(text, values, False, context)
            cursor = context["cursor"]
            return list(cursor.fetchall()) if cursor.description else []

        builds = Builds(self.connection.alias, run, self.since)

        def attempt(number: int) -> Any:
            again = self.resumes or number > 1
            try:
                with self.unhurried(run) if works_beside(statement) else nullcontext():
                    if again:
                        builds.clean(statement, params)
                    is_made = builds.is_made(statement, params, again=again)
                    return None if is_made else execute(sql, params, many, context)
            except DatabaseError:
                with suppress(DatabaseError):  # who is in its way may be in the way of this too: then the next one does
                    builds.clean(statement, params)
                raise

        return self.patience.outlast(attempt)

    @contextmanager
    def unhurried(self, run: Callable[[str, Any], list[tuple[Any, ...]]]) -> Iterator[None]:
        """Let the block wait for locks as long as it must: nobody waits behind it."""
        before = run(_LOCK_TIMEOUT, ["0"])[0][0]
        try:
            yield
        finally:
            if can_switch(self.connection):
                run(_LOCK_TIMEOUT, [before])
