"""`manage.py idempotency prune`: delete what was kept of requests, once it has expired. docs/api-v1.md"""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, connections

from freehold import acting_as
from tenancy.services.idempotency_key import BATCH, LARGEST_BATCH, prune_keys


class Command(BaseCommand):
    """Works as the back office."""

    help = "Delete what was kept of requests with an Idempotency-Key, once it has expired."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        prune = actions.add_parser("prune", help="delete what has expired, in batches")
        prune.add_argument("--batch", type=int, default=BATCH, help="keys of a transaction (%(default)s)")
        prune.add_argument("--database", default=DEFAULT_DB_ALIAS, choices=tuple(connections), help="which database")

    def handle(self, *args: Any, action: str, database: str, batch: int, **options: Any) -> None:
        """Delete, and say how many.

        Raises:
            CommandError: a batch of none, or of too many.
        """
        if not 1 <= batch <= LARGEST_BATCH:
            raise CommandError(f"--batch takes a number from 1 to {LARGEST_BATCH}")
        with acting_as("admin"):
            total = sum(prune_keys(batch=batch, using=database))
        self.stdout.write(f"{total} keys that had expired are deleted.")
