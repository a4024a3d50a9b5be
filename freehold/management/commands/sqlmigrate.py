"""`manage.py sqlmigrate`: Django's, which looks at what is applied, and at SQLite's tables, as the migrator does."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import sqlmigrate as stock
from django.db import connections

from freehold.acting.logins import using_login
from freehold.ownership import find_ownership


class Command(stock.Command):
    """Takes Django's options and prints Django's lines. No service may do what its schema editor begins with."""

    def execute(self, *args: Any, **options: Any) -> Any:
        ownership = find_ownership()
        if ownership is None:
            return super().execute(*args, **options)
        with using_login(connections[options["database"]], ownership.migrator):
            return super().execute(*args, **options)
