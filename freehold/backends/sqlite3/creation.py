"""Test databases: copied, serialized and filled again as their owner, whichever service the process is."""

# mypy: disable-error-code="misc, no-any-return"
# django-stubs leave out the underscored hooks of Django's test databases, so that super() has no types for them.

from __future__ import annotations

from typing import Any

from django.db.backends.sqlite3 import creation

from freehold.acting import acting
from freehold.backends.flushing import drop_kept_rows


class DatabaseCreation(creation.DatabaseCreation):
    """Knows its test database; on PostgreSQL the superuser does this work."""

    test_database = ""

    @property
    def is_test_database(self) -> bool:
        """Whether the connection's database is one that the tests made."""
        return bool(self.test_database) and self.connection.settings_dict["NAME"] == self.test_database

    def _create_test_db(self, verbosity: int, autoclobber: bool, keepdb: bool = False) -> str:
        self.test_database = super()._create_test_db(verbosity, autoclobber, keepdb)
        return self.test_database

    def _clone_test_db(self, suffix: str, verbosity: int, keepdb: bool = False) -> None:
        with acting(None):
            super()._clone_test_db(suffix, verbosity, keepdb)

    def setup_worker_connection(self, _worker_id: Any) -> None:
        """Point the connection at the copy of a parallel test runner's process."""
        super().setup_worker_connection(_worker_id)
        self.test_database = self.connection.settings_dict["NAME"]

    def serialize_db_to_string(self) -> str:
        """Give every row, as JSON."""
        with acting(None):
            return super().serialize_db_to_string()

    def deserialize_db_from_string(self, data: str) -> None:
        """Put the rows back, but for those that a flush leaves."""
        with acting(None):
            super().deserialize_db_from_string(drop_kept_rows(data))
