"""Test databases: made and dropped as the superuser, with the schemas in them."""

# mypy: disable-error-code="misc, no-any-return"
# django-stubs leave out the underscored hooks of Django's test databases, so that super() has no types for them.

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from warnings import catch_warnings

from django.db import OperationalError
from django.db.backends.base.base import NO_DB_ALIAS
from django.db.backends.postgresql import creation

from freehold.acting.logins import SUPERUSER, using_login
from freehold.backends.creation import CreationMixin, creating_database, database_created, leaving_database
from freehold.backends.errors import NoTestDatabaseError
from freehold.backends.names import quote_whole
from freehold.databases.entries import URL, name_entry

if TYPE_CHECKING:
    from freehold.backends.postgresql.base import DatabaseWrapper


class DatabaseCreation(CreationMixin, creation.DatabaseCreation):
    """Where the database's entry names its own user, that user makes the database and needs CREATEDB; with a map's
    roles, a superuser does."""

    connection: DatabaseWrapper

    def create_test_db(self, *args: Any, **options: Any) -> str:
        """Make the database and migrate it; where that fails, leave none that is half made.

        Raises:
            NoTestDatabaseError: whoever would make it can't.
        """
        name = self.connection.settings_dict["NAME"]
        try:
            return super().create_test_db(*args, **options)
        except BaseException:
            if self.test_database and not options.get("keepdb"):
                self.connection.settings_dict["NAME"] = self.test_database
                self.destroy_test_db(name, verbosity=0)
                self.test_database = ""
            raise

    def _create_test_db(self, verbosity: int, autoclobber: bool, keepdb: bool = False) -> str:
        with using_login(self.connection, SUPERUSER):
            self.check_maker()
            self.test_database = super()._create_test_db(verbosity, autoclobber, keepdb)
            self.create_schemas(self.test_database)
        return self.test_database

    def check_maker(self) -> None:
        """Connect as whoever makes the database, before anything is made.

        Raises:
            NoTestDatabaseError: they can't connect, or whoever listens to `creating_database` refuses them.
        """
        entry = name_entry(self.connection)
        try:
            with catch_warnings(action="ignore"), self.connection._nodb_cursor() as cursor:
                creating_database.send(sender=type(self.connection), cursor=cursor, entry=entry)
        except OperationalError as error:
            if not self.connection.settings_dict.get("SWITCH_LOGIN"):
                raise
            reason = "; ".join(line.strip() for line in str(error).splitlines() if line.strip())
            more = ", without SWITCH_LOGIN" if entry != URL else ""
            raise NoTestDatabaseError(
                f"the test database is made by a superuser, and {SUPERUSER} can't connect: {reason}. Put that login's "
                f"password into the password file, or name a superuser in {entry} for the run of the tests{more} "
                "(docs/testing.md)"
            ) from error

    def create_schemas(self, database: str) -> None:
        """Make the schemas that `database` lacks, then let whoever listens to `database_created` add what it needs."""
        connection = self.connection.copy(alias=NO_DB_ALIAS)  # under its own alias it would share a connection pool
        connection.settings_dict["NAME"] = database
        connection.settings_dict["SWITCH_LOGIN"] = False  # its login is the one that is meant
        try:
            with connection.cursor() as cursor:
                for schema in sorted(connection.schemas):
                    cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {quote_whole(schema)}")
            database_created.send(sender=type(connection), connection=connection)
        finally:
            connection.close()

    def _clone_test_db(self, suffix: str, verbosity: int, keepdb: bool = False) -> None:
        leaving_database.send(sender=type(self.connection))
        with using_login(self.connection, SUPERUSER):
            super()._clone_test_db(suffix, verbosity, keepdb)

    def _destroy_test_db(self, test_database_name: str, verbosity: int) -> None:
        leaving_database.send(sender=type(self.connection))
        with using_login(self.connection, SUPERUSER):
            super()._destroy_test_db(test_database_name, verbosity)

    def set_as_test_mirror(self, primary_settings_dict: dict[str, Any]) -> None:
        """Point the connection at another alias's test database: a second login to the same one."""
        super().set_as_test_mirror(primary_settings_dict)
        self.test_database = self.connection.settings_dict["NAME"]
