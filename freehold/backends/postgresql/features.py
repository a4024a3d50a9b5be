"""What the server can do; the oldest one that serves."""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import features

OLDEST = (15,)  # that the ownership of a Freehold project is tried with


class DatabaseFeatures(features.DatabaseFeatures):
    """Django's own; from PostgreSQL 15 on where DATABASE_URL made the entry, which is so in a project of Freehold's."""

    def __init__(self, connection: Any) -> None:
        super().__init__(connection)
        if "SWITCH_LOGIN" in connection.settings_dict:
            self.minimum_database_version = max(self.minimum_database_version or OLDEST, OLDEST)
