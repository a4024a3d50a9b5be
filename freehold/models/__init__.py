"""The engine's own model."""

from freehold.models.migration_history import MigrationHistory

__all__ = ["MigrationHistory"]
