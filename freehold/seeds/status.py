"""How each seed is: up or down, since when, and how many of its rows are there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from freehold.acting.roles import using_role
from freehold.progress import SILENT, Progress
from freehold.seeds.conditions import count_rows
from freehold.seeds.journal import SeedEntry, list_entries
from freehold.seeds.registry import RegisteredSeed, check_tables, list_seeds

UP, DOWN, NEVER, GONE = "up", "down", "never up", "up, file gone"


@dataclass(frozen=True)
class SeedStatus:
    """One seed as the database has it. `since` is when it last went up or down.

    `present` is how many of its rows are there, `declared` how many it has, `kept` how many people had made before.
    `is_changed` says that its checksum is not the one it went up with; None where it is not up.
    """

    name: str
    kind: str
    state: str
    since: datetime | None
    present: int
    declared: int
    kept: int
    is_changed: bool | None


def list_statuses(
    connection: Any, progress: Progress = SILENT, apps: Collection[str] | None = None
) -> list[SeedStatus]:
    """Give the state of every seed, or of those of some apps by label.

    Raises:
        SeedError: a table is missing.
    """
    seeds = [seed for seed in list_seeds() if apps is None or seed.app in apps]
    check_tables(connection, seeds)
    progress.start("reading what the seeds declare")
    entries = list_entries(connection)
    known = {name: entry for name, entry in entries.items() if apps is None or name.partition(".")[0] in apps}
    return list(_iter_statuses(connection, seeds, known))


def _iter_statuses(
    connection: Any, seeds: Iterable[RegisteredSeed], entries: Mapping[str, SeedEntry]
) -> Iterator[SeedStatus]:
    """Yield the state of each seed, in order; then those that are up and whose file is gone."""
    gone = dict(entries)
    for seed in seeds:
        yield _get_status(connection, seed, gone.pop(seed.name, None))
    for name, entry in gone.items():
        if entry.is_up:
            present = sum(count.present for count in entry.counts)
            yield SeedStatus(name, "", GONE, entry.at, present, 0, 0, is_changed=True)


def _get_status(connection: Any, seed: RegisteredSeed, entry: SeedEntry | None) -> SeedStatus:
    is_up = entry is not None and entry.is_up
    put = entry.counts if entry and is_up else ()
    is_changed = entry.checksum != seed.checksum if entry and is_up else None
    if seed.pair:  # SQL gives rows what ids it likes: those that it put there are counted
        present = declared = sum(count.present for count in put)
    else:
        with using_role(connection, seed.owner):
            present = sum(count_rows(connection, seed.name, table) for table in seed.tables)
        if is_changed is False:
            declared = sum(count.declared for count in put)
        else:  # the source is read: this may take seconds
            declared = sum(1 for rows in seed.seed.rows for _ in rows.read())
    return SeedStatus(
        name=seed.name,
        kind=seed.kind,
        state=NEVER if entry is None else UP if is_up else DOWN,
        since=entry.at if entry else None,
        present=present,
        declared=declared,
        kept=sum(count.kept for count in put),
        is_changed=is_changed,
    )
