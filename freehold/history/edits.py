"""Finds migrations that were edited after they were applied, and keeps `migrate` from building on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader

from freehold.errors import MigrationError
from freehold.history.journal import find_file, find_sources
from freehold.history.sources import Sources
from freehold.history.states import HistoryState, Key, list_states

WAYS = ("refuse", "warn")
PACKAGES = {"site-packages", "dist-packages"}
_NAMED = 3  # a message that would name more migrations than this counts the others


@dataclass(frozen=True)
class Edit:
    """An applied migration whose checksum is not the one in its history. `path` is its own file."""

    key: Key
    state: HistoryState
    sources: Sources
    path: Path

    @property
    def is_installed(self) -> bool:
        """Whether the migration is a library's, which changes when that is upgraded."""
        return bool(PACKAGES.intersection(self.path.parts))


def list_edits(loader: MigrationLoader, states: dict[Key, HistoryState]) -> list[Edit]:
    """Give the edited migrations, sorted. Reads the files of every applied one, and no database."""
    edits = []
    for key in sorted(loader.applied_migrations.keys() & loader.disk_migrations.keys() & states.keys()):
        state, migration = states[key], loader.disk_migrations[key]
        if state.is_up and state.checksum and (path := find_file(migration)):
            sources = find_sources(migration)
            # Before the history kept sources, its checksum was that of the migration's own file.
            if state.checksum not in (sources.checksum, sources.first_checksum):
                edits.append(Edit(key, state, sources, path))
    return edits


def check_unedited(connection: BaseDatabaseWrapper, loader: MigrationLoader, tell: Callable[..., object]) -> None:
    """Refuse to go on where the project's own applied migrations were edited, or `tell("edited", names)` of them.

    `settings.MIGRATION_EDITED` chooses: "refuse", or "warn", which is what holds under DEBUG unless it is set.

    Raises:
        MigrationError: one was edited.
    """
    edits = [each for each in list_edits(loader, list_states(connection, "migrate")) if not each.is_installed]
    if not edits:
        return
    if get_way() == "warn":
        tell("edited", [".".join(each.key) for each in edits])
        return
    raise MigrationError(explain(edits))


def get_way() -> str:
    """Give what an edited migration means here: "refuse" or "warn"."""
    way: Any = getattr(settings, "MIGRATION_EDITED", None) or ("warn" if settings.DEBUG else "refuse")
    if way not in WAYS:
        raise MigrationError(f"MIGRATION_EDITED is {way!r}: it takes {' or '.join(WAYS)}")
    return str(way)


def explain(edits: list[Edit]) -> str:
    names = [f"{'.'.join(each.key)} ({get_shown_path(each.path)})" for each in edits[:_NAMED]]
    more = len(edits) - _NAMED
    listed = ", ".join([*names, f"{more} more"] if more > 0 else names)
    one = f"repair {' '.join(edits[0].key)}" if len(edits) == 1 else "repair --all"
    return (
        f"edited after being applied: {listed}; nothing was applied. `manage.py history verify` shows what differs: "
        f"undo the edit and write a new migration, or accept it as it is with `manage.py history {one}`; "
        f"MIGRATION_EDITED=warn goes on without"
    )


def get_shown_path(path: Path) -> str:
    """Give a file's path as people know it: relative to the project, where it lies there."""
    base = Path(getattr(settings, "BASE_DIR", "."))
    return path.relative_to(base).as_posix() if path.is_relative_to(base) else str(path)
