"""Test databases: made and dropped as the superuser, with the schemas in them."""

# mypy: disable-error-code="misc, no-any-return"
# django-stubs leave out the underscored hooks of Django's test databases, so that super() has no types for them.

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.backends.base.base import NO_DB_ALIAS
from django.db.backends.postgresql import creation

from freehold.backends.flushing import drop_kept_rows
from freehold.backends.names import quote_whole
from freehold.backends.signals import database_created
from freehold.logins import SUPERUSER, using_login

if TYPE_CHECKING:
    from freehold.backends.postgresql.base import DatabaseWrapper


class DatabaseCreation(creation.DatabaseCreation):
    """Where DATABASE_URL names its own user, that user makes the database and needs CREATEDB."""

    connection: DatabaseWrapper
    test_database = ""

    @property
    def is_test_database(self) -> bool:
        """Whether the connection's database is one that the tests made."""
        return bool(self.test_database) and self.connection.settings_dict["NAME"] == self.test_database

    def _create_test_db(self, verbosity: int, autoclobber: bool, keepdb: bool = False) -> str:
        with using_login(self.connection, SUPERUSER):
            self.test_database = super()._create_test_db(verbosity, autoclobber, keepdb)
            self.create_schemas(self.test_database)
        return self.test_database

    def create_schemas(self, database: str) -> None:
        """Make the schemas that `database` lacks, then let whoever listens to `database_created` add what it needs."""
        connection = self.connection.copy(alias=NO_DB_ALIAS)  # under its own alias it would share a connection pool
        connection.settings_dict["NAME"] = database
        try:
            with connection.cursor() as cursor:
                for schema in sorted(connection.schemas):
                    cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {quote_whole(schema)}")
            database_created.send(sender=type(connection), connection=connection)
        finally:
            connection.close()

    def _clone_test_db(self, suffix: str, verbosity: int, keepdb: bool = False) -> None:
        with using_login(self.connection, SUPERUSER):
            super()._clone_test_db(suffix, verbosity, keepdb)

    def _destroy_test_db(self, test_database_name: str, verbosity: int) -> None:
        with using_login(self.connection, SUPERUSER):
            super()._destroy_test_db(test_database_name, verbosity)

    def deserialize_db_from_string(self, data: str) -> None:
        """Put the rows back, but for those that a flush leaves."""
        super().deserialize_db_from_string(drop_kept_rows(data))

    def set_as_test_mirror(self, primary_settings_dict: dict[str, Any]) -> None:
        """Point the connection at another alias's test database: a second login to the same one."""
        super().set_as_test_mirror(primary_settings_dict)
        self.test_database = self.connection.settings_dict["NAME"]

    def setup_worker_connection(self, _worker_id: Any) -> None:
        """Point the connection at the clone of a parallel test runner's process."""
        super().setup_worker_connection(_worker_id)
        self.test_database = self.connection.settings_dict["NAME"]
