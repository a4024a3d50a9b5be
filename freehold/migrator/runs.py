"""One migration on its way up or down: as the owner, within limits, and written down."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from typing import Any

from django.db import DatabaseError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration

from freehold.acting.roles import SWITCH, can_switch, switch_role
from freehold.errors import MigrationError
from freehold.history.changes import COUNTS, find_touched
from freehold.history.journal import Execution, Journal
from freehold.history.recording import can_send_two, writing_at_once
from freehold.migrator.blockers import BlockerWatch
from freehold.migrator.boundaries import Boundary, Past
from freehold.migrator.builds import find_start
from freehold.migrator.failures import FailedStatement, explain
from freehold.migrator.limits import Limits, Patience
from freehold.migrator.lock import LockLostError
from freehold.migrator.recorder import EndingRecorder
from freehold.migrator.settings import may_set, remember, restore
from freehold.migrator.steps import PatientStatements, in_steps, run_deferred
from freehold.migrator.wholeness import OneTransaction, describe_ended
from freehold.ownership import Ownership, Schema

# One round trip for all: the target list is evaluated from left to right. Without a role to become, it stays.
_ENTER = f"""
    SELECT pg_catalog.current_setting('role'), pg_catalog.current_setting('lock_timeout'),
        pg_catalog.current_setting('statement_timeout'),
        pg_catalog.set_config('role', coalesce(%(role)s, pg_catalog.current_setting('role')), %(local)s),
        pg_catalog.set_config('lock_timeout', %(lock)s, %(local)s),
        pg_catalog.set_config('statement_timeout', %(statement)s, %(local)s),
        {COUNTS}, pg_catalog.set_config('freehold.migration', 'runs', true)
