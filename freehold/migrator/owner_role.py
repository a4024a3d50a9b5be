"""The role and the limits of one migration while it runs, and the settings that end with it. On PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration

from freehold.acting.roles import can_switch
from freehold.errors import MigrationError
from freehold.history.changes import COUNTS
from freehold.history.recording import can_send_two
from freehold.migrator.limits import Limits
from freehold.migrator.recorder import EndingRecorder
from freehold.migrator.settings import may_set, read_pragmas, remember, restore, restore_pragmas
from freehold.migrator.wholeness import describe_ended
from freehold.ownership import Ownership, Schema
from freehold.plans import LOOK, check_standing, fetch_first

_LIMITS = """
    pg_catalog.set_config('lock_timeout', %(lock)s, %(local)s),
    pg_catalog.set_config('statement_timeout', %(statement)s, %(local)s),
    pg_catalog.set_config('freehold.migration', 'runs', true)
"""
# One round trip for all: the target list is evaluated from left to right. Without a role to become, it stays.
_ENTER = f"""
    SELECT pg_catalog.current_setting('role'), pg_catalog.current_setting('lock_timeout'),
        pg_catalog.current_setting('statement_timeout'),
        pg_catalog.set_config('role', coalesce(%(role)s, pg_catalog.current_setting('role')), %(local)s),
        {_LIMITS}, {COUNTS}
"""
_APPLIED = "(SELECT count(*) FROM public.django_migrations WHERE app || '.' || name = ANY (%(names)s))"
_ENTER_LOOKING = f"{_ENTER}, {_APPLIED}"
_RUNS = "SELECT pg_catalog.current_setting('freehold.migration', true)"  # while the transaction is the same
_LEAVE = f"""
    SELECT pg_catalog.current_setting('role'), pg_catalog.set_config('role', %(role)s, %(local)s), {COUNTS}
"""


class OwnerRole:
    """The owner of the schema that a migration is of, whom it runs as."""

    def __init__(
        self,
        connection: BaseDatabaseWrapper,
        ownership: Ownership,
        migration: Migration,
        schema: Schema,
        recorder: EndingRecorder,
    ) -> None:
        self.connection, self.ownership, self.migration = connection, ownership, migration
        self.schema, self.recorder = schema, recorder
        self.name = f"{migration.app_label}.{migration.name}"
        self.has_roles = connection.vendor == "postgresql"
        self.counts: str | None = None  # of what its transaction had changed when it began
        self.limits = ("0", "0")  # of the migration, for a lock and for a statement, while it runs
        self.pragmas: dict[str, Any] = {}  # on SQLite, as they were before it
        self.may_set = self.has_roles and may_set(migration)

    @contextmanager
    def taken(self, limits: Limits, names: Sequence[str], check: Callable[[int], None]) -> Iterator[None]:
        """Act as the schema's owner in the block, within the limits; then as the migrator again, who writes it down.

        Role and limits are set for the transaction where there is one, so that nothing has to be set back after it; the
        migrator comes back with the first row that is written. `check` is told how many of `names` are recorded as
        applied, unless there are none.
        """
        if not self.has_roles:
            self.pragmas = read_pragmas(self.connection) if may_set(self.migration) else {}
            yield
            return
        if self.may_set:
            remember(self.connection)
        self.limits = (f"{limits.lock_timeout}ms", f"{limits.statement_timeout}ms")
        before = self.enter(self.owner, *self.limits, names=names)
        self.counts = before[3]
        if names:
            check(before[4])
        yield
        if not (self.connection.in_atomic_block and can_send_two(self.connection)):
            self.check_role(self.enter(self.owner and self.ownership.migrator, *before[1:3])[0])
        elif self.owner:
            statements = [_LEAVE, LOOK] if self.may_set else [_LEAVE]
            self.recorder.ending = (statements, {"role": self.ownership.migrator, "local": True})

    @contextmanager
    def keeping_settings(self) -> Iterator[None]:
        """Put back at the block's end what it set, before anything of the engine's runs; role and limits stay."""
        yield
        if self.migration.atomic:
            self.settle()

    def settle(self) -> None:
        """Put back what was set, and the limits."""
        restore_pragmas(self.connection, self.pragmas)
        if self.may_set:
            self.restore(*self.limits)

    def restore(self, lock_timeout: str, statement_timeout: str) -> None:
        restore(self.connection, f"SELECT {_LIMITS}", self.list_values(None, lock_timeout, statement_timeout))

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

    def check_plans(self, answer: Sequence[str]) -> None:
        """See that the migration left alone what the engine asks by; `answer` is what the ending said of it, if it did.
        Without a transaction there is nothing to take back: that is looked at before each use.

        Raises:
            PlansLostError: it did not.
        """
        if self.may_set and self.migration.atomic:
            check_standing(self.connection, *answer)

    def has_ended(self) -> bool:
        """Tell whether the migration's transaction is over, and this is another."""
        if not self.migration.atomic:
            return False
        with self.connection.cursor() as cursor:
            cursor.execute(_RUNS)
            return bool(cursor.fetchone()[0] != "runs")

    def enter(
        self, role: str | None, lock_timeout: str, statement_timeout: str, *, names: Sequence[str] = ()
    ) -> tuple[str, str, str, str | None, int]:
        """Take a role and times; give what they were, the counts of what the transaction changed by now, and how many
        of `names` are recorded as applied."""
        values = self.list_values(role, lock_timeout, statement_timeout) | ({"names": list(names)} if names else {})
        (row,) = fetch_first(self.connection, _ENTER_LOOKING if names else _ENTER, **values)
        return row[0], row[1], row[2], row[7], int(row[-1]) if names else 0

    def list_values(self, role: str | None, lock_timeout: str, statement_timeout: str) -> dict[str, Any]:
        """Give what `_ENTER` takes, and `_LIMITS`."""
        local = self.connection.in_atomic_block
        return {"role": role, "lock": lock_timeout, "statement": statement_timeout, "local": local}

    def give_back(self) -> None:
        """Be the migrator after a failure, without limits. A rollback takes all of that back by itself; a migration
        without a transaction leaves it, maybe on a connection that can do nothing any more."""
        self.recorder.ending = self.recorder.answer = None
        restore_pragmas(self.connection, self.pragmas)
        if self.has_roles and can_switch(self.connection):
            if self.may_set:
                self.restore("0", "0")
            self.enter(self.ownership.migrator, "0", "0")
