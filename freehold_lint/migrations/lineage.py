"""M501 to M503: with a base, what was applied elsewhere stays as it is, and what is new comes after it."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from django.apps import apps

from freehold.findings import Finding
from freehold.scripts.pairs import shorten
from freehold_lint.locations import Location, read_layout
from freehold_lint.migrations.disk import DiskMigrations, Key, list_files
from freehold_lint.migrations.git import Base
from freehold_lint.reports import find_in_file

_EDITED = "Put it back as it was, and change what is to change in a new migration."
_GONE = "Put it back; or name it in `replaces` of the migration that takes its place."


def list_lineage_findings(migrations: DiskMigrations, base: Base) -> list[tuple[Finding, Location]]:
    """Give what is wrong with the order and the past of migrations, each with the place where a waiver counts."""
    return [*_find_edited(migrations, base), *_find_removed(migrations, base), *_find_early(migrations, base)]


def _report(rule: str, key: Key, path: Path, message: str, hint: str) -> tuple[Finding, Location]:
    place = read_layout(path).find_place([], []) if path.exists() else Location(path, 1)
    about = f"{key[0]}.{key[1]}"
    return find_in_file(rule, about, message, hint, path, place.line), place


def _find_edited(migrations: DiskMigrations, base: Base) -> Iterator[tuple[Finding, Location]]:
    """Yield M501 for each file of a migration that the base has otherwise."""
    for key in migrations.plan:
        path = migrations.get_path(key)
        if base.get_change(path) == "A":
            continue
        for file in (path, *dict.fromkeys(list_files(migrations.get(key).operations))):
            if base.get_change(file) in ("M", "D"):
                name = "it" if file == path else f"its file {shorten(file)}"
                message = f"{name} is not what {base.revision} has, and what databases have that applied it."
                yield _report("M501", key, path, message, _EDITED)


def _find_removed(migrations: DiskMigrations, base: Base) -> Iterator[tuple[Finding, Location]]:
    """Yield M502 for each migration that the base has, and that nothing replaces."""
    replaced = {key for each in migrations.loader.disk_migrations.values() for key in each.replaces}
    for app, folder in _iter_folders():
        for path, letter in sorted(base.changes.items()):
            is_migration = path.parent == folder and path.suffix == ".py" and path.name[0] not in "_~"
            if letter == "D" and is_migration and (app, path.stem) not in replaced:
                message = f"{base.revision} has it, and databases have applied it."
                yield _report("M502", (app, path.stem), path, message, _GONE)


def _iter_folders() -> Iterator[tuple[str, Path]]:
    from django.db.migrations.loader import MigrationLoader

    for config in apps.get_app_configs():
        name, _ = MigrationLoader.migrations_module(config.label)
        try:
            file = import_module(name).__file__ if name else None
        except ModuleNotFoundError:
            continue
        if file:
            yield config.label, Path(file).resolve().parent


def _find_early(migrations: DiskMigrations, base: Base) -> Iterator[tuple[Finding, Location]]:
    """Yield M503 for each new migration that does not come after all of its app that the base has."""
    is_new = {key: base.get_change(migrations.get_path(key)) == "A" for key in migrations.plan}
    for key in migrations.plan:
        if is_new[key] and not migrations.get(key).replaces:
            before = migrations.list_ancestors(key)
            late = [each for each in migrations.plan if each[0] == key[0] and not is_new[each] and each not in before]
            if late:
                message = (
                    f"{late[-1][1]} is in {base.revision}, and databases that applied it go back in time for this."
                )
                yield _report(
                    "M503", key, migrations.get_path(key), message, "Let it depend on the last one of its app."
                )
