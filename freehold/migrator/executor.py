"""Runs each migration as the owner of its app's schema, and writes down that it ran."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import partial
from inspect import signature
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState
from django.utils.functional import cached_property

from freehold.acting.roles import switch_role, using_role
from freehold.errors import MigrationError
from freehold.history.edits import check_unedited
from freehold.history.journal import HISTORY, Journal
from freehold.history.lost import refuse_lost
from freehold.migrator.blockers import BlockerWatch
from freehold.migrator.boundaries import Past
from freehold.migrator.filelock import FileLock
from freehold.migrator.grants import ContractGrants, align_rights
from freehold.migrator.limits import Patience, get_limits
from freehold.migrator.lock import MigrationLock
from freehold.migrator.post_migrate import CONTENT_TYPES
from freehold.migrator.recorder import EndingRecorder
from freehold.migrator.runs import MigrationRun
from freehold.migrator.scopes import MigrationScope
from freehold.migrator.settings import forget
from freehold.migrator.unmanaged import is_unmanaged
from freehold.migrator.ways_down import check_ways_down
from freehold.ownership import Ownership, Schema
from freehold.rights.administration import get_parameters

Plan = list[tuple[Migration, bool]]  # each migration, and whether it is taken back
_Targets = Sequence[tuple[str, str | None]]
_Report = Callable[..., object]
_TAKES_NAMES = "forward" in signature(MigrationExecutor.record_migration).parameters  # from Django 6.1 on


class OwnedExecutor(MigrationExecutor):
    """Django's executor with an owner for each migration.

    On PostgreSQL one transaction holds the migration, its deferred SQL, its row in `django_migrations` and its row in
    the history: either all of it is there or nothing. On SQLite it does what Django's does, and writes the history.
    """

    def __init__(
        self,
        connection: BaseDatabaseWrapper,
        progress_callback: Any = None,
        *,
        ownership: Ownership,
        lock: MigrationLock | FileLock | None = None,
        scope: MigrationScope | None = None,
    ) -> None:
        super().__init__(connection, progress_callback)
        self.recorder: EndingRecorder = EndingRecorder(connection)
        self.lock = lock
        self.scope = scope
        self.narrow()
        self.callback = progress_callback
        self.ownership = ownership
        self.has_roles = connection.vendor == "postgresql"
        refuse_lost(connection, self.loader.applied_migrations)
        self.journal = Journal(connection, self.loader.applied_migrations, ownership.migrated_names)
        self.contracts = ContractGrants(connection, ownership)
        self.limits = get_limits()
        self.watch: BlockerWatch | None = None  # while a plan is at work
        self.past = Past()
        self.applied_now: set[tuple[str, str]] = set()

    # --- The plan ------------------------------------------------------------------------------------------------
    def migration_plan(self, targets: _Targets | set[tuple[str, str]], clean_start: bool = False) -> Plan:
        """Give Django's plan with the engine's own migrations first, so that the history begins with the first row.

        Forwards, they come along with any other app's. A plan with anything in it is made under the lock: what was
        pending at a first look is looked at again once the lock is held.
        """
        if clean_start and self.scope:
            targets = self.all_leaves()
        plan = super().migration_plan(targets, clean_start)
        if plan and not clean_start and self.lock and self.lock.acquire() and self.reload():
            plan = super().migration_plan(targets)
        if not plan or any(backwards for _, backwards in plan):
            return plan
        if missing := self.list_missing(targets, plan, clean_start):
            plan = super().migration_plan([*missing, *targets], clean_start)
        plan.sort(key=lambda step: step[0].app_label != HISTORY[0])
        return plan

    def list_missing(self, targets: Any, plan: Plan, clean_start: bool) -> list[tuple[str, str]]:
        """Give the ends of the engine's own migrations where the history is not there yet and the plan leaves them out,
        unless it is about those."""
        is_there = not clean_start and HISTORY in self.loader.applied_migrations
        if is_there or any(app == HISTORY[0] for app, _ in targets):
            return []
        planned = {(migration.app_label, migration.name) for migration, _ in plan}
        return [key for key in self.loader.graph.leaf_nodes(HISTORY[0]) if key not in planned]

    def narrow(self) -> None:
        """Let the ends of the graph be those of the scope: Django takes them for what is to be applied."""
        graph: Any = self.loader.graph
        self.all_leaves = all_leaves = graph.leaf_nodes
        if scope := self.scope:
            graph.leaf_nodes = lambda app=None: [key for key in all_leaves(app) if app or key[0] in scope.apps]

    def reload(self) -> bool:
        """Read again what is applied; tell whether another migrator changed it since it was read first."""
        if self.recorder.applied_migrations().keys() == self.loader.applied_migrations.keys():
            return False
        self.loader.build_graph()
        self.narrow()
        self.loader.check_consistent_history(self.connection)
        self.journal.read(self.loader.applied_migrations)
        return True

    def migrate(
        self,
        targets: _Targets | None,
        plan: Sequence[tuple[Migration, bool]] | None = None,
        state: Any = None,
        fake: bool = False,
        fake_initial: bool = False,
    ) -> Any:
        """Run the plan, then leave the connection as the owner of Django's own tables: `post_migrate` comes next.

        Raises:
            MigrationError: the map does not know an app in the plan, an applied migration was edited, a way down is
            missing (`check_ways_down`), or a migration reaches into another's schema.
        """
        if plan is None:
            plan = self.migration_plan(targets or [])
        self.check_plan(plan)
        if plan and not fake and self.journal.exists:
            check_unedited(self.connection, self.loader, self.tell)
        if not fake:
            check_ways_down(self, plan, self.connection.vendor)
        self.own_content_types(plan)
        with self.watching(bool(plan)):
            state = super().migrate(targets, plan=plan, state=state, fake=fake, fake_initial=fake_initial)
            if self.has_roles:
                self.finish()
        return state

    @contextmanager
    def watching(self, is_needed: bool) -> Iterator[None]:
        if not (self.has_roles and is_needed):
            yield
            return
        forget(self.connection)
        raw = self.connection.connection
        parameters = partial(get_parameters, self.connection)
        with BlockerWatch(parameters, self.limits.lock_timeout, lambda: raw.info.backend_pid) as self.watch:
            yield

    def check_plan(self, plan: Sequence[tuple[Migration, bool]]) -> None:
        """Refuse apps that no schema names, and what another than the scope's owner has to apply first, before anything
        runs."""
        for migration, backwards in plan:
            schema = self.get_schema(migration)
            if self.scope and not backwards and migration.app_label not in {*self.scope.apps, HISTORY[0]}:
                raise MigrationError(
                    f"{self.scope.option} needs {migration.app_label}.{migration.name}, which is of schema "
                    f"{schema.name} and not applied yet; nothing was applied. Run migrate --schema {schema.name} first"
                )

    def get_schema(self, migration: Migration) -> Schema:
        """Give the schema that the migration's app lives in, or lived in then."""
        if (migration.app_label, migration.name) in self.former:
            return self.former[migration.app_label, migration.name]
        schema = self.ownership.find_schema_of_app(migration.app_label)
        if schema and not schema.external:
            return schema
        if is_unmanaged(self.loader, migration):  # which changes nothing: it is the migrator's to write down
            return Schema("public", owner=self.ownership.migrator)
        if schema:
            raise MigrationError(
                f"app {migration.app_label} is of schema {schema.name}, which is external, and its migration "
                f"{migration.name} has more than unmanaged models: let that schema's own tool do it, or say managed = "
                f"False in each model; nothing was applied"
            )
        raise MigrationError(
            f"app {migration.app_label} has migrations ({migration.name}) and lies in no schema of the ownership "
            f"map, so that nobody owns its tables: add it to a schema's apps, or to its places where it is not "
            f"yours, or say managed = False in models that describe another's tables; nothing was applied"
        )

    @cached_property
    def former(self) -> dict[tuple[str, str], Schema]:
        """Where apps were that went to another schema, by their migrations before that: the map says where an app is
        now, and its first migrations made its tables where it was."""
        former: dict[tuple[str, str], Schema] = {}
        for key, migration in self.loader.disk_migrations.items():
            for operation in migration.operations:
                app, name = getattr(operation, "leaves", ("", ""))  # as MoveTable has it
                if app == migration.app_label and (schema := self.ownership.find_schema(name)):
                    before = self.loader.graph.forwards_plan(key)[:-1]
                    former = {each: schema for each in before if each[0] == app} | former
        return former

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
        def run(apps: Any, schema_editor: Any) -> None:
            with using_role(self.connection, role):
                code(apps, schema_editor)

        return run

    def finish(self) -> None:
        """Bring rights and policies in line, and become the owner of Django's own tables."""
        watch = self.watch
        patience = Patience(self.limits, partial(self.tell, "waits", None), watch.describe if watch else str)
        if watch:
            watch.forget()
        with watch.looking() if watch else nullcontext():
            self.tell("ownership", align_rights(self.connection, self.ownership, patience))
        if schema := self.ownership.find_schema_of_app(CONTENT_TYPES):
            switch_role(self.connection, schema.owner)

    # --- One migration -------------------------------------------------------------------------------------------
    def apply_migration(self, state: Any, migration: Migration, fake: bool = False, fake_initial: bool = False) -> Any:
        self.tell("apply_start", migration, fake)
        if fake_initial and not fake:
            fake, state = self.detect_soft_applied(state, migration)
        state = self.run(migration, "up", state, fake)
        self.applied_now.add((migration.app_label, migration.name))
        self.tell("apply_success", migration, fake)
        return state

    def unapply_migration(self, state: Any, migration: Migration, fake: bool = False) -> Any:
        self.tell("unapply_start", migration, fake)
        state = self.run(migration, "down", state, fake)
        self.tell("unapply_success", migration, fake)
        return state

    def run(self, migration: Migration, direction: str, state: Any, fake: bool) -> Any:
        schema = self.get_schema(migration)
        if self.has_roles and direction == "up":
            self.contracts.grant_to(schema.owner)
        run = MigrationRun(self.connection, self.ownership, self.journal, self.recorder, migration, direction, schema)
        if self.watch:
            self.watch.forget()
        run.watch, app = self.watch, migration.app_label
        if app not in self.past.refusals:
            self.past.refusals[app] = self.journal.find_refusal(app) if direction == "up" else ""
        run.past = self.past
        children = self.loader.graph.node_map[app, migration.name].children
        run.is_last = all(each != app for each, _ in children)
        remake = self.make_state if direction == "up" else (lambda: state)
        say = partial(self.tell, "waits", migration)
        try:
            state = run.perform(state, self.record, self.limits, say, remake, fake=fake)
        except Exception:
            self.tell("failed", migration)
            raise
        self.contracts.look_again(migration, schema)
        if run.is_settled:
            self.tell("settled", migration)
        return state

    def record(self, migration: Migration, forward: bool) -> None:
        """Write or remove Django's own rows of a migration, and of those that it replaces."""
        write: Any = self.record_migration
        if _TAKES_NAMES:
            write(migration.app_label, migration.name, forward)
        elif forward:
            write(migration)
        else:
            for key in [*migration.replaces, (migration.app_label, migration.name)]:
                self.recorder.record_unapplied(*key)

    def make_state(self) -> Any:
        """Give the models as they are after all that is applied by now: a failed attempt changes those it is given."""
        applied = self.loader.applied_migrations.keys() | self.applied_now
        state = ProjectState(real_apps=self.loader.unmigrated_apps)
        for migration, _ in self.migration_plan(set(self.loader.graph.leaf_nodes()), clean_start=True):
            if (migration.app_label, migration.name) in applied:
                migration.mutate_state(state, preserve=False)
        return state

    # --- What is told ----------------------------------------------------------------------------------------------
    def tell(self, action: str, *details: Any) -> None:
        if self.callback:
            self.callback(action, *details)
