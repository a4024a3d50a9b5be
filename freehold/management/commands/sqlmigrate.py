"""`manage.py sqlmigrate`: Django's, which looks at what is applied, and at SQLite's tables, as the migrator does."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import sqlmigrate as stock
from django.db import connections

from freehold.migrator.session import reading_as_migrator


class Command(stock.Command):
    """Takes Django's options and prints Django's lines. No service may do what its schema editor begins with."""

    def execute(self, *args: Any, **options: Any) -> Any:
        with reading_as_migrator(connections[options["database"]]):
            return super().execute(*args, **options)
