"""Keeps runs in bounds and their counts right: for commands of the back office."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from freehold.acting import acting
from runs.models import Run, RunCount
from runs.models.run_count import find_bucket
from runs.sql import run as run_queries, run_count as count_queries
from runs.sql.run_count import FindMiscountsRow

BATCH: Final = 5_000
_KEY: Final = ("project_id", "day", "status", "bucket")


def prune_runs(before: datetime, *, batch: int = BATCH, using: str = DEFAULT_DB_ALIAS) -> Iterator[int]:
    """Delete ended runs that were made before a time, and yield after each batch, which is a transaction, how many."""
    while count := run_queries.prune_runs(before=before, most=batch, using=using):
        yield count


def find_miscounts(*, using: str = DEFAULT_DB_ALIAS) -> list[FindMiscountsRow]:
    """Give the projects and days whose counts are not what their runs are, all seen at one time."""
    return count_queries.find_miscounts(using=using)


def recount_runs(*, using: str = DEFAULT_DB_ALIAS) -> None:
    """Count all runs anew; whoever writes runs waits meanwhile."""
    connection = connections[using]
    with transaction.atomic(using=using):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT app.recount_runs()")
            return
        with acting(None):  # no service may write counts
            counts = RunCount.objects.using(using)
            counts.all().delete()
            counts.bulk_create(RunCount(**dict(zip(_KEY, key, strict=True)), **sums) for key, sums in _count(using))


def _count(using: str) -> Iterable[tuple[tuple[Any, ...], dict[str, int]]]:
    """Give what the triggers would have counted, by project, day, status and bucket."""
    found: dict[tuple[Any, ...], dict[str, int]] = {}
    runs = Run.objects.using(using).values_list("project_id", "created_at", "status", "started_at", "finished_at")
    for project_id, created_at, status, started_at, finished_at in runs.iterator():
        micros = (finished_at - started_at) // timedelta(microseconds=1) if started_at and finished_at else None
        sums = found.setdefault(
            (project_id, created_at.date(), status, find_bucket(micros)), {"runs": 0, "duration": 0}
        )
        sums["runs"] += 1
        sums["duration"] += micros or 0
    return found.items()
