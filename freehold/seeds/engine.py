"""What the command calls: seeds up, down and their status, one database at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from freehold.errors import SeedError
from freehold.models import MigrationHistory
from freehold.progress import SILENT, Progress
from freehold.seeds.application import Applied, apply_seed
from freehold.seeds.counts import TableCount
from freehold.seeds.dependants import SeedInUseError, list_dependants
from freehold.seeds.journal import list_entries
from freehold.seeds.registry import RegisteredSeed, list_seeds
from freehold.seeds.removal import list_tables, remove_seed
from freehold.seeds.status import SeedStatus, list_status
from freehold.seeds.transactions import seed_transaction


def apply_seeds(connection: Any, chosen: Sequence[RegisteredSeed], progress: Progress = SILENT) -> Iterator[Applied]:
    """Put each of the seeds up, in order and each in a transaction of its own; yield how it went.

    Raises:
        SeedError: a table is missing, or one of the seeds could not be applied. Those before it are up.
    """
    check_tables(connection, chosen)
    seeds = {seed.name: seed for seed in list_seeds()}
    entries = list_entries(connection)
    for seed in chosen:
        yield apply_seed(connection, seed, seeds, entries.get(seed.name), progress)


def remove_seeds(
    connection: Any, chosen: Sequence[RegisteredSeed], progress: Progress = SILENT
) -> Iterator[tuple[str, list[TableCount]]]:
    """Take the seeds down, the last one first; yield each name with the rows that went.

    Raises:
        SeedInUseError: rows outside all of the seeds depend on rows inside. None of them was taken down.
        SeedError: a table is missing, or the database refused.
    """
    check_tables(connection, chosen)
    entries = list_entries(connection)
    names = [seed.name for seed in list_seeds()]
    tables = {seed.name: list_tables(seed, entries.get(seed.name)) for seed in chosen}
    progress.start("looking for rows that depend on them")
    with seed_transaction(connection, "nothing was taken down"):
        if dependants := list_dependants(connection, tables, names):
            raise SeedInUseError(list(tables), dependants)
    for seed in reversed(chosen):
        progress.start(f"{seed.name}: removing")
        yield seed.name, remove_seed(connection, seed, entries.get(seed.name), names)


def get_statuses(connection: Any, progress: Progress = SILENT) -> list[SeedStatus]:
    """Give the state of every seed.

    Raises:
        SeedError: a table is missing.
    """
    seeds = list_seeds()
    check_tables(connection, seeds)
    progress.start("reading what the seeds declare")
    return list(list_status(connection, seeds, list_entries(connection)))


def check_tables(connection: Any, seeds: Sequence[RegisteredSeed]) -> None:
    """Raise SeedError where a table is missing that the seeds or their history need."""
    there = set(connection.introspection.table_names())
    for needed, who in [
        (MigrationHistory._meta.db_table, "the history of seeds"),
        *((table, f"seed {seed.name}") for seed in seeds for table in seed.tables),
    ]:
        if needed not in there:
            raise SeedError(f"table {needed}, which {who} needs, is missing: run `manage.py migrate` first")
