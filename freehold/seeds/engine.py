"""What the command calls: seeds up, down and their status, one database at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.migrations.recorder import MigrationRecorder

from freehold.errors import SeedError
from freehold.history.journal import KEEPING
from freehold.models import MigrationHistory
from freehold.progress import SILENT, Progress
from freehold.seeds.application import Applied, apply_seed, check_accepted
from freehold.seeds.counts import TableCount
from freehold.seeds.dependants import SeedInUseError, list_dependants
from freehold.seeds.journal import Entry, list_entries
from freehold.seeds.registry import RegisteredSeed, list_seeds
from freehold.seeds.removal import list_tables, remove_seed, take_down
from freehold.seeds.status import SeedStatus, list_status
from freehold.seeds.transactions import seed_transaction


def apply_seeds(
    connection: Any, chosen: Sequence[RegisteredSeed], progress: Progress = SILENT, *, accepts: bool = False
) -> Iterator[Applied]:
    """Put each of the seeds up, in order and each in a transaction of its own; yield how it went.

    `accepts`: SQL seeds that were edited since they went up are run again.

    Raises:
        SeedError: a table is missing, or an SQL seed was edited; none is up. Or one of the seeds could not be applied;
            those before it are up.
    """
    _check_tables(connection, chosen)
    seeds = {seed.name: seed for seed in list_seeds()}
    entries = list_entries(connection)
    if not accepts:
        check_accepted(chosen, entries)
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
    _check_tables(connection, chosen)
    entries = list_entries(connection)
    names = [seed.name for seed in list_seeds()]
    progress.start("looking for rows that depend on them")
    if any(seed.pair for seed in chosen):
        _rehearse(connection, chosen, entries, names)
    else:
        _check_dependants(connection, chosen, entries, names)
    for seed in reversed(chosen):
        progress.start(f"{seed.name}: removing")
        yield seed.name, remove_seed(connection, seed, entries.get(seed.name), names, progress)


def _check_dependants(
    connection: Any, chosen: Sequence[RegisteredSeed], entries: Mapping[str, Entry], names: Sequence[str]
) -> None:
    """Raise SeedInUseError where rows outside all of the seeds depend on rows inside."""
    tables = {seed.name: list_tables(seed, entries.get(seed.name)) for seed in chosen}
    with seed_transaction(connection, "nothing was taken down"):
        if dependants := list_dependants(connection, tables, names):
            raise SeedInUseError(list(tables), dependants)


def _rehearse(
    connection: Any, chosen: Sequence[RegisteredSeed], entries: Mapping[str, Entry], names: Sequence[str]
) -> None:
    """Take all of the seeds down and roll that back: only what an SQL seed does tells which rows are its own, and the
    rows of others that depend on one may be those of an SQL seed that goes too.

    Raises:
        SeedError: one of them can't go.
    """
    with seed_transaction(connection, "nothing was taken down"):
        for seed in reversed(chosen):
            take_down(connection, seed, entries.get(seed.name), names, SILENT)
        transaction.set_rollback(True, using=connection.alias)


def get_statuses(connection: Any, progress: Progress = SILENT, apps: Collection[str] | None = None) -> list[SeedStatus]:
    """Give the state of every seed, or of those of some apps by label.

    Raises:
        SeedError: a table is missing.
    """
    seeds = [seed for seed in list_seeds() if apps is None or seed.app in apps]
    _check_tables(connection, seeds)
    progress.start("reading what the seeds declare")
    entries = list_entries(connection)
    known = {name: entry for name, entry in entries.items() if apps is None or name.partition(".")[0] in apps}
    return list(list_status(connection, seeds, known))


def _check_tables(connection: Any, seeds: Sequence[RegisteredSeed]) -> None:
    """Raise SeedError where a table is missing that the seeds or their history need, or the history is an older one."""
    there = set(connection.introspection.table_names())
    for needed, who in [
        (MigrationHistory._meta.db_table, "the history of seeds"),
        *((table, f"seed {seed.name}") for seed in seeds for table in seed.tables),
    ]:
        if needed not in there:
            raise SeedError(f"table {needed}, which {who} needs, is missing: run `manage.py migrate` first")
    if KEEPING not in MigrationRecorder(connection).applied_migrations():
        raise SeedError(f"{MigrationHistory._meta.db_table} is of an earlier release: run `manage.py migrate` first")
