"""Compares seeds as the code has them with the history."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.backends.base.base import BaseDatabaseWrapper

from freehold.errors import SeedError
from freehold.history.edits import get_shown_path
from freehold.history.states import HistoryState, Key, list_states
from freehold.models import MigrationHistory
from freehold.seeds.registry import RegisteredSeed, list_seeds
from freehold.verification.faults import Acceptance, Fault, describe_differences, describe_time, make_fault


def iter_seed_faults(connection: BaseDatabaseWrapper) -> Iterator[Fault]:
    """Yield what is amiss with seeds that are up.

    Raises:
        SeedError: the seeds of the code can't be read.
    """
    seeds = {seed.name: seed for seed in list_seeds()}
    for key, state in sorted(list_states(connection, "seed").items()):
        if state.is_up and state.checksum:
            yield from _look_at(connection, key, state, seeds.get(".".join(key)))


def _look_at(
    connection: BaseDatabaseWrapper, key: Key, state: HistoryState, seed: RegisteredSeed | None
) -> Iterator[Fault]:
    """Yield the fault of one seed that is up, or nothing."""
    name, repair = ".".join(key), f"`manage.py history repair {' '.join(key)}` accepts"
    gone = Acceptance("seed", *key, before=state.checksum)
    if seed is None:
        hint = f"Bring it back, or {repair} that it is gone; its rows stay"
        yield make_fault("H003", name, f"its file is missing; it went up {describe_time(state)}", hint, gone)
        return
    try:
        checksum = seed.checksum
    except SeedError as error:
        hint = f"Bring it back, or {repair} that it is gone"
        yield make_fault("H003", name, str(error), hint, gone, path=get_shown_path(seed.path), line=1)
        return
    if checksum != state.checksum:
        yield _describe_edit(connection, key, state, seed)


def _describe_edit(connection: BaseDatabaseWrapper, key: Key, state: HistoryState, seed: RegisteredSeed) -> Fault:
    """Give the fault of an edited seed."""
    row = MigrationHistory.objects.using(connection.alias).get(pk=state.row)
    text, line = describe_differences(row.sources, seed.sources, seed.path)
    return make_fault(
        "H002",
        seed.name,
        f"it was edited; it went up {describe_time(state)}\n{text}",
        f"`manage.py seed up {seed.name}` adds the rows that are missing; `manage.py history repair {' '.join(key)}` "
        f"accepts the rows as they are",
        Acceptance("seed", *key, checksum=seed.checksum, sources=seed.sources.keep(), before=state.checksum),
        path=get_shown_path(seed.path),
        line=max(line, 1),
    )
