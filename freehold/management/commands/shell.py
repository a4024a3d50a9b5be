"""`manage.py shell`: Django's, which says which database it is before a person types the first line."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.commands import shell as stock
from django.db import DEFAULT_DB_ALIAS, connections

from freehold.announcing import announce


class Command(stock.Command):
    """Takes the same options. Code that is given to it says so with its first query, if it has one."""

    def handle(self, **options: Any) -> None:
        if not options["command"] and sys.stdin.isatty():
            announce(connections[DEFAULT_DB_ALIAS])
        super().handle(**options)
