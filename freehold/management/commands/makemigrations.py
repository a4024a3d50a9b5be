"""`manage.py makemigrations`: Django's, which also writes down which migration of each app is the last."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

from django.conf import settings
from django.core.management.commands import makemigrations as stock
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader

from freehold.authoring.order import find_chain, list_own_apps, write_missing
from freehold.errors import MigrationError
from freehold.migrator.session import reading_as_migrator
from freehold.ownership import find_ownership
from freehold.scripts.pairs import shorten


class Command(stock.Command):
    """Takes Django's options and prints Django's lines. Without an ownership map it is Django's command."""

    def execute(self, *args: Any, **options: Any) -> Any:
        """Write the files that are missing first: the check that misses them would keep the command from running."""
        ownership = find_ownership()
        if ownership and not (options.get("dry_run") or options.get("check_changes")):
            for path in write_missing(ownership):
                if options.get("verbosity", 1):
                    self.stdout.write(f"Wrote {shorten(path)}")
        return super().execute(*args, **options)

    def handle(self, *args: Any, **options: Any) -> Any:
        """Look at what is applied as the migrator, where there is one. As Django does, go on where no database answers.

        Raises:
            MigrationError: there is no password for the migrator.
        """
        with ExitStack() as stack:
            for alias in connections if settings.DATABASE_ROUTERS else [DEFAULT_DB_ALIAS]:  # as Django asks
                try:
                    stack.enter_context(reading_as_migrator(connections[alias]))
                except OperationalError:
                    continue
                except MigrationError as error:
                    if "password" in str(error.__cause__):  # otherwise there is no such login yet
                        raise
            return super().handle(*args, **options)

    def write_migration_files(self, changes: dict[str, list[Migration]], *args: Any, **options: Any) -> None:
        super().write_migration_files(changes, *args, **options)
        if not self.dry_run:
            for app, migrations in changes.items():
                self.write_last(app, migrations[-1].name)

    def handle_merge(self, loader: MigrationLoader, conflicts: dict[str, Any]) -> Any:
        result = super().handle_merge(loader, conflicts)
        if not self.dry_run:
            for app in conflicts:
                chain = find_chain(app)
                if chain and len(chain.leaves) == 1:  # it asks before it merges
                    self.write_last(app, chain.leaves[0])
        return result

    def write_last(self, app: str, name: str) -> None:
        ownership = find_ownership()
        chain = find_chain(app) if ownership and app in list_own_apps(ownership) else None
        if chain:
            chain.write_last(name)
