"""`manage.py showmigrations`: Django's, which looks at what is applied as the migrator does."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import showmigrations as stock
from django.db import connections

from freehold.migrator.session import reading_as_migrator


class Command(stock.Command):
    """Takes Django's options and prints Django's lines, in the process of each service."""

    def handle(self, *args: Any, **options: Any) -> Any:
        with reading_as_migrator(connections[options["database"]]):
            return super().handle(*args, **options)
