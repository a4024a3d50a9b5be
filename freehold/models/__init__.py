"""The engine's own models."""

from freehold.models.canary import Canary
from freehold.models.migration_history import MigrationHistory

__all__ = ["Canary", "MigrationHistory"]
