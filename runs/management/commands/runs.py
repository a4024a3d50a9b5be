"""`manage.py runs check|prune`: are runs counted right, and those of long ago deleted. docs/runs.md"""

from __future__ import annotations

import re
from argparse import ArgumentParser
from datetime import datetime, timedelta
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, connections
from django.utils import timezone

from freehold import acting_as
from runs.services import upkeep

SHOWN = 20
UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


class Command(BaseCommand):
    """Works as the back office."""

    help = "Hold the counts of runs against the runs, and delete those of long ago."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        check = actions.add_parser("check", help="hold the counts against the runs; exit status 1 where they differ")
        check.add_argument("--repair", action="store_true", help="count all anew where they differ; writers wait")
        prune = actions.add_parser("prune", help="delete ended runs that were made before some time, in batches")
        prune.add_argument("--older-than", required=True, metavar="90d", help="their age: 90d, 12w or 36h")
        prune.add_argument("--batch", type=int, default=upkeep.BATCH, help="runs of a transaction (%(default)s)")
        for each in (check, prune):
            each.add_argument("--database", default=DEFAULT_DB_ALIAS, choices=tuple(connections), help="which database")

    def handle(self, *args: Any, action: str, database: str, **options: Any) -> None:
        with acting_as("admin"):
            if action == "check":
                self.check_counts(database, repair=options["repair"])
            else:
                self.prune(database, read_age(options["older_than"]), options["batch"])

    def check_counts(self, using: str, *, repair: bool) -> None:
        """Name what is counted wrong.

        Raises:
            CommandError: something is, and was not to be repaired.
        """
        found = upkeep.find_miscounts(using=using)
        for each in found[:SHOWN]:
            self.stdout.write(f"project {each.project_id}, {each.day}: counted wrong")
        if found and not repair:
            raise CommandError(f"{len(found)} days of projects are counted wrong: `manage.py runs check --repair`")
        if found:
            upkeep.recount_runs(using=using)
        self.stdout.write("All runs are counted anew." if found else "All runs are counted right.")

    def prune(self, using: str, before: datetime, batch: int) -> None:
        """Delete, and say after each batch how far it is.

        Raises:
            CommandError: a batch of none.
        """
        if batch < 1:
            raise CommandError("--batch takes a number from 1 up")
        total = 0
        for count in upkeep.prune_runs(before, batch=batch, using=using):
            total += count
            self.stdout.write(f"{total} runs deleted")
        self.stdout.write(f"{total} runs from before {before:%Y-%m-%d %H:%M} UTC are deleted.")


def read_age(text: str) -> datetime:
    """Give the time that is so long ago.

    Raises:
        CommandError: no such age, or before all time.
    """
    found = re.fullmatch(r"(\d{1,7})([hdw])", text, re.ASCII)
    if not found:
        raise CommandError(f"--older-than {text!r}: write an age as 90d, 12w or 36h")
    try:
        return timezone.now() - int(found[1]) * UNITS[found[2]]
    except OverflowError:
        raise CommandError(f"--older-than {text}: that is before the year 1") from None
