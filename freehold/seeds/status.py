"""How each seed is: up or down, since when, and how many of its rows are there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from freehold.acting.roles import using_role
from freehold.seeds.journal import Entry
from freehold.seeds.owners import get_schema_of_seed
from freehold.seeds.registry import RegisteredSeed
from freehold.seeds.removal import count_rows

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


def list_status(connection: Any, seeds: Iterable[RegisteredSeed], entries: Mapping[str, Entry]) -> Iterator[SeedStatus]:
    """Yield the state of each seed, in order; then those that are up and whose file is gone."""
    known = set()
    for seed in seeds:
        known.add(seed.name)
        yield _get_status(connection, seed, entries.get(seed.name))
    for name, entry in entries.items():
        if name not in known and entry.is_up:
            present = sum(count.present for count in entry.counts)
            yield SeedStatus(name, "", GONE, entry.at, present, 0, 0, is_changed=True)


def _get_status(connection: Any, seed: RegisteredSeed, entry: Entry | None) -> SeedStatus:
    """Give the state of one seed. Reads its source where the database can't tell how many rows it has."""
    if seed.pair:
        return _get_pair_status(seed, entry)
    is_up = entry is not None and entry.is_up
    is_changed = entry.checksum != seed.checksum if entry and is_up else None
    with using_role(connection, get_schema_of_seed(seed.name, seed.app).owner):
        present = sum(count_rows(connection, seed.name, table) for table in seed.tables)
    return SeedStatus(
        name=seed.name,
        kind=seed.kind,
        state=NEVER if entry is None else UP if is_up else DOWN,
        since=entry.at if entry else None,
        present=present,
        declared=sum(c.declared for c in entry.counts) if entry and is_changed is False else _count_declared(seed),
        kept=sum(count.kept for count in entry.counts) if entry and is_up else 0,
        is_changed=is_changed,
    )


def _get_pair_status(seed: RegisteredSeed, entry: Entry | None) -> SeedStatus:
    """Give the state of a seed in SQL. Its rows can't be told from others', so that those it put there are counted."""
    is_up = entry is not None and entry.is_up
    put = sum(count.present for count in entry.counts) if entry and is_up else 0
    return SeedStatus(
        name=seed.name,
        kind=seed.kind,
        state=NEVER if entry is None else UP if is_up else DOWN,
        since=entry.at if entry else None,
        present=put,
        declared=put,
        kept=0,
        is_changed=entry.checksum != seed.checksum if entry and is_up else None,
    )


def _count_declared(seed: RegisteredSeed) -> int:
    """Count the rows that the seed's source gives: this may take seconds."""
    return sum(sum(1 for _ in rows.read()) for rows in seed.seed.rows)
