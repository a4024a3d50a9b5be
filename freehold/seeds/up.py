"""Puts seeds up, or finds that nothing is to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from freehold.acting.roles import using_role
from freehold.errors import SeedError
from freehold.ownership import get_ownership
from freehold.ownership.spelling import split_name
from freehold.progress import SILENT, Progress
from freehold.scripts.pairs import shorten
from freehold.seeds.conditions import count_rows, get_schema_of_seed
from freehold.seeds.filling import put_seed, read_seed
from freehold.seeds.journal import (
    Attempt,
    SeedEntry,
    TableCount,
    find_entry,
    list_entries,
    noting_failure,
    seed_transaction,
    write_success,
)
from freehold.seeds.registry import RegisteredSeed, check_tables, list_seeds
from freehold.seeds.scripts import run_up


@dataclass(frozen=True)
class AppliedSeed:
    """How a seed is after `apply_seed`. `is_changed`: its checksum differs from the one it was up with before."""

    seed: str
    is_changed: bool
    counts: tuple[TableCount, ...]
    seconds: float

    @property
    def added(self) -> int:
        return sum(count.added for count in self.counts)

    @property
    def kept(self) -> int:
        return sum(count.kept for count in self.counts)


def apply_seeds(
    connection: Any, chosen: Sequence[RegisteredSeed], progress: Progress = SILENT, *, accepts: bool = False
) -> Iterator[AppliedSeed]:
    """Put each of the seeds up, in order and each in a transaction of its own; yield how it went.

    `accepts`: SQL seeds that were edited since they went up are run again.

    Raises:
        SeedError: a table is missing, or an SQL seed was edited; none is up. Or one of the seeds could not be applied;
            those before it are up.
    """
    check_tables(connection, chosen)
    seeds = {seed.name: seed for seed in list_seeds()}
    entries = list_entries(connection)
    if not accepts:
        _check_accepted(chosen, entries)
    for seed in chosen:
        yield apply_seed(connection, seed, seeds, entries.get(seed.name), progress)


def apply_seed(
    connection: Any,
    seed: RegisteredSeed,
    seeds: Mapping[str, RegisteredSeed],
    entry: SeedEntry | None,
    progress: Progress,
) -> AppliedSeed:
    """Add the seed's rows that are missing, or run its SQL, in one transaction. A second time nothing is written.

    `seeds` are all seeds by name; `entry` is what last happened to this one.

    Raises:
        SeedError: a row or a file is wrong, something a row refers to is not there, or the database refused. Nothing
            has changed.
    """
    _check_schema(seed)
    attempt = Attempt(seed.name, "up", seed.owner, seed.checksum, lambda: seed.sources)
    if entry and _is_settled(connection, seed, entry):
        counts = [TableCount(count.table, present=count.present) for count in entry.counts]
        return AppliedSeed(seed.name, is_changed=False, counts=tuple(counts), seconds=attempt.seconds)
    with noting_failure(connection, attempt):
        progress.start(f"{seed.name}: reading")
        read = read_seed(seed)
        with seed_transaction(connection, f"seed {seed.name} was not applied, and nothing changed"):
            entry = find_entry(connection, seed.name)  # again: on SQLite somebody may have been faster
            is_up = entry is not None and entry.is_up_with(seed.checksum)
            if seed.pair:
                counts = [] if is_up else run_up(connection, seed.name, seed.pair, seed.owner, entry, progress)
            else:
                with using_role(connection, seed.owner):
                    counts = put_seed(connection, seed, seeds, read, progress)
            if not is_up or any(count.added for count in counts):
                write_success(connection, attempt, counts)
    is_changed = entry is not None and entry.is_up and not is_up
    return AppliedSeed(seed.name, is_changed, tuple(counts), attempt.seconds)


def _check_accepted(seeds: Iterable[RegisteredSeed], entries: Mapping[str, SeedEntry]) -> None:
    """Raise SeedError where one of the SQL seeds is up and was edited since: what its new version does to the rows of
    the old one, nobody but a person can say."""
    for seed in seeds:
        entry = entries.get(seed.name)
        if seed.pair and entry and entry.is_up and entry.checksum != seed.checksum:
            place = shorten(seed.pair.folder / f"{seed.pair.stem}.*.sql")
            raise SeedError(
                f"seed {seed.name} was edited since it went up ({place}): put the files back and write a new seed, or "
                f"run the edited one over the rows that are there by `manage.py seed up {seed.name} --accept`"
            )


def _check_schema(seed: RegisteredSeed) -> None:
    schema = get_schema_of_seed(seed.name, seed.app)
    for table in seed.tables:
        if split_name(table, get_ownership().schema_names)[0] != schema.name:
            way_out = f"move these rows to a seed of an app that lies where {table} does"
            raise SeedError(f"seed {seed.name} writes {table}, which is not in its schema, {schema.name}: {way_out}")


def _is_settled(connection: Any, seed: RegisteredSeed, entry: SeedEntry) -> bool:
    """Tell, without reading the seed's source, that all its rows are there.

    That is so where it is up with the same checksum and each table holds as many of its rows as it did then. Where a
    person had made some of them, the source must be read: theirs may be gone. What SQL wrote is not looked at.
    """
    if not entry.is_up_with(seed.checksum) or seed.pair:
        return entry.is_up_with(seed.checksum)
    if {count.table for count in entry.counts} != set(seed.tables):
        return False
    with using_role(connection, seed.owner):
        return all(
            not count.kept and count_rows(connection, seed.name, count.table) == count.present for count in entry.counts
        )
