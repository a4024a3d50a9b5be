"""The engine's own models, and the abstract ones that a project's models start from."""

from freehold.models.canary import Canary
from freehold.models.migration_history import MigrationHistory
from freehold.models.record import Record, Updated, Versioned

__all__ = ["Canary", "MigrationHistory", "Record", "Updated", "Versioned"]
