"""One migration on its way up or down: as the owner, within limits, and written down."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from typing import Any

from django.db import DatabaseError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration

from freehold.acting.roles import can_switch, switch_role
from freehold.errors import MigrationError
from freehold.history.changes import find_touched
from freehold.history.journal import Execution, Journal
from freehold.history.recording import writing_at_once
from freehold.migrator.blockers import BlockerWatch
from freehold.migrator.boundaries import Boundary, Past
from freehold.migrator.builds import find_start
from freehold.migrator.failures import FailedStatement, explain
from freehold.migrator.limits import Limits, Patience
from freehold.migrator.lock import LockLostError
from freehold.migrator.owner_role import OwnerRole
from freehold.migrator.recorder import EndingRecorder
from freehold.migrator.same_names import SameNames
from freehold.migrator.shared import SharedParts, SqliteColumns
from freehold.migrator.sides import find_sides
from freehold.migrator.steps import PatientStatements, in_steps, run_deferred
from freehold.migrator.wholeness import OneTransaction
from freehold.ownership import Ownership, Schema
from freehold.plans import PlansLostError, check_standing, doubt

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
        self.role = OwnerRole(connection, ownership, migration, schema, recorder)
        self.past, self.is_last = Past(), True  # see freehold/migrator/boundaries.py
        self.since = ""  # without a transaction: where it began, in an earlier run maybe
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
                self.role.give_back()
                self.journal.read(self.recorder.applied_migrations())  # it may be one that makes the history
                self.is_settled = True
                return self.pass_over(start)
            except LockLostError:
                raise  # before anything else is sent
            except Exception as error:
                doubt(self.connection)  # without a transaction what it did to the session stands
                self.role.give_back()
                if self.lost_plans(error):
                    return attempt(number + 1)  # with nothing planned any more
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

    def lost_plans(self, error: Exception) -> bool:
        """Tell whether it failed, or seemed to, since something else dropped what the engine asks by."""
        if self.migration.atomic and self.has_roles and can_switch(self.connection):
            try:
                check_standing(self.connection)  # another migration may have, as it was committed
            except PlansLostError:
                return True
        return isinstance(error, PlansLostError)

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
            looks = migration.atomic and self.has_roles and self.journal.exists  # before it there may be no table
            if migration.atomic and not looks:  # else that is done in a message that is sent anyway
                self.look()
            self.journal.begin()
            whole = self.connection.execute_wrapper(OneTransaction(self.connection, migration))
            names = self.connection.execute_wrapper(SameNames(self.connection, self.since))
            taken = self.role.taken(limits, self.names if looks else (), self.check_open)
            with taken, held, self.role.keeping_settings(), names, whole:
                act = migration.apply if self.direction == "up" else migration.unapply
                state = act(state, editor)
                run_deferred(editor)
            if not migration.atomic:
                stack.enter_context(transaction.atomic(using=self.connection.alias))
                doubt(self.connection)
            self.record(record)
        if self.role.may_set:
            doubt(self.connection)  # of what was planned: a trigger that was put off may have dropped it by now
        return state

    # --- What others did meanwhile ------------------------------------------------------------------------------------
    def look(self) -> None:
        """See, in the transaction at hand, whether it is still to be done.

        Raises:
            SettledError: it is not.
        """
        self.check_open(self.recorder.count(self.names))

    def check_open(self, found: int) -> None:
        """Tell from how many of its rows are in `django_migrations`."""
        whole = len(self.migration.replaces) or 1  # a squashed one's own row comes at the run's end
        if found >= whole if self.direction == "up" else not found:
            raise SettledError

    @property
    def names(self) -> list[str]:
        """What it is recorded as; a squashed one as those that it replaces too."""
        return [self.name, *(f"{app}.{name}" for app, name in self.migration.replaces)]

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
            in_steps(self.migration, self.direction == "down", done or 0, self.patience, self.note, self.role.settle),
            ExitStack() as stack,
        ):
            if self.has_roles:
                self.since = find_start(self.connection, self.migration, is_written=self.journal.exists)
                statements = PatientStatements(self.connection, self.patience, self.since, resumes=done is not None)
                stack.enter_context(self.connection.execute_wrapper(statements))
            yield

    def note(self, done: int, total: int) -> None:
        """Write down, in the transaction at hand, how many operations are done."""
        doubt(self.connection)  # of what was planned: what an operation dropped of it is committed with it
        if self.has_roles and done:
            switch_role(self.connection, self.ownership.migrator)
        self.journal.note_done(self.execution, done, total)

    def held(self) -> AbstractContextManager[None]:
        """Look at what the block does: nothing of others may be changed, nor what contracts share."""
        if not self.has_roles:
            sides = find_sides(self.ownership, self.migration, self.schema)
            refusal = self.past.refusals.get(self.migration.app_label, "")
            parts = SharedParts(self.ownership, sides.own, refusal)
            columns = SqliteColumns(self.connection, parts)
            is_held = self.direction == "up" and self.is_last
            return columns.held(self.migration, self.past.firsts, is_last=is_held)
        words = (self.connection, self.ownership, self.migration, self.schema, self.direction)
        return Boundary(*words, self.past, is_last=self.is_last).held(self.role.check_role)

    # --- What is written down ------------------------------------------------------------------------------------
    def record(self, record: _Record, outcome: str = "ok") -> None:
        """Write the rows of `django_migrations` and of the history, in the transaction at hand.

        Raises:
            MigrationError: the migration took another role by itself.
        """
        record(self.migration, self.direction == "up")
        (found, _, counts, *standing), self.recorder.answer = self.recorder.answer or ("", "", None), None
        if found:
            self.role.check_role(found)
        self.role.check_plans(standing)
        touched = find_touched(self.role.counts, counts, self.migration)
        pauses = "; ".join(self.patience.pauses)
        self.journal.write(self.execution, outcome=outcome, detail=pauses, touched=touched)
