"""Takes the rows of seeds out of their tables: exactly those, or none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import models, transaction

from freehold.acting.roles import using_role
from freehold.progress import SILENT, Progress
from freehold.seeds.conditions import count_rows, find_model, get_own_rows
from freehold.seeds.dependants import SeedInUseError, list_dependants
from freehold.seeds.journal import (
    Attempt,
    SeedEntry,
    TableCount,
    list_entries,
    noting_failure,
    seed_transaction,
    write_success,
)
from freehold.seeds.registry import RegisteredSeed, check_tables, list_seeds
from freehold.seeds.scripts import run_down


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
    progress.start("looking for rows that depend on them")
    _rehearse(connection, chosen, entries, names)
    for seed in reversed(chosen):
        progress.start(f"{seed.name}: removing")
        yield seed.name, _remove_seed(connection, seed, entries.get(seed.name), names, progress)


def _rehearse(
    connection: Any, chosen: Sequence[RegisteredSeed], entries: Mapping[str, SeedEntry], names: Sequence[str]
) -> None:
    """Raise SeedError where one of the seeds can't go.

    Only what an SQL seed does tells which rows are its own, and the rows of others that depend on one may be those of
    an SQL seed that goes too: where there is one, all are taken down, and that is rolled back.
    """
    with seed_transaction(connection, "nothing was taken down"):
        if any(seed.pair for seed in chosen):
            for seed in reversed(chosen):
                _take_down(connection, seed, entries.get(seed.name), names, SILENT)
            transaction.set_rollback(True, using=connection.alias)
            return
        tables = {seed.name: _list_tables(seed, entries.get(seed.name)) for seed in chosen}
        if dependants := list_dependants(connection, tables, names):
            raise SeedInUseError(list(tables), dependants)


def _remove_seed(
    connection: Any, seed: RegisteredSeed, entry: SeedEntry | None, others: Iterable[str], progress: Progress
) -> list[TableCount]:
    """Delete the seed's rows, those of earlier versions too, in one transaction; give how many went from each table.

    `entry` is what last happened to the seed, `others` are the seeds whose rows may point at this one's. Where nothing
    is there and the seed is not up, nothing is written either.
    """
    attempt = Attempt(seed.name, "down", seed.owner, seed.checksum, lambda: seed.sources)
    with (
        noting_failure(connection, attempt),
        seed_transaction(connection, f"seed {seed.name} was not taken down, and nothing changed"),
    ):
        counts = _take_down(connection, seed, entry, others, progress)
        if (entry and entry.is_up) or any(count.removed for count in counts):
            write_success(connection, attempt, counts)
    return counts


def _take_down(
    connection: Any, seed: RegisteredSeed, entry: SeedEntry | None, others: Iterable[str], progress: Progress
) -> list[TableCount]:
    """Delete the seed's rows, or run its way down if it is written in SQL and up; to be called in a transaction."""
    if seed.pair is None:
        return _take_out(connection, seed.name, seed.owner, _list_tables(seed, entry), others)
    if entry is None or not entry.is_up:
        return []
    return run_down(connection, seed.name, seed.pair, seed.owner, entry, progress)


def _list_tables(seed: RegisteredSeed, entry: SeedEntry | None) -> list[str]:
    """Give the tables that may hold rows of the seed, as it is now or was when it went up, in the order of writing."""
    before = [count.table for count in entry.counts] if entry else []
    return [table for table in dict.fromkeys((*seed.tables, *before)) if find_model(table)]


def _take_out(connection: Any, seed: str, owner: str, tables: Sequence[str], others: Iterable[str]) -> list[TableCount]:
    """Delete the seed's rows from the tables, the last one first; to be called in a transaction."""
    with using_role(connection, owner):
        for table in tables:
            _hold_rows(connection, seed, table)
    if dependants := list_dependants(connection, {seed: tables}, others):
        raise SeedInUseError([seed], dependants)
    with using_role(connection, owner):
        removed = {table: count_rows(connection, seed, table) for table in reversed(tables)}
        for table in _order_tables(tables):
            _delete_rows(connection, seed, table)
        return [TableCount(table, removed=count) for table, count in removed.items()]


def _order_tables(tables: Sequence[str]) -> list[str]:
    """Give the tables in the order of deleting: first those whose rows take along all of the seed's that refer to them,
    since a trigger may keep these as long as what they belong to is there; then the others, the last one first."""
    found = {table: find_model(table) for table in tables}
    keys = [field for model in found.values() if model for field in model._meta.concrete_fields if field.remote_field]
    whole = [
        table for table, model in found.items() if _cascades_all([each for each in keys if each.related_model is model])
    ]
    return [*whole, *(table for table in reversed(tables) if table not in whole)]


def _cascades_all(keys: list[Any]) -> bool:
    return bool(keys) and all(key.remote_field.on_delete is models.DB_CASCADE for key in keys)


def _hold_rows(connection: Any, seed: str, table: str) -> None:
    """Keep others from pointing at the seed's rows until the transaction ends.

    A foreign key's check takes FOR KEY SHARE on the row it points at, so a row that somebody is just adding is either
    seen by what looks for dependants, or waits and then fails; it is never deleted along. SQLite has one writer.
    """
    if connection.vendor == "postgresql":
        where, bounds = get_own_rows(connection, seed, table)
        held = f"SELECT 1 FROM {connection.ops.quote_name(table)} WHERE {where} FOR UPDATE"  # noqa: S608 - names quoted
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM ({held}) AS held", bounds)  # noqa: S608 - as above


def _delete_rows(connection: Any, seed: str, table: str) -> None:
    where, bounds = get_own_rows(connection, seed, table)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)} WHERE {where}", bounds)  # noqa: S608 - as above
