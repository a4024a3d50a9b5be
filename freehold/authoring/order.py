"""The order of an app's migrations: one after the other, with the name of the last in `max_migration.txt` beside them.

Two branches that both add a migration both change that file, so that git finds the conflict before `migrate` does. The
idea is django-linear-migrations'; docs/adr/0009-order-of-migrations.md says why the code is ours. Apps of the ownership
map's `apps` have the file; those in `places` are others' work.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module, invalidate_caches
from importlib.util import find_spec
from pathlib import Path

from django.apps import apps
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader

from freehold.errors import MigrationError
from freehold.ownership import Ownership
from freehold.scripts.pairs import shorten

NAME = "max_migration.txt"
CONFLICT = "<<<<<<<"


@dataclass(frozen=True)
class Chain:
    """The migrations of an app on disk. `parents` has those of its own app that each follows, by its name; `replaced`
    maps a migration that a squashed one stands for to that one."""

    app: str
    directory: Path
    parents: dict[str, frozenset[str]] = field(default_factory=dict)
    replaced: dict[str, str] = field(default_factory=dict)

    @property
    def leaves(self) -> list[str]:
        """Those that no other one of the app follows, sorted: one, where their order is linear."""
        followed = frozenset(name for names in self.parents.values() for name in names)
        return sorted(set(self.parents) - followed)

    @property
    def path(self) -> Path:
        """Where the name of the last one stands."""
        return self.directory / NAME

    @property
    def shown(self) -> str:
        """That file's path, from where the command runs."""
        return shorten(self.path)

    def read_lines(self) -> list[str] | None:
        """Give the lines of the file that are not empty, or None where there is no file."""
        if not self.path.is_file():
            return None
        return [line.strip() for line in self.path.read_text(encoding="utf-8").splitlines() if line.strip()]

    def write_last(self, name: str) -> None:
        """Write down which is the last.

        Raises:
            MigrationError: the file can't be written.
        """
        try:
            self.path.write_text(f"{name}\n", encoding="utf-8")
        except OSError as error:
            raise MigrationError(f"{self.shown} can't be written: {error.strerror}") from error


def list_own_apps(ownership: Ownership) -> list[str]:
    """Give the labels of the installed apps whose migrations are the project's own, in the order of the map."""
    return [label for schema in ownership.schemas for label in schema.apps if label in apps.app_configs]


def iter_chains(ownership: Ownership) -> Iterator[Chain]:
    """Yield the migrations of each of the project's own apps that has some."""
    for app in list_own_apps(ownership):
        if (chain := find_chain(app)) and chain.parents:
            yield chain


def find_chain(app: str) -> Chain | None:
    """Read an app's migrations; None where it has no package for them."""
    package, _ = MigrationLoader.migrations_module(app)
    if package is None or find_spec(package) is None:
        return None
    invalidate_caches()  # for files that were written a moment ago
    module = import_module(package)
    if not getattr(module, "__file__", None):
        return None  # a directory without __init__.py, where Django looks for none
    found = dict(_iter_classes(package, list(module.__path__)))
    replaced = {name: squashed for squashed, each in found.items() for label, name in each.replaces if label == app}
    chain = Chain(app, Path(next(iter(module.__path__))), replaced=replaced)
    for name, migration in found.items():
        if name not in replaced:
            before = {replaced.get(parent, parent) for label, parent, *_ in migration.dependencies if label == app}
            chain.parents[name] = frozenset(before & (set(found) - {name}))
    return chain


def _iter_classes(package: str, paths: list[str]) -> Iterator[tuple[str, type[Migration]]]:
    """Yield the migrations of a package by name, as Django finds them. A module without one is Django's to refuse."""
    for each in pkgutil.iter_modules(paths):
        if not each.ispkg and each.name[0] not in "_~":
            migration = getattr(import_module(f"{package}.{each.name}"), "Migration", None)
            if migration is not None:
                yield each.name, migration


def write_missing(ownership: Ownership) -> list[Path]:
    """Write the file for each app that has one last migration and no file; give those written."""
    written = []
    for chain in iter_chains(ownership):
        if len(chain.leaves) == 1 and chain.read_lines() is None:
            chain.write_last(chain.leaves[0])
            written.append(chain.path)
    return written
