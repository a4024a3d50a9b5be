"""`manage.py migrate`: Django's, with a lock, and each migration run as the owner of its app's schema."""

from __future__ import annotations

from collections.abc import Container, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.apps import apps
from django.core.management.base import CommandParser
from django.core.management.commands import migrate as stock
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration

from freehold.acting.roles import using_role
from freehold.errors import MigrationError
from freehold.migrator.executor import OwnedExecutor
from freehold.migrator.filelock import FileLock
from freehold.migrator.lock import MigrationLock
from freehold.migrator.post_migrate import receivers_as_owners
from freehold.migrator.scopes import MigrationScope, find_scope
from freehold.migrator.session import imports_frozen, make_schemas, migrator_session
from freehold.ownership import Ownership, find_ownership, get_ownership
from freehold.progress import SILENT, LineProgress, heard_by
from freehold.rights.alignment import Alignment

SHOWN = 12  # what is said about rights is a line each up to so many; --verbosity 2 says it all
MISSING = "D025"  # what is declared about something that no migration has made yet


class Command(stock.Command):
    """Takes Django's options and prints Django's lines.

    Without an ownership map, and for a database without `schemas` in its OPTIONS, which is not the map's, it is
    Django's command and nothing else. So it is with a map for placement alone, but for the schemas, which it makes.
    """

    ownership: Ownership | None = None  # where the map has no say
    scope: MigrationScope | None = None  # the part of the map that is asked for
    total = 0
    done = 0

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        part = parser.add_mutually_exclusive_group()
        part.add_argument("--schema", help="only what the apps of this schema have")
        part.add_argument("--service", help="only what the apps of this service's schemas have")

    def get_check_kwargs(self, options: dict[str, Any]) -> Any:
        """Give what is checked first: the project. Asking the database is for `check --database`: it takes as long as
        a migrate that finds nothing to do, and where there is no database yet, it would make one."""
        kwargs: Any = super().get_check_kwargs(options)
        return kwargs | {"databases": []} if is_mapped(connections[options["database"]]) else kwargs

    def handle(self, *args: Any, **options: Any) -> Any:
        connection = connections[options["database"]]
        schema, service = (options.pop(name, None) for name in ("schema", "service"))
        changes = not (options["plan"] or options["check_unapplied"])
        self.verbosity = options["verbosity"]
        if not is_mapped(connection):
            if schema or service:
                raise MigrationError("--schema and --service need an ownership map with services: leave them out")
            if changes and _is_placed(connection):
                make_schemas(connection, get_ownership(), self.say)
            return super().handle(*args, **options)
        self.ownership = ownership = get_ownership()
        self.scope = find_scope(ownership, schema, service)
        if self.scope and options["app_label"]:
            raise MigrationError(f"{self.scope.option} and {options['app_label']}: name a part of the map or an app")
        alone = options["prune"] or options["run_syncdb"]  # both write without a plan
        with (
            imports_frozen(),
            migrator_session(connection, ownership, self.say, changes=changes, alone=alone) as lock,
            _own_executor(ownership, lock if changes else None, self.scope),
            receivers_as_owners(connection, ownership),
            heard_by(LineProgress(partial(self.stdout.write, ending="")) if options["verbosity"] > 0 else SILENT),
        ):
            return super().handle(*args, **options)

    def say(self, line: str) -> None:
        if self.verbosity > 0:
            self.stdout.write(line)

    def warn(self, line: str) -> None:
        self.say(self.style.WARNING(line))

    def sync_apps(self, connection: BaseDatabaseWrapper, app_labels: Container[str]) -> None:
        """Make the tables of apps without migrations, each as the owner of its schema."""
        if self.ownership is None:
            super().sync_apps(connection, app_labels)
            return
        for label in sorted(config.label for config in apps.get_app_configs() if config.label in app_labels):
            if not _has_tables(label) or (self.scope and label not in self.scope.apps):
                continue
            schema = self.ownership.find_schema_of_app(label)
            if schema is None:
                raise MigrationError(
                    f"app {label} has models and lies in no schema of the ownership map, so that nobody owns its "
                    f"tables: add it to a schema's apps, or to its places where it is not yours"
                )
            with using_role(connection, schema.owner):
                super().sync_apps(connection, [label])

    def migration_progress_callback(self, action: str, *details: Any) -> None:
        if action == "ownership":
            self.report_ownership(*details)
        elif action == "waits":
            self.report_wait(*details)
        elif action == "edited":
            names = ", ".join(details[0])
            self.warn(f"  Edited after being applied: {names}. `manage.py history verify` shows what differs")
        elif action == "settled":
            if self.verbosity > 0:
                self.stdout.write(" by another migrate meanwhile:", ending="")
        elif action == "failed":
            self.say(self.style.ERROR(" FAILED"))
        elif action == "plan":
            (self.total,) = details
        else:
            if action in ("apply_start", "unapply_start"):
                self.report_position(details[0].app_label)
            super().migration_progress_callback(action, *details)

    def report_position(self, app: str) -> None:
        if self.ownership is None:
            return
        self.done += 1
        schema = self.ownership.find_schema_of_app(app)
        if self.verbosity > 0 and schema and self.stdout.isatty():
            self.stdout.write(f"  {self.done:>{len(str(self.total))}}/{self.total} {schema.owner:<14}", ending="")

    def report_wait(self, migration: Migration | None, why: str) -> None:
        """Print, in the middle of a line that has begun, that a lock was not to be had."""
        if self.verbosity > 0:
            where = "" if migration else "  Rights and policies"
            self.warn(f"{where} waiting: {why}")
            if migration:
                self.stdout.write(f"  Applying {migration.app_label}.{migration.name}...", ending="")

    def report_ownership(self, applied: Alignment) -> None:
        if self.verbosity < 1:
            return
        if len(applied.done) > SHOWN and self.verbosity < 2:
            self.stdout.write(f"  Rights and policies brought in line: {len(applied.done)} statements")
        else:
            self.stdout.writelines(f"  {line[0].upper()}{line[1:]}\n" for line in applied.done)
        if waiting := sorted({drift.object for drift in applied.by_hand if drift.rule == MISSING}):
            self.warn(f"  Contracts wait for what does not exist yet: {', '.join(waiting)}")
        for line in applied.waiting:
            self.warn(f"  Not there yet, so that fewer rows are seen: {line}")
        if applied.kept:
            self.warn(
                f"  {applied.kept} privileges are held and not declared, too many to take unasked: "
                f"manage.py ownership plan shows them, ownership apply --max-revokes {applied.kept} takes them"
            )
        if applied.admins:
            says = "; ".join(change.says for change in applied.admins)
            self.warn(f"  For an admin, by manage.py ownership apply: {says}")


@contextmanager
def _own_executor(
    ownership: Ownership, lock: MigrationLock | FileLock | None, scope: MigrationScope | None
) -> Iterator[None]:
    """Let Django's command build the engine's executor. It takes the class from its own module and asks nobody."""
    module: Any = stock
    before = module.MigrationExecutor
    module.MigrationExecutor = partial(OwnedExecutor, ownership=ownership, lock=lock, scope=scope)
    try:
        yield
    finally:
        module.MigrationExecutor = before


def is_mapped(connection: BaseDatabaseWrapper) -> bool:
    """Tell whether the ownership map says whose this database's schemas are."""
    return _is_placed(connection) and get_ownership().has_roles


def _is_placed(connection: BaseDatabaseWrapper) -> bool:
    """Tell whether the ownership map says what lies where in this database."""
    return find_ownership() is not None and bool(connection.settings_dict["OPTIONS"].get("schemas"))


def _has_tables(label: str) -> bool:
    return any(model._meta.managed and not model._meta.proxy for model in apps.get_app_config(label).get_models())
