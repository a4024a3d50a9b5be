"""`manage.py squashmigrations`: Django's, which looks at what is applied as the migrator does."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import squashmigrations as stock
from django.db import DEFAULT_DB_ALIAS, connections

from freehold.migrator.session import reading_as_migrator


class Command(stock.Command):
    """Takes Django's options and prints Django's lines, in the process of each service."""

    def handle(self, **options: Any) -> Any:
        with reading_as_migrator(connections[DEFAULT_DB_ALIAS]):
            return super().handle(**options)
