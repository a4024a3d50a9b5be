"""Runs each migration as the owner of its app's schema, and writes down that it ran."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from django.db import DatabaseError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django.utils.functional import cached_property

from freehold.errors import MigrationError
from freehold.migrator.contracts import ContractGrants, align_rights
from freehold.migrator.failures import FailedStatement, explain_refusal, is_refusal
from freehold.migrator.journal import HISTORY, Journal
from freehold.migrator.lock import MigrationLock
from freehold.migrator.moves import list_former_schemas
from freehold.migrator.receivers import CONTENT_TYPES
from freehold.migrator.recorder import OwnedRecorder
from freehold.ownership import Ownership, Schema
from freehold.roles import can_switch, switch_role, using_role

Plan = list[tuple[Migration, bool]]  # each migration, and whether it is taken back
Targets = Sequence[tuple[str, str | None]]
Report = Callable[..., object]


class OwnedExecutor(MigrationExecutor):
    """Django's executor with an owner for each migration.

    On PostgreSQL one transaction holds the migration, its deferred SQL, its row in `django_migrations` and its row in
    the history: either all of it is there or nothing. On SQLite it does what Django's does, and writes the history.
    """

    def __init__(
        self,
        connection: BaseDatabaseWrapper,
        progress_callback: Report | None = None,
        *,
        ownership: Ownership,
        lock: MigrationLock | None = None,
    ) -> None:
        super().__init__(connection, self.report)
        self.lock = lock
        self.callback = progress_callback
        self.ownership = ownership
        self.recorder = OwnedRecorder(connection, self.step_back)
        self.has_roles = connection.vendor == "postgresql"
        self.journal = Journal(connection, HISTORY in self.loader.applied_migrations)
        self.contracts = ContractGrants(connection, ownership)
        self.finished: tuple[Any, ...] = ()
        self.acting = ""  # the owner that the migration at hand runs as; empty: the migrator
        self.name = ""  # of the migration at hand

    # --- The plan ------------------------------------------------------------------------------------------------
    def migration_plan(self, targets: Targets | set[tuple[str, str]], clean_start: bool = False) -> Plan:
        """Give Django's plan with the engine's own migrations first, so that the history begins with the first row.

        Forwards, they come along with any other app's. A plan with anything in it is made under the lock: what was
        pending at a first look is looked at again once the lock is held.
        """
        plan = super().migration_plan(targets, clean_start)
        if plan and not clean_start and self.lock and self.lock.acquire() and self.reload():
            plan = super().migration_plan(targets)
        if not plan or any(backwards for _, backwards in plan) or HISTORY not in self.loader.graph.nodes:
            return plan
        names = {(migration.app_label, migration.name) for migration, _ in plan}
        if HISTORY not in names and (clean_start or HISTORY not in self.loader.applied_migrations):
            plan = super().migration_plan([HISTORY, *targets], clean_start)
        plan.sort(key=lambda step: step[0].app_label != HISTORY[0])
        return plan

    def reload(self) -> bool:
        """Read again what is applied; tell whether another migrator changed it since it was read first."""
        if self.recorder.applied_migrations().keys() == self.loader.applied_migrations.keys():
            return False
        self.loader.build_graph()
        self.loader.check_consistent_history(self.connection)
        self.journal.exists = HISTORY in self.loader.applied_migrations
        return True

    def migrate(
        self,
        targets: Targets | None,
        plan: Sequence[tuple[Migration, bool]] | None = None,
        state: Any = None,
        fake: bool = False,
        fake_initial: bool = False,
    ) -> Any:
        """Run the plan, then leave the connection as the owner of Django's own tables: `post_migrate` comes next.

        Raises:
            MigrationError: the map does not know an app in the plan, or a migration reaches into another's schema.
        """
        if plan is None:
            plan = self.migration_plan(targets or [])
        self.check_plan(plan)
        self.own_content_types(plan)
        state = super().migrate(targets, plan=plan, state=state, fake=fake, fake_initial=fake_initial)
        if self.has_roles:
            self.finish()
        return state

    def check_plan(self, plan: Sequence[tuple[Migration, bool]]) -> None:
        """Refuse apps that no schema names, before anything runs."""
        for migration, _ in plan:
            self.get_schema(migration)

    def get_schema(self, migration: Migration) -> Schema:
        """Give the schema that the migration's app lives in, or lived in then."""
        if (migration.app_label, migration.name) in self.former:
            return self.former[migration.app_label, migration.name]
        schema = self.ownership.find_schema_of_app(migration.app_label)
        if schema is None:
            raise MigrationError(
                f"app {migration.app_label} has migrations ({migration.name}) and lies in no schema of the ownership "
                f"map, so that nobody owns its tables: add it to a schema's apps, or to its places where it is not "
                f"yours; nothing was applied"
            )
        return schema

    @cached_property
    def former(self) -> dict[tuple[str, str], Schema]:
        """Where apps were that went to another schema, by their migrations before that."""
        return list_former_schemas(self.loader, self.ownership)

    def own_content_types(self, plan: Sequence[tuple[Migration, bool]]) -> None:
        """Let the content types that Django renames after a RenameModel be renamed by their table's owner."""
        schema = self.ownership.find_schema_of_app(CONTENT_TYPES)
        if schema is None or not self.has_roles:
            return
        from django.contrib.contenttypes.management import RenameContentType  # it is installed: the map places it

        for migration, _ in plan:
            for operation in migration.operations:
                if isinstance(operation, RenameContentType):
                    operation.code = self.as_role(schema.owner, operation.code)
                    operation.reverse_code = self.as_role(schema.owner, operation.reverse_code or operation.noop)

    def as_role(self, role: str, code: Callable[..., Any]) -> Callable[..., Any]:
        """Give `code` so that it runs as `role`."""

        def run(apps: Any, schema_editor: Any) -> None:
            with using_role(self.connection, role):
                code(apps, schema_editor)

        return run

    def finish(self) -> None:
        """Bring rights and policies in line, and become the owner of Django's own tables."""
        self.tell("ownership", align_rights(self.connection, self.ownership))
        if schema := self.ownership.find_schema_of_app(CONTENT_TYPES):
            switch_role(self.connection, schema.owner)

    # --- One migration -------------------------------------------------------------------------------------------
    def apply_migration(self, state: Any, migration: Migration, fake: bool = False, fake_initial: bool = False) -> Any:
        """Run a migration forwards."""
        with self.running(migration, "up"):
            return super().apply_migration(state, migration, fake=fake, fake_initial=fake_initial)

    def unapply_migration(self, state: Any, migration: Migration, fake: bool = False) -> Any:
        """Run a migration backwards."""
        with self.running(migration, "down"):
            return super().unapply_migration(state, migration, fake=fake)

    @contextmanager
    def running(self, migration: Migration, direction: str) -> Iterator[None]:
        """Run the block as the migration's owner, then write down what it did; success is told after the commit."""
        schema = self.get_schema(migration)
        started = timezone.now()
        failed = FailedStatement()
        if self.has_roles and direction == "up":
            self.contracts.grant_to(schema.owner)
        self.finished, self.name = (), f"{migration.app_label}.{migration.name}"
        try:
            with self.transaction(migration):
                with self.connection.execute_wrapper(failed):
                    self.step_in(schema)
                    yield
                self.step_back()
                self.journal.write(migration, direction, schema, started, detail=self.describe_success())
        except Exception as error:
            self.recover()
            self.tell("failed", migration)
            self.journal.write_failure(migration, direction, schema, started, error)
            if isinstance(error, DatabaseError) and is_refusal(error):
                raise explain_refusal(migration, schema, self.ownership, failed.sql, error) from error
            raise
        if self.finished:
            self.tell(*self.finished)

    @contextmanager
    def transaction(self, migration: Migration) -> Iterator[None]:
        """Hold the migration and its records in one transaction, where the migration allows one.

        SQLite's schema editor can't work inside another transaction; there each has its own, as in Django.
        """
        with ExitStack() as stack:
            if self.has_roles and migration.atomic:
                stack.enter_context(transaction.atomic(using=self.connection.alias))
            yield

    def step_in(self, schema: Schema) -> None:
        """Become the schema's owner; where that is the migrator, it is so already."""
        if self.has_roles and schema.owner != self.ownership.migrator:
            switch_role(self.connection, schema.owner)
            self.acting = schema.owner

    def step_back(self) -> None:
        """Become the migrator again, once a migration has done its own part: what follows is written as the migrator.

        The role is set for the transaction where there is one, so that nothing has to be set back after it.

        Raises:
            MigrationError: the migration took another role by itself.
        """
        if not self.acting:
            return
        owner, self.acting = self.acting, ""
        found = switch_role(self.connection, self.ownership.migrator)
        if found != owner:
            became = self.connection.settings_dict["USER"] if found == "none" else found
            raise MigrationError(
                f"migration {self.name} began as {owner} and ended as {became}: it sets or resets its role, and may "
                f"not; take that out of it"
            )

    def recover(self) -> None:
        """Be the migrator after a failure. A rollback takes the role back by itself; a migration without a transaction
        leaves it, maybe on a connection that can do nothing any more."""
        if self.has_roles and can_switch(self.connection):
            switch_role(self.connection, self.ownership.migrator)
        self.acting = ""

    def describe_success(self) -> str:
        """Give what the history says of a migration that was only marked as applied: Django tells at its end."""
        return "faked" if self.finished and self.finished[-1] is True else ""

    # --- What is told ----------------------------------------------------------------------------------------------
    def report(self, action: str, *details: Any) -> None:
        """Hand progress on, except for a success, which is none before its transaction is committed."""
        if action.endswith("_success") and details:
            self.finished = (action, *details)
        else:
            self.tell(action, *details)

    def tell(self, action: str, *details: Any) -> None:
        """Call the callback that the executor was given."""
        if self.callback:
            self.callback(action, *details)
