"""Test databases: copied, serialized and filled again as their owner, whichever service the process is."""

# mypy: disable-error-code="misc, no-any-return"
# django-stubs leave out the underscored hooks of Django's test databases, so that super() has no types for them.

from __future__ import annotations

from django.db.backends.sqlite3 import creation

from freehold.acting import acting
from freehold.backends.creation import CreationMixin


class DatabaseCreation(CreationMixin, creation.DatabaseCreation):
    """On PostgreSQL the superuser does this work."""

    def _create_test_db(self, verbosity: int, autoclobber: bool, keepdb: bool = False) -> str:
        self.test_database = super()._create_test_db(verbosity, autoclobber, keepdb)
        return self.test_database

    def _clone_test_db(self, suffix: str, verbosity: int, keepdb: bool = False) -> None:
        with acting(None):
            super()._clone_test_db(suffix, verbosity, keepdb)

    def serialize_db_to_string(self) -> str:
        with acting(None):
            return super().serialize_db_to_string()

    def deserialize_db_from_string(self, data: str) -> None:
        with acting(None):
            super().deserialize_db_from_string(data)
