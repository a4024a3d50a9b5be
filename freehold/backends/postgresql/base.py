"""PostgreSQL, with tables in several schemas: `db_table = "auth.user"` is table `user` in schema `auth`."""

from __future__ import annotations

from typing import Any

from django.db import DEFAULT_DB_ALIAS, ProgrammingError

# Before introspection: Django 6.1's postgresql.introspection imports postgresql.base, which imports it back.
from django.db.backends.postgresql import base
from django.db.backends.postgresql.psycopg_any import register_tzloader
from django.utils.functional import cached_property
from psycopg.pq import Format

from freehold.backends.errors import DatabaseVersionError
from freehold.backends.names import read_schemas
from freehold.backends.postgresql import rereading
from freehold.backends.postgresql.client import DatabaseClient
from freehold.backends.postgresql.contexts import ActingContext, ActingCursor
from freehold.backends.postgresql.creation import DatabaseCreation
from freehold.backends.postgresql.features import DatabaseFeatures
from freehold.backends.postgresql.introspection import DatabaseIntrospection
from freehold.backends.postgresql.kept import Kept
from freehold.backends.postgresql.operations import DatabaseOperations
from freehold.backends.postgresql.pipelines import BoundServerCursor
from freehold.backends.postgresql.pools import open_pool
from freehold.backends.postgresql.reports import report
from freehold.backends.postgresql.schema import DatabaseSchemaEditor
from freehold.backends.postgresql.validation import DatabaseValidation
from freehold.cli.announcing import want
from freehold.databases.entries import name_embedded


class _ActingDebugCursor(ActingCursor, base.CursorDebugWrapper):
    """Logs each statement as Django does, without what says who acts."""


class DatabaseWrapper(base.DatabaseWrapper):
    """Takes two options of its own: `schemas`, the names it splits off, and `embedded`, the directory of a server.

    Without either it is Django's own backend. Every other option goes to libpq.
    """

    SchemaEditorClass = DatabaseSchemaEditor
    client_class = DatabaseClient
    creation_class = DatabaseCreation
    features_class = DatabaseFeatures
    introspection_class = DatabaseIntrospection
    ops_class = DatabaseOperations
    validation_class = DatabaseValidation

    creation: DatabaseCreation
    features: DatabaseFeatures

    def __init__(self, settings_dict: dict[str, Any], alias: str = DEFAULT_DB_ALIAS) -> None:
        super().__init__(settings_dict, alias)
        self.acting_context = ActingContext(self)
        self.kept = Kept(self)

    def connect(self) -> None:
        """Connect; remember what a connection is like that will be kept, before anything of a service ran on it."""
        super().connect()
        self.kept.remember()

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Give a connection, of the pool where there is one."""

        def connect() -> Any:
            if self.pool:
                open_pool(self.alias, self.pool, conn_params)
            return super(DatabaseWrapper, self).get_new_connection(conn_params)

        return rereading.connect(connect, conn_params)

    def close_if_unusable_or_obsolete(self) -> None:
        """Called where a request or a job begins and ends: leave the connection as it was found, or close it."""
        if not self.kept.restore():
            self.close()
        super().close_if_unusable_or_obsolete()

    def _close(self) -> None:
        if self.pool:
            self.kept.restore()
        super()._close()  # type: ignore[misc]  # the stubs leave it out

    def create_cursor(self, name: str | None = None) -> Any:
        """Give the driver's cursor; for a service a named one, on the server, binds its values there."""
        if name is None or self.acting_context.find_acting() is None:
            return super().create_cursor(name)
        cursor = BoundServerCursor(self.connection, name=name, scrollable=False)
        if self.timezone != self.connection.adapters.get_loader(base.TIMESTAMPTZ_OID, Format.TEXT).timezone:
            register_tzloader(self.timezone, cursor)
        return cursor

    def chunked_cursor(self) -> Any:
        """Give a cursor on the server; to a service outside of a transaction one that has all rows at once.

        What stays open on the server without a transaction is read by whoever has the connection next.
        """
        if self.get_autocommit() and self.acting_context.find_acting() is not None:
            return self.cursor()
        return super().chunked_cursor()

    def make_cursor(self, cursor: Any) -> ActingCursor:
        return ActingCursor(cursor, self)

    def make_debug_cursor(self, cursor: Any) -> _ActingDebugCursor:
        return _ActingDebugCursor(cursor, self)

    def _commit(self) -> None:
        try:
            super()._commit()  # type: ignore[misc]  # the stubs leave it out
        except ProgrammingError as error:  # of a trigger that was put off
            report(self, error)
            raise

    def _savepoint_rollback(self, sid: str) -> None:
        super()._savepoint_rollback(sid)  # type: ignore[misc]  # the stubs leave it out
        self.acting_context.forget()

    @cached_property
    def schemas(self) -> frozenset[str]:
        """The schema names that are split off a table's name.

        Raises:
            SchemaNameError: OPTIONS["schemas"] has something else in it.
        """
        return read_schemas(self.settings_dict["OPTIONS"].get("schemas", ()), self.alias)

    def get_connection_params(self) -> dict[str, Any]:
        """Give what libpq takes. An embedded server that is not running is started here, at the first connection."""
        want(self)
        params: dict[str, Any] = super().get_connection_params()
        params.pop("schemas", None)
        if path := params.pop("embedded", None):
            # Not at the top: whoever has a server of their own needs neither the launcher nor its binaries.
            from freehold.embedded import get_address

            params.update(get_address(path))
        return params

    def init_connection_state(self) -> None:
        """Set up a new connection; close it where the server is too old, or the next query would find it open."""
        try:
            super().init_connection_state()
        except DatabaseVersionError:
            self.close()
            raise

    def check_database_version_supported(self) -> None:
        """Refuse a server older than the minimum.

        Raises:
            DatabaseVersionError: it is older.
        """
        minimum, found = self.features.minimum_database_version, self.get_database_version()
        if minimum and found < minimum:
            raise DatabaseVersionError(
                f"PostgreSQL {minimum[0]} or later is required (found {'.'.join(map(str, found))}). Upgrade the server "
                f"of database {self.settings_dict['NAME'] or 'postgres'!r}, or use {name_embedded(self)}"
            )
