"""What the server can do; the oldest one that serves."""

from __future__ import annotations

from django.db.backends.postgresql import features
from django.utils.functional import cached_property

OLDEST = (15,)  # that the ownership of a Freehold project is tried with


class DatabaseFeatures(features.DatabaseFeatures):
    """Django's own."""

    @cached_property
    def minimum_database_version(self) -> tuple[int, ...]:
        """Give Django's minimum, and no less than 15 where DATABASE_URL made the entry: a project of Freehold's."""
        stock: tuple[int, ...] = features.DatabaseFeatures.minimum_database_version
        return max(stock, OLDEST) if "SWITCH_LOGIN" in self.connection.settings_dict else stock
