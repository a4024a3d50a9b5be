"""`manage.py rollback`: the way down, with a plan first and a question before data are lost."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import DEFAULT_DB_ALIAS, connections

from freehold.errors import MigrationError
from freehold.management.commands import migrate
from freehold.migrator.executor import OwnedExecutor, Plan
from freehold.migrator.losses import Loss, list_losses
from freehold.migrator.post_migrate import receivers_as_owners
from freehold.migrator.rollback_plans import plan_all, plan_steps, plan_to
from freehold.migrator.scopes import find_scope
from freehold.migrator.session import migrator_session
from freehold.migrator.ways_down import check_ways_down
from freehold.ownership import get_ownership


class Command(migrate.Command):
    """Takes migrations back as `migrate` applies them: as their owners, under the lock, each written down."""

    help = "Take migrations back: the last so many, those after one, or all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--steps", type=int, metavar="N", help="the last N migrations, whatever their apps")
        which.add_argument("--to", nargs=2, metavar=("APP", "NAME"), help="what came after NAME, or after zero")
        which.add_argument("--all", action="store_true", help="everything but the tables of the history itself")
        part = parser.add_mutually_exclusive_group()
        part.add_argument("--schema", help="with --steps or --all: only what the apps of this schema have")
        part.add_argument("--service", help="with --steps or --all: only what this service owns")
        parser.add_argument("--plan", action="store_true", help="show what would be done and lost, and do nothing")
        parser.add_argument("--yes", action="store_true", help="lose data without being asked")
        parser.add_argument("--database", default=DEFAULT_DB_ALIAS, choices=tuple(connections), help="which database")
        parser.set_defaults(skip_checks=False)

    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        self.verbosity = options["verbosity"]
        if not migrate.is_mapped(connection):
            raise MigrationError(
                "rollback needs an ownership map (settings.OWNERSHIP) with services, and a database that is the map's: "
                "`manage.py migrate APP NAME` takes back what was applied without one"
            )
        self.ownership = ownership = get_ownership()
        if options["to"] and (options["schema"] or options["service"]):
            raise MigrationError("--to names an app: leave --schema and --service out")
        self.scope = find_scope(ownership, options["schema"], options["service"])
        changes = not options["plan"]
        with (
            # What is applied is read under the lock.
            migrator_session(connection, ownership, self.say, changes=changes, alone=changes),
            receivers_as_owners(connection, ownership),
        ):
            executor = OwnedExecutor(connection, self.migration_progress_callback, ownership=ownership)
            plan = self.make_plan(executor, options)
            check_ways_down(executor, plan, connection.vendor)
            losses = list_losses(connection, executor, plan) if plan else []
            self.show(plan, losses)
            if plan and not options["plan"]:
                self.ask(losses, yes=options["yes"])
                self.run(executor, plan, connection.alias)

    def make_plan(self, executor: OwnedExecutor, options: dict[str, Any]) -> Plan:
        if options["to"]:
            return plan_to(executor, *options["to"])
        if options["all"]:
            return plan_all(executor, self.scope)
        return plan_steps(executor, options["steps"], self.scope)

    def show(self, plan: Plan, losses: list[Loss]) -> None:
        if self.verbosity < 1:
            return
        self.stdout.write(
            self.style.MIGRATE_HEADING("To be taken back, in this order:" if plan else "Nothing to take back.")
        )
        lost: dict[str, list[str]] = {}
        for loss in losses:
            lost.setdefault(loss.migration, []).append(loss.line)
        for migration, _ in plan:
            label = f"{migration.app_label}.{migration.name}"
            self.stdout.write(f"  {label}")
            for line in lost.get(label, []):
                self.stdout.write(self.style.WARNING(f"    {line}"))

    def ask(self, losses: list[Loss], *, yes: bool) -> None:
        """Go on where it is known that nothing is lost, or the person wants that.

        Raises:
            MigrationError: the person does not, or nobody is there to be asked.
        """
        if yes or not losses:
            return
        first, is_sure = losses[0], any(loss.is_counted for loss in losses)
        if not sys.stdin.isatty():
            more = f", and {len(losses) - 1} more" if len(losses) > 1 else ""
            raise MigrationError(
                f"the rollback {'would' if is_sure else 'may'} lose data ({first.migration}: "
                f"{first.what if first.is_counted else first.line}{more}); nothing was changed. --yes does it unasked"
            )
        if input(f"Data {'will' if is_sure else 'may'} be lost. Type yes to go on: ").strip().lower() != "yes":
            raise MigrationError("nothing was changed")

    def run(self, executor: OwnedExecutor, plan: Plan, alias: str) -> None:
        before = executor.make_state()
        told: dict[str, Any] = {"verbosity": self.verbosity, "interactive": False, "db": alias, "plan": plan}
        emit_pre_migrate_signal(**told, stdout=self.stdout, apps=before.apps)
        self.total = len(plan)
        state = executor.migrate(None, plan=plan, state=before.clone())
        state.clear_delayed_apps_cache()
        emit_post_migrate_signal(**told, stdout=self.stdout, apps=state.apps)
