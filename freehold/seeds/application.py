"""Puts one seed up, or finds that nothing is to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from freehold.acting.roles import using_role
from freehold.errors import SeedError
from freehold.progress import Progress
from freehold.scripts.pairs import ScriptPair, shorten
from freehold.seeds.counts import TableCount
from freehold.seeds.journal import Attempt, Entry, find_entry, noting_failure, write_success
from freehold.seeds.loading import put_seed, read_seed
from freehold.seeds.owners import check_schema, get_schema_of_seed
from freehold.seeds.registry import RegisteredSeed
from freehold.seeds.removal import count_rows
from freehold.seeds.scripts import run_up
from freehold.seeds.transactions import seed_transaction


@dataclass(frozen=True)
class Applied:
    """How a seed is after `apply_seed`. `is_changed`: its checksum differs from the one it was up with before."""

    seed: str
    is_changed: bool
    counts: tuple[TableCount, ...]
    seconds: float

    @property
    def added(self) -> int:
        """How many rows were written."""
        return sum(count.added for count in self.counts)

    @property
    def kept(self) -> int:
        """How many rows of people's were left alone."""
        return sum(count.kept for count in self.counts)


def apply_seed(
    connection: Any, seed: RegisteredSeed, seeds: Mapping[str, RegisteredSeed], entry: Entry | None, progress: Progress
) -> Applied:
    """Add the seed's rows that are missing, in one transaction. A second time nothing is written.

    `seeds` are all seeds by name; `entry` is what last happened to this one.

    Raises:
        SeedError: a row is wrong, something it refers to is not there, or the database refused. Nothing has changed.
    """
    if seed.pair:
        return _apply_pair(connection, seed, seed.pair, entry, progress)
    check_schema(seed.name, seed.app, seed.tables)
    attempt = Attempt(
        seed.name, "up", get_schema_of_seed(seed.name, seed.app).owner, seed.checksum, lambda: seed.sources
    )
    if entry and _is_settled(connection, seed, entry, attempt.owner):
        counts = tuple(TableCount(count.table, present=count.present) for count in entry.counts)
        return Applied(seed.name, is_changed=False, counts=counts, seconds=attempt.watch.seconds)
    with noting_failure(connection, attempt):
        progress.start(f"{seed.name}: reading")
        read = read_seed(seed)
        with seed_transaction(connection, f"seed {seed.name} was not applied, and nothing changed"):
            entry = find_entry(connection, seed.name)  # again: on SQLite somebody may have been faster
            with using_role(connection, attempt.owner):
                counts = tuple(put_seed(connection, seed, seeds, read, progress))
            if any(count.added for count in counts) or not (entry and entry.is_up_with(seed.checksum)):
                write_success(connection, attempt, counts)
    is_changed = entry is not None and entry.is_up and entry.checksum != seed.checksum
    return Applied(seed.name, is_changed, counts, attempt.watch.seconds)


def _apply_pair(
    connection: Any, seed: RegisteredSeed, pair: ScriptPair, entry: Entry | None, progress: Progress
) -> Applied:
    """Run the SQL of a seed that is not up as it is now, in one transaction. A second time nothing is run.

    Raises:
        SeedError: a file is missing or wrong, or the database refused. Nothing has changed.
    """
    attempt = Attempt(
        seed.name, "up", get_schema_of_seed(seed.name, seed.app).owner, seed.checksum, lambda: seed.sources
    )
    if entry and entry.is_up_with(seed.checksum):
        return Applied(seed.name, is_changed=False, counts=(), seconds=attempt.watch.seconds)
    counts: list[TableCount] = []
    with (
        noting_failure(connection, attempt),
        seed_transaction(connection, f"seed {seed.name} was not applied, and nothing changed"),
    ):
        entry = find_entry(connection, seed.name)  # again: on SQLite somebody may have been faster
        if not (entry and entry.is_up_with(seed.checksum)):
            counts = run_up(connection, seed.name, pair, attempt.owner, entry, progress)
            write_success(connection, attempt, counts)
    is_changed = entry is not None and entry.is_up and entry.checksum != seed.checksum
    return Applied(seed.name, is_changed, tuple(counts), attempt.watch.seconds)


def check_accepted(seeds: Iterable[RegisteredSeed], entries: Mapping[str, Entry]) -> None:
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


def _is_settled(connection: Any, seed: RegisteredSeed, entry: Entry, owner: str) -> bool:
    """Tell, without reading the seed's source, that all its rows are there.

    That is so where it is up with the same checksum and each table holds as many of its rows as it did then. Where a
    person had made some of them, the source must be read: theirs may be gone.
    """
    tables = {count.table for count in entry.counts}
    if not entry.is_up_with(seed.checksum) or tables != set(seed.tables):
        return False
    with using_role(connection, owner):
        return all(
            not count.kept and count_rows(connection, seed.name, count.table) == count.present for count in entry.counts
        )
