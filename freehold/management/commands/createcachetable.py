"""`manage.py createcachetable`, also for a table in a schema: LOCATION = "auth.cache"."""

from __future__ import annotations

from django.core.management.commands import createcachetable
from django.db import connections

from freehold.backends.postgresql.operations import DatabaseOperations


class Command(createcachetable.Command):
    """Django's own, which names the table's index after the whole name of the table."""

    def create_table(self, database: str, tablename: str, dry_run: bool) -> None:
        """Make the table and its index, or print how."""
        operations = connections[database].ops
        if not isinstance(operations, DatabaseOperations):
            super().create_table(database, tablename, dry_run)
            return
        with operations.quoting_index(f"{tablename}_expires"):
            super().create_table(database, tablename, dry_run)
