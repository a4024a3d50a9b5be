"""`manage.py createcachetable`, also for a table in a schema: LOCATION = "auth.cache"."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.commands import createcachetable
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from freehold.acting import acting
from freehold.acting.roles import using_role
from freehold.backends.postgresql.operations import DatabaseOperations
from freehold.migrator.session import migrator_session
from freehold.ownership import find_ownership
from freehold.ownership.spelling import split_name
from freehold.rights.alignment import apply_ownership


class Command(createcachetable.Command):
    """Django's own, which names the table's index after the whole name of the table, and has one login for all."""

    def create_table(self, database: str, tablename: str, dry_run: bool) -> None:
        connection = connections[database]
        operations = connection.ops
        if not isinstance(operations, DatabaseOperations):
            with acting(None):  # SQLite's authorizer lets no service make one
                super().create_table(database, tablename, dry_run)
            return
        with operations.quoting_index(f"{tablename}_expires"):
            if dry_run:
                super().create_table(database, tablename, dry_run)
                return
            with self.acting_as_owner(connection, tablename):
                super().create_table(database, tablename, dry_run)

    @contextmanager
    def acting_as_owner(self, connection: BaseDatabaseWrapper, table: str) -> Iterator[None]:
        """Be the owner of the table's schema inside the block, then let services use it; what the
        map gives to nobody is left to the login."""
        ownership = find_ownership()
        schema = ownership.find_schema(split_name(table, ownership.schema_names)[0]) if ownership else None
        if ownership is None or schema is None or not ownership.has_roles:
            yield
            return
        with migrator_session(connection, ownership, self.stdout.write, changes=False):
            with using_role(connection, schema.owner):
                yield
            apply_ownership(connection.connection, ownership, takes_all=False)
