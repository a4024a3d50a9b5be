"""The migrator's database, and a table that has all that can hang on a column."""

from tests.freehold.migrator.conftest import database, estate, lots

__all__ = ["database", "estate", "lots"]
