"""Takes the rows of one seed out of their tables: exactly those, or none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from freehold.acting.roles import using_role
from freehold.progress import SILENT, Progress
from freehold.seeds.conditions import find_model, get_model, get_own_rows
from freehold.seeds.counts import TableCount
from freehold.seeds.dependants import SeedInUseError, list_dependants
from freehold.seeds.journal import Attempt, Entry, noting_failure, write_success
from freehold.seeds.owners import get_schema_of_seed
from freehold.seeds.registry import RegisteredSeed
from freehold.seeds.scripts import run_down
from freehold.seeds.transactions import seed_transaction


def remove_seed(
    connection: Any, seed: RegisteredSeed, entry: Entry | None, others: Iterable[str], progress: Progress = SILENT
) -> list[TableCount]:
    """Delete the seed's rows, those of earlier versions too, in one transaction; give how many went from each table.

    `entry` is what last happened to the seed, `others` are the seeds whose rows may point at this one's. Where nothing
    is there and the seed is not up, nothing is written either.

    Raises:
        SeedInUseError: rows outside the seed depend on its rows. Nothing has changed.
        SeedError: the database refused. Nothing has changed.
    """
    attempt = Attempt(
        seed.name, "down", get_schema_of_seed(seed.name, seed.app).owner, seed.checksum, lambda: seed.sources
    )
    with (
        noting_failure(connection, attempt),
        seed_transaction(connection, f"seed {seed.name} was not taken down, and nothing changed"),
    ):
        counts = take_down(connection, seed, entry, others, progress)
        if (entry and entry.is_up) or any(count.removed for count in counts):
            write_success(connection, attempt, counts)
    return counts


def take_down(
    connection: Any, seed: RegisteredSeed, entry: Entry | None, others: Iterable[str], progress: Progress
) -> list[TableCount]:
    """Delete the seed's rows, or run its way down if it is written in SQL and up; to be called in a transaction."""
    owner = get_schema_of_seed(seed.name, seed.app).owner
    if seed.pair is None:
        return _take_out(connection, seed.name, owner, list_tables(seed, entry), others)
    if entry is None or not entry.is_up:
        return []
    return run_down(connection, seed.name, seed.pair, owner, entry, progress)


def list_tables(seed: RegisteredSeed, entry: Entry | None) -> list[str]:
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
        return [TableCount(table, removed=_delete_rows(connection, seed, table)) for table in reversed(tables)]


def _hold_rows(connection: Any, seed: str, table: str) -> None:
    """Keep others from pointing at the seed's rows until the transaction ends.

    A foreign key's check takes FOR KEY SHARE on the row it points at, so a row that somebody is just adding is either
    seen by what looks for dependants, or waits and then fails; it is never deleted along. SQLite has one writer.
    """
    if connection.vendor == "postgresql":
        where, bounds = get_own_rows(connection, seed, get_model(table))
        held = f"SELECT 1 FROM {connection.ops.quote_name(table)} WHERE {where} FOR UPDATE"  # noqa: S608 - names quoted
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM ({held}) AS held", bounds)  # noqa: S608 - as above


def _delete_rows(connection: Any, seed: str, table: str) -> int:
    """Delete the seed's rows from the table; give how many there were."""
    where, bounds = get_own_rows(connection, seed, get_model(table))
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)} WHERE {where}", bounds)  # noqa: S608 - as above
        return int(cursor.rowcount)


def count_rows(connection: Any, seed: str, table: str) -> int:
    """Count the seed's rows in the table."""
    where, bounds = get_own_rows(connection, seed, get_model(table))
    with connection.cursor() as cursor:
        query = f"SELECT count(*) FROM {connection.ops.quote_name(table)} WHERE {where}"  # noqa: S608 - as above
        cursor.execute(query, bounds)
        return int(cursor.fetchone()[0])
