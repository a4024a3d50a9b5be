"""`manage.py dbshell`, which says what it opens."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.backends.sqlite3 import client

from freehold.announcing import announce


class DatabaseClient(client.DatabaseClient):
    """Django's, with the line that every command prints which connects."""

    def runshell(self, parameters: Iterable[str]) -> None:
        """Say which file it is, and hand over to sqlite3."""
        announce(self.connection)
        super().runshell(parameters)
