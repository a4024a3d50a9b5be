"""Drafts of SQL migrations and SQL seeds: which files `newmigration` writes, and what stands in them at first."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader

from freehold.authoring.order import CONFLICT, NAME, Chain, find_chain
from freehold.authoring.templates import DOWN, HEADER, UP, write_migration
from freehold.authoring.unwritten import find_unwritten
from freehold.errors import MigrationError
from freehold.ownership import Ownership, Schema
from freehold.scripts.pairs import DIRECTIONS, ScriptPair, shorten

KINDS: Final = ("migrate", "seed")
ENGINE = "freehold"
_DESCRIPTION = re.compile(r"[a-z][a-z0-9_]*")
_LONGEST = 80  # characters: the file's name has a timestamp and a suffix besides


@dataclass(frozen=True)
class Draft:
    """Files to write, by path, and those to write anew; `says` has what else is to be told, a line each."""

    files: dict[Path, str]
    replaced: dict[Path, str]
    says: tuple[str, ...] = ()


# --- Whose it is -----------------------------------------------------------------------------------------------------
def choose_app(ownership: Ownership, schema_name: str, app: str) -> tuple[Schema, str]:
    """Give the schema of that name, and the app that owns the new files: the one named, or the schema's only one.

    Raises:
        MigrationError: there is no such schema or app, nobody's migrations make it, or which of several is not said.
    """
    schema = ownership.find_schema(schema_name)
    if schema is None:
        raise MigrationError(
            f"there is no schema {schema_name!r}: the ownership map has {', '.join(ownership.schema_names)}"
        )
    own = [label for label in schema.apps if label in apps.app_configs and label != ENGINE]
    _check_schema(schema, own)
    if app and app not in own:
        raise MigrationError(_explain_app(ownership, schema, app, own))
    if not app and len(own) > 1:
        raise MigrationError(f"schema {schema.name} has several apps: name one by --app {'|'.join(own)}")
    return schema, app or own[0]


def _check_schema(schema: Schema, own: list[str]) -> None:
    """Raise MigrationError where no app of the project makes what lies in the schema."""
    if schema.external:
        raise MigrationError(f"schema {schema.name} is external: its own tool migrates it, and Django does not")
    if not own and ENGINE in schema.apps:
        raise MigrationError(
            f"schema {schema.name} holds the tracking of migrations and nothing else, and the engine's own migrations "
            f"make that: name the schema of an app of yours"
        )
    if not own:
        raise MigrationError(
            f"schema {schema.name} has no app of yours under `apps` in the ownership map, beside which files could lie"
        )


def _explain_app(ownership: Ownership, schema: Schema, app: str, own: list[str]) -> str:
    """Say why an app is not one of the schema's."""
    other = ownership.find_schema_of_app(app)
    if other is schema:
        return f"app {app} is a third party's, placed into schema {schema.name}: use --app {'|'.join(own)}"
    where = f"lies in schema {other.name}, not in {schema.name}" if other else "is in no schema of the ownership map"
    return f"app {app} {where}: use --app {'|'.join(own)}"


def _check_description(name: str) -> None:
    """Raise MigrationError where the name can't be part of a file's and a module's."""
    if not _DESCRIPTION.fullmatch(name) or len(name) > _LONGEST:
        raise MigrationError(
            f"--name {name!r} can't be used: write lower-case letters, digits and _, beginning with a letter, "
            f"{_LONGEST} at most, such as add_is_active"
        )


# --- What is written -------------------------------------------------------------------------------------------------
def draft_migration(schema: Schema, app: str, name: str) -> Draft:
    """Give the pair of files of a migration, the migration that names them, and the app's new last one.

    Where the models differ from the migrations, the difference is what the files are for: its operations become the
    migration's state operations.

    Raises:
        MigrationError: the name is taken, the app's migrations do not end in one, or other apps must go first.
    """
    _check_description(name)
    chain = get_chain(app)
    last = chain.leaves[0] if chain.leaves else ""
    unwritten = find_unwritten(app)
    number = (MigrationAutodetector.parse_number(last) or 0) + 1 if last else 1
    pair = ScriptPair(chain.directory / "sql", f"{_make_timestamp()}_{name}")
    _check_free(name, pair.folder, [each.partition("_")[2] for each in chain.parents])
    migration = f"{number:04}_{name}"
    text = write_migration(app, pair.stem, last, unwritten)
    init = chain.directory / "__init__.py"
    files = {**_draft_pair(pair, schema), chain.directory / f"{migration}.py": text}
    if not init.exists():
        files[init] = ""
    says = tuple(f"State operation: {operation.describe()}" for operation in unwritten.operations)
    return Draft(files, {chain.path: f"{migration}\n"}, says)


