"""Which seeds are up: kept in `public.migration_history`, where the newest entry of a seed decides. And the transaction
in which one goes up or down, which writes an entry."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, models, transaction
from django.utils import timezone

from freehold.acting.roles import using_role
from freehold.errors import FreeholdError, SeedError
from freehold.history.recording import record, writing_at_once
from freehold.history.sources import Sources
from freehold.models import MigrationHistory
from freehold.seeds.conditions import find_owner

LOCK_TIMEOUT = "10s"  # for a row that someone else holds
# Row security stays on: the owner's policy shows every row, and off is an error for whoever has a policy at all.
_PREPARE = "SELECT pg_catalog.set_config('lock_timeout', %s, true)"


@dataclass(frozen=True)
class TableCount:
    """What became of the rows of one table.

    `declared` is how many the seed has, `added` how many were written now, `kept` how many a person had made before,
    and `present` how many of the seed's own are there.
    """

    table: str
    declared: int = 0
    added: int = 0
    kept: int = 0
    present: int = 0
    removed: int = 0


def merge_counts(counts: Iterable[TableCount]) -> list[TableCount]:
    """Give one entry a table, where a seed declares rows of one model in several parts."""
    merged: dict[str, TableCount] = {}
    for count in counts:
        before = merged.get(count.table, TableCount(count.table))
        merged[count.table] = replace(  # `present` is of the whole table, so that the last one has it
            count,
            declared=before.declared + count.declared,
            added=before.added + count.added,
            kept=before.kept + count.kept,
        )
    return list(merged.values())


@dataclass(frozen=True)
class SeedEntry:
    """What last happened to a seed: its direction, when, under which checksum, and what it did to each table."""

    direction: str
    checksum: str
    at: datetime
    counts: tuple[TableCount, ...]

    @property
    def is_up(self) -> bool:
        return self.direction == "up"

    def is_up_with(self, checksum: str) -> bool:
        return self.is_up and self.checksum == checksum


def list_entries(connection: Any) -> dict[str, SeedEntry]:
    """Map the full name of each seed that was ever up to what last happened to it; failed attempts do not count."""
    with using_role(connection, find_owner(MigrationHistory._meta.db_table)):
        rows = list(_get_successes(connection).order_by("id"))
    return {f"{row.app}.{row.name}": _read_entry(row) for row in rows}  # the last one of a name stays


def find_entry(connection: Any, seed: str) -> SeedEntry | None:
    app, _, name = seed.partition(".")
    with using_role(connection, find_owner(MigrationHistory._meta.db_table)):
        row = _get_successes(connection).filter(app=app, name=name).order_by("-id").first()
    return _read_entry(row) if row else None


def _get_successes(connection: Any) -> models.QuerySet[MigrationHistory]:
    return MigrationHistory.objects.using(connection.alias).filter(kind="seed", outcome="ok")


def _read_entry(row: MigrationHistory) -> SeedEntry:
    return SeedEntry(row.direction, row.checksum, row.started_at + row.duration, tuple(_read_counts(row.detail)))


def _read_counts(detail: str) -> Iterable[TableCount]:
    """Yield the counts that an entry tells; none where its text is not what `_write_counts` gives."""
    try:
        tables: Mapping[str, Any] = json.loads(detail or "{}")
        return [TableCount(table=table, **counts) for table, counts in tables.items()]
    except (ValueError, TypeError, AttributeError):
        return []


def _write_counts(counts: Iterable[TableCount]) -> str:
    """Give the counts as the text of an entry: JSON by table, zeros left out."""
    tables = {
        count.table: {key: value for key, value in asdict(count).items() if value and key != "table"}
        for count in counts
    }
    return json.dumps(tables)


@dataclass(frozen=True)
class Attempt:
    """A seed that goes up or down now, as the role `owner`. `read` gives what it is made of, for the history."""

    seed: str
    direction: str
    owner: str
    checksum: str
    read: Callable[[], Sources]
    started_at: datetime = field(default_factory=timezone.now)
    started: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started


def write_success(connection: Any, attempt: Attempt, counts: Iterable[TableCount]) -> None:
    _write_entry(connection, attempt, "ok", _write_counts(counts))


@contextmanager
def noting_failure(connection: Any, attempt: Attempt) -> Iterator[None]:
    """Write down that the attempt failed, if the block raises an error that a person can mend; hand it on."""
    try:
        yield
    except FreeholdError as error:
        with suppress(DatabaseError):  # what failed is the seed: that it can't be noted matters less
            _write_entry(connection, attempt, "failed", str(error))
        raise


def _write_entry(connection: Any, attempt: Attempt, outcome: str, detail: str) -> None:
    app, _, name = attempt.seed.partition(".")
    with using_role(connection, find_owner(MigrationHistory._meta.db_table)):
        record(
            kind="seed",
            direction=attempt.direction,
            app=app,
            name=name,
            started_at=attempt.started_at,
            duration=timedelta(seconds=attempt.seconds),
            owner_role=attempt.owner,
            checksum=attempt.checksum,
            sources=attempt.read().keep(),
            outcome=outcome,
            detail=detail,
            using=connection.alias,
        )


@contextmanager
def seed_transaction(connection: Any, what: str) -> Iterator[None]:
    """Run the block in one transaction; `what` begins the error, such as `seed x was not applied`.

    Raises:
        SeedError: the database refused something.
    """
    try:
        with writing_at_once(connection), transaction.atomic(using=connection.alias):
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute(_PREPARE, [LOCK_TIMEOUT])
            yield
    except DatabaseError as error:
        raise SeedError(f"{what}: {explain(error)}") from error


def explain(error: DatabaseError) -> str:
    """Give the database's own words, but not its DETAIL, which holds the values of the row."""
    cause = error.__cause__
    message = getattr(getattr(cause, "diag", None), "message_primary", None)
    return message or (str(error).splitlines() or [type(error).__name__])[0]
