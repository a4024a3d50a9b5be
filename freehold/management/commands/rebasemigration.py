"""`manage.py rebasemigration APP [NAME]`: puts one branch's migrations behind another's, once git found a conflict."""

from __future__ import annotations

from argparse import ArgumentParser
from contextlib import nullcontext
from typing import Any

from django.core.management import BaseCommand
from django.db import DatabaseError, connections
from django.db.migrations.recorder import MigrationRecorder

from freehold.acting.logins import using_login
from freehold.authoring.order import find_chain, iter_chains, list_own_apps
from freehold.authoring.rebasing import Rebase, apply_rebase, find_conflict, plan_rebase
from freehold.errors import FreeholdError, MigrationError
from freehold.ownership import get_ownership


class Command(BaseCommand):
    """Changes files alone. What a database has applied under an old name must be rolled back there first."""

    help = "Put the migrations of your branch behind those of another: new numbers, dependency and last name."
    requires_system_checks: list[str] = []  # they are what sent people here

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("app", help="the app whose migrations end in two")
        parser.add_argument("name", nargs="?", default="", help="which to put last; by default yours in git's conflict")

    def handle(self, *args: Any, app: str, name: str, **options: Any) -> None:
        ownership = get_ownership()
        if app not in (own := list_own_apps(ownership)):
            raise MigrationError(f"app {app!r} is none of the project's own: they are {', '.join(own)}")
        chain = find_chain(app)
        if chain is None or not chain.parents:
            raise MigrationError(f"app {app} has no migrations")
        rebase = plan_rebase(chain, name or find_conflict(chain), list(iter_chains(ownership)))
        _check_not_applied(rebase)
        apply_rebase(rebase)
        if options["verbosity"]:
            self.stdout.writelines(f"{old} is now {new}\n" for old, new in rebase.names.items())


def _check_not_applied(rebase: Rebase) -> None:
    """Raise MigrationError where a database has one of the migrations under the name that goes. One that does not
    answer is not asked."""
    ownership = get_ownership()
    app, names = rebase.chain.app, [old for old, new in rebase.names.items() if old != new]
    first = next(iter(rebase.names))
    parent = next(iter(rebase.chain.parents[first]), "zero")
    for connection in connections.all():
        try:
            with using_login(connection, ownership.migrator) if ownership.has_roles else nullcontext():
                applied = MigrationRecorder(connection).applied_migrations()
        except (DatabaseError, FreeholdError):
            continue
        if found := [name for name in names if (app, name) in applied]:
            raise MigrationError(
                f"{found[0]} of app {app} is applied in database {connection.alias!r} and would get another name: run "
                f"`manage.py migrate {app} {parent}` there first"
            )