def draft_seed(schema: Schema, app: str, name: str, kind: str) -> Draft:
    """Give the pair of files of a seed, which `manage.py seed` finds by itself.

    Raises:
        MigrationError: the name is taken.
    """
    _check_description(name)
    folder = Path(apps.get_app_config(app).path) / "seeds"
    _check_free(name, folder, [path.stem.partition("_")[2] for path in folder.glob("*.py")])
    return Draft(_draft_pair(ScriptPair(folder, f"{_make_timestamp()}_{name}"), schema, HEADER.format(kind=kind)), {})


def _draft_pair(pair: ScriptPair, schema: Schema, header: str = "") -> dict[Path, str]:
    """Give both files with what stands in them at first."""
    templates = {"up": UP, "down": DOWN}
    words = {"schema": schema.name, "owner": schema.owner}
    return {pair.get_path(way): (header if way == "up" else "") + templates[way].format(**words) for way in DIRECTIONS}


def get_chain(app: str) -> Chain:
    """Give the app's migrations; an empty chain where it has none yet.

    Raises:
        MigrationError: settings.MIGRATION_MODULES has no place for them, they end in several, or git left a conflict.
    """
    package, is_set = MigrationLoader.migrations_module(app)
    found = find_chain(app)
    if found is None and is_set:
        where = f"lie in {package}, which is not there" if package else "are switched off"
        raise MigrationError(f"the migrations of app {app} {where}, by settings.MIGRATION_MODULES: correct it")
    chain = found or Chain(app, Path(apps.get_app_config(app).path) / "migrations")
    conflict = any(line.startswith(CONFLICT) for line in chain.read_lines() or ())
    if len(chain.leaves) > 1 or conflict:
        what = f"end in {' and '.join(chain.leaves)}" if len(chain.leaves) > 1 else f"have a conflict in {NAME}"
        raise MigrationError(f"the migrations of app {app} {what}: manage.py rebasemigration {app} puts one last")
    return chain


def _check_free(name: str, folder: Path, taken: list[str]) -> None:
    """Raise MigrationError where another file or migration of the app is called so."""
    found = sorted(folder.glob(f"*_{name}.up*.sql")) + sorted(folder.glob(f"*_{name}.down*.sql"))
    found = [path for path in found if path.name.partition("_")[2].partition(".")[0] == name]
    if found or name in taken:
        where = f", see {shorten(found[0])}" if found else ""
        raise MigrationError(f"--name {name} is taken{where}: choose another, so that people can tell the two apart")


def _make_timestamp() -> str:
    """Give the moment, in UTC, as it stands before a file's name."""
    return datetime.now(UTC).strftime("%Y%m%d%H%M%S")


# --- Writing it ------------------------------------------------------------------------------------------------------
def write_draft(draft: Draft) -> None:
    """Write all of the files, or none.

    Raises:
        MigrationError: one of them is there, or its folder can't be written.
    """
    made: list[Path] = []
    before = {path: path.read_bytes() if path.is_file() else None for path in draft.replaced}
    try:
        for path, text in draft.files.items():
            _make_folder(path.parent, made)
            with path.open("x", encoding="utf-8", newline="\n") as file:
                made.append(path)
                file.write(text)
        for path, text in draft.replaced.items():
            path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        _take_back(made, before)
        place = shorten(Path(str(error.filename))) if error.filename else "a file"
        raise MigrationError(f"{place} can't be written, and nothing was: {error.strerror}") from error


def _make_folder(folder: Path, made: list[Path]) -> None:
    """Make a folder and those above it that are missing; add each to `made`."""
    if folder.is_dir():
        return
    _make_folder(folder.parent, made)
    folder.mkdir()
    made.append(folder)


def _take_back(made: list[Path], before: dict[Path, bytes | None]) -> None:
    """Remove what was made, the last first, and put back what was written anew."""
    for path in reversed(made):
        with suppress(OSError):
            path.rmdir() if path.is_dir() else path.unlink()
    for path, content in before.items():
        with suppress(OSError):
            path.unlink() if content is None else path.write_bytes(content)
