"""The engine's own models, and the abstract ones that a project's models start from."""

from freehold.models.migration_history import MigrationHistory
from freehold.models.record import Record, Updated, Versioned

__all__ = ["MigrationHistory", "Record", "Updated", "Versioned"]