"""
_APPLIED = "(SELECT count(*) FROM public.django_migrations WHERE app || '.' || name = ANY (%(names)s))"
_ENTER_LOOKING = f"{_ENTER}, {_APPLIED}"
_RUNS = "SELECT pg_catalog.current_setting('freehold.migration', true)"  # while the transaction is the same
_LEAVE = f"{SWITCH}, {COUNTS}"
_Record = Callable[[Migration, bool], None]  # writes or removes the rows of `django_migrations`


class SettledError(Exception):
    """Somebody else applied the migration, or took it back, since the plan was made."""


class MigrationRun:
    """What one migration needs while it runs.

    On PostgreSQL one transaction holds the migration, its row in `django_migrations` and its row in the history, on
    SQLite too: either all of it is there or nothing. A migration with `atomic = False` goes on where it was cut off.
    """

    def __init__(
        self,
        connection: BaseDatabaseWrapper,
        ownership: Ownership,
        journal: Journal,
        recorder: EndingRecorder,
        migration: Migration,
        direction: str,
        schema: Schema,
    ) -> None:
        self.connection, self.ownership, self.journal, self.recorder = connection, ownership, journal, recorder
        self.migration, self.direction, self.schema = migration, direction, schema
        self.name = f"{migration.app_label}.{migration.name}"
        self.has_roles = connection.vendor == "postgresql"
        self.execution = Execution(migration, direction, schema.owner)
        self.failed = FailedStatement()
        self.watch: BlockerWatch | None = None
        self.counts: str | None = None  # of what its transaction had changed when it began
        self.limits = ("0", "0")  # of the migration, for a lock and for a statement, while it runs
        self.may_set = self.has_roles and may_set(migration)
        self.past, self.is_last = Past(), True  # see freehold/migrator/boundaries.py
        self.is_settled = False  # by somebody else, so that nothing was to be done

    # --- Attempts ------------------------------------------------------------------------------------------------
    def perform(
        self,
        state: Any,
        record: _Record,
        limits: Limits,
        say: Callable[[str], object],
        remake_state: Callable[[], Any],
        *,
        fake: bool,
    ) -> Any:
        """Run it, again where a lock was not to be had, and write down how it went; give the state afterwards.

        Raises:
            MigrationError: the server refused it, or it got no lock.
        """
        limits = limits.for_migration(self.migration)
        self.patience = Patience(limits, say, self.watch.describe if self.watch else str)

        def attempt(number: int) -> Any:
            start = state if number == 1 else remake_state()
            try:
                return self.fake(start, record) if fake else self.attempt(start, record, limits)
            except SettledError:
                self.recover()
                self.is_settled = True
                return self.pass_over(start)
            except LockLostError:
                raise  # before anything else is sent
            except Exception:
                self.recover()
                raise

        try:
            with self.connection.execute_wrapper(self.failed), self.watching():
                return self.patience.outlast(attempt) if self.migration.atomic else attempt(1)
        except LockLostError:
            raise  # whoever has the lock by now writes down what becomes of it
        except Exception as error:
            self.journal.write_failure(self.execution, error)
            if told := self.explain(error):
                raise told from error
            raise

    def explain(self, error: Exception) -> MigrationError | None:
        """Give what a person can act on; None where the error says that itself."""
        if not isinstance(error, DatabaseError):
            return None
        return explain(self.migration, self.schema, self.ownership, self.failed.sql, error, self.patience)

    def watching(self) -> Any:
        return self.connection.execute_wrapper(self.watch) if self.watch else nullcontext()

    def fake(self, state: Any, record: _Record) -> Any:
        """Write down that it is applied, or is not, without running it."""
        with writing_at_once(self.connection), transaction.atomic(using=self.connection.alias):
            self.look()
            self.record(record, outcome="faked")
        return state

    def attempt(self, state: Any, record: _Record, limits: Limits) -> Any:
        migration = self.migration
        held = self.held()  # looks at the operations, whose places are taken by steps where they go on
        with ExitStack() as stack:
            stack.enter_context(writing_at_once(self.connection))
            if not migration.atomic:
                self.look()
                stack.enter_context(self.going_on())
            editor = stack.enter_context(self.connection.schema_editor(atomic=migration.atomic))
            if migration.atomic and not self.has_roles:  # else as_owner looks, in a message that is sent anyway
                self.look()
            self.journal.begin()
            whole = self.connection.execute_wrapper(OneTransaction(self.connection, migration))
            with self.as_owner(limits), held, self.keeping_settings(), whole:
                act = migration.apply if self.direction == "up" else migration.unapply
                state = act(state, editor)
                run_deferred(editor)
            if not migration.atomic:
                stack.enter_context(transaction.atomic(using=self.connection.alias))
            self.record(record)
        return state

    # --- What others did meanwhile ------------------------------------------------------------------------------------
    def look(self) -> None:
        """See, in the transaction at hand, whether it is still to be done.

        Raises:
            SettledError: it is not.
        """
        applied = self.recorder.applied_migrations()
        self.check_open(sum(f"{app}.{name}" in self.names for app, name in applied))

    def check_open(self, found: int) -> None:
        """Tell from how many of its rows are in `django_migrations`."""
        if bool(found) == (self.direction == "up"):
            raise SettledError

    @property
    def names(self) -> list[str]:
        """What it is recorded as; a squashed one, on the way down, as those that it replaces too."""
        replaced = self.migration.replaces if self.direction == "down" else []
        return [self.name, *(f"{app}.{name}" for app, name in replaced)]

    def pass_over(self, state: Any) -> Any:
        """Give the models as they are once it is done."""
        return self.migration.mutate_state(state, preserve=False) if self.direction == "up" else state

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """Run the block's operations one by one, behind those that an earlier run has done."""
        done = self.journal.find_done(self.execution)
        if done is None:
            self.note(0, len(self.migration.operations))
        with (
            in_steps(self.migration, self.direction == "down", done or 0, self.patience, self.note, self.settle),
            ExitStack() as stack,
        ):
            if self.has_roles:
                since = find_start(self.connection, self.migration, is_written=self.journal.exists)
                statements = PatientStatements(self.connection, self.patience, since, resumes=done is not None)
                stack.enter_context(self.connection.execute_wrapper(statements))
            yield

    def note(self, done: int, total: int) -> None:
        """Write down, in the transaction at hand, how many operations are done."""
        if self.has_roles and done:
            switch_role(self.connection, self.ownership.migrator)
        self.journal.note_done(self.execution, done, total)

    # --- Whose it is ---------------------------------------------------------------------------------------------
    @contextmanager
    def as_owner(self, limits: Limits) -> Iterator[None]:
        """Act as the schema's owner in the block, within the limits; then as the migrator again, who writes it down.

        Role and limits are set for the transaction where there is one, so that nothing has to be set back after it; the
        migrator comes back with the first row that is written.
        """
        if not self.has_roles:
            yield
            return
        if self.may_set:
            remember(self.connection)
        self.limits = (f"{limits.lock_timeout}ms", f"{limits.statement_timeout}ms")
        looks = self.migration.atomic and self.journal.exists  # without the history there may be no table to look at
        before = self.enter(self.owner, *self.limits, looks=looks)
        self.counts = before[3]
        if looks:
            self.check_open(before[4])
        yield
        if not (self.connection.in_atomic_block and can_send_two(self.connection)):
            self.check_role(self.enter(self.owner and self.ownership.migrator, *before[1:3])[0])
        elif self.owner:
            self.recorder.ending = (_LEAVE, [self.ownership.migrator, True])

    @contextmanager
    def keeping_settings(self) -> Iterator[None]:
        """Put back at the block's end what it set, before anything of the engine's runs; role and limits stay."""
        yield
        if self.migration.atomic:
            self.settle()

    def settle(self) -> None:
        """Put back what was set, and the limits."""
        if self.may_set:
            self.restore(*self.limits)

    def restore(self, lock_timeout: str, statement_timeout: str) -> None:
        restore(self.connection, _ENTER, self.list_values(None, lock_timeout, statement_timeout))

    def held(self) -> AbstractContextManager[None]:
        """Look at what the block does: nothing of others may be changed, nor what contracts share."""
        if not self.has_roles:
            return nullcontext()
        words = (self.connection, self.ownership, self.migration, self.schema, self.direction)
        return Boundary(*words, self.past, is_last=self.is_last).held(self.check_role)

    @property
    def owner(self) -> str | None:
        """The role to become; None where that is the migrator itself."""
        return None if self.schema.owner == self.ownership.migrator else self.schema.owner

    def check_role(self, found: str) -> None:
        """Refuse a migration that took another role by itself.

        Raises:
            MigrationError: it did.
        """
        if self.owner and found != self.owner:
            if self.has_ended():
                raise MigrationError(describe_ended(self.name))
            became = self.connection.settings_dict["USER"] if found == "none" else found
            raise MigrationError(
                f"migration {self.name} began as {self.owner} and ended as {became}: it sets or resets its role, and "
                f"may not; take that out of it"
            )

    def has_ended(self) -> bool:
        """Tell whether the migration's transaction is over, and this is another."""
        with self.connection.cursor() as cursor:
            cursor.execute(_RUNS)
            return self.migration.atomic and cursor.fetchone()[0] != "runs"

    def enter(
        self, role: str | None, lock_timeout: str, statement_timeout: str, *, looks: bool = False
    ) -> tuple[str, str, str, str | None, int]:
        """Take a role and times; give what they were, the counts of what the transaction changed by now, and, where
        it `looks`, in how many rows it is recorded."""
        values = self.list_values(role, lock_timeout, statement_timeout)
        with self.connection.cursor() as cursor:
            cursor.execute(_ENTER_LOOKING if looks else _ENTER, {**values, "names": self.names})
            row = cursor.fetchone()
        return row[0], row[1], row[2], row[6], int(row[-1]) if looks else 0

    def list_values(self, role: str | None, lock_timeout: str, statement_timeout: str) -> dict[str, Any]:
        """Give what `_ENTER` takes."""
        local = self.connection.in_atomic_block
        return {"role": role, "lock": lock_timeout, "statement": statement_timeout, "local": local}

    def recover(self) -> None:
        """Be the migrator after a failure, without limits. A rollback takes all of that back by itself; a migration
        without a transaction leaves it, maybe on a connection that can do nothing any more."""
        self.recorder.ending = self.recorder.answer = None
        if self.has_roles and can_switch(self.connection):
            if self.may_set:
                self.restore("0", "0")
            self.enter(self.ownership.migrator, "0", "0")

    # --- What is written down ------------------------------------------------------------------------------------
    def record(self, record: _Record, outcome: str = "ok") -> None:
        """Write the rows of `django_migrations` and of the history, in the transaction at hand.

        Raises:
            MigrationError: the migration took another role by itself.
        """
        record(self.migration, self.direction == "up")
        touched = None
        if self.recorder.answer:
            (found, _, counts), self.recorder.answer = self.recorder.answer, None
            self.check_role(found)
            touched = find_touched(self.counts, counts, self.migration)
        pauses = "; ".join(self.patience.pauses)
        self.journal.write(self.execution, outcome=outcome, detail=pauses, touched=touched)
