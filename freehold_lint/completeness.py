"""L072 and L075 to L079: pairs of SQL files are whole, and each is named by one migration, or is a seed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.apps import AppConfig, apps

from freehold.authoring.order import list_own_apps
from freehold.errors import FreeholdError
from freehold.findings import Finding
from freehold.ownership import Ownership
from freehold.scripts.operation import RunSQLFiles
from freehold.scripts.pairs import (
    DIALECTS,
    DIRECTIONS,
    NAME,
    Script,
    ScriptFileError,
    ScriptPair,
    list_stems,
    read_header_words,
    read_script,
    shorten,
)
from freehold_lint.reports import find_in_file
from freehold_lint.texts import iter_operations, list_pair_folders, load_migrations

TITLES = {
    "L072": "An SQL file has no way down",
    "L075": "No migration names an SQL file",
    "L076": "Two operations name one SQL file",
    "L077": "A migration names an SQL file that is not there",
    "L078": "A pair of SQL files is not whole",
    "L079": "An SQL seed does not say what it is",
}
_SEED_KINDS: Final = ("reference", "demo")


@dataclass(frozen=True)
class Pair:
    """A pair of an app. `users` are the migrations that name it; a seed has none."""

    app: str
    files: ScriptPair
    is_seed: bool = False
    users: tuple[str, ...] = ()

    def find_script(self, direction: str, dialect: str) -> Script | None:
        """Give what a dialect runs in a direction, or None where there is no such file, or it can't be read."""
        path = self.files.find(direction, dialect)  # type: ignore[arg-type]  # one of DIRECTIONS
        try:
            return read_script(path) if path else None
        except ScriptFileError:
            return None


def list_pairs(ownership: Ownership) -> list[Pair]:
    """Give the pairs of the project's own apps, those that are named and not there among them."""
    uses = list(_iter_uses(ownership))
    pairs = []
    for app in list_own_apps(ownership):
        migrations, seeds = list_pair_folders(apps.get_app_config(app))
        named = {operation.stem for _, operation in uses if operation.app == app}
        for stem in sorted({*list_stems(migrations), *named}):
            users = tuple(user for user, operation in uses if (operation.app, operation.stem) == (app, stem))
            pairs.append(Pair(app, ScriptPair(migrations, stem), False, users))
        pairs += [Pair(app, ScriptPair(seeds, stem), is_seed=True) for stem in list_stems(seeds)]
    return pairs


def _iter_uses(ownership: Ownership) -> Iterator[tuple[str, RunSQLFiles]]:
    """Yield each operation that runs a pair, with its migration; one that a squashed migration replaces has no say."""
    migrations, own = load_migrations(), list_own_apps(ownership)
    replaced = {name for migration in migrations.values() for name in map(tuple, migration.replaces)}
    for key, migration in migrations.items():
        if key[0] in own and key not in replaced:
            for operation in iter_operations(migration.operations):
                if isinstance(operation, RunSQLFiles):
                    yield f"{key[0]}.{key[1]}", operation


# --- What is wrong ---------------------------------------------------------------------------------------------------
def list_pair_findings(ownership: Ownership, pairs: Iterable[Pair]) -> list[Finding]:
    """Give what is wrong with the pairs of the project's own apps, and files beside them that are none."""
    found = [finding for pair in pairs for finding in _iter_findings(pair)]
    for app in list_own_apps(ownership):
        found += _iter_strays(apps.get_app_config(app))
    return sorted(found)


def _iter_findings(pair: Pair) -> Iterator[Finding]:
    if not pair.files.files:
        message = f"{pair.users[0]} names it, and no file is called so."
        yield _report(pair, "L077", message, "Put the files back from version control, or correct the migration.")
        return
    yield from _iter_use_findings(pair)
    yield from _iter_gaps(pair)
    yield from _iter_unreadable(pair)
    if pair.is_seed:
        yield from _iter_header_findings(pair)


def _iter_use_findings(pair: Pair) -> Iterator[Finding]:
    """Yield L075 and L076."""
    if not pair.is_seed and not pair.users:
        hint = f'Write RunSQLFiles("{pair.app}", "{pair.files.stem}") into a migration, or remove the files.'
        yield _report(pair, "L075", "no migration names it, so that it never runs.", hint)
    if len(pair.users) > 1:
        message = f"{' and '.join(pair.users)} name it, so that it runs more than once."
        yield _report(pair, "L076", message, "Leave it to one; copy the files under another name for the other.")


def _iter_gaps(pair: Pair) -> Iterator[Finding]:
    """Yield L072 where there is no way down, and L078 where a dialect has no file to read, or a file is never read."""
    for direction in DIRECTIONS:
        lacking = [dialect for dialect in DIALECTS if pair.files.find(direction, dialect) is None]
        path = pair.files.get_path(direction)
        if len(lacking) == len(DIALECTS):
            rule, message = (
                ("L072", "there is no way down.") if direction == "down" else ("L078", "there is no way up.")
            )
            yield _report(pair, rule, message, f"Write {path.name}.")
        elif lacking:
            message = f"{lacking[0]} has no file for the way {direction}: there is one for the other dialect alone."
            yield _report(
                pair, "L078", message, f"Write {path.name}, or {pair.files.get_path(direction, lacking[0]).name}."
            )
        elif path.is_file() and all(pair.files.get_path(direction, dialect).is_file() for dialect in DIALECTS):
            message = f"{path.name} is never read: each dialect has a file of its own."
            yield _report(pair, "L078", message, "Remove it, or one of the two others.", path)


def _iter_unreadable(pair: Pair) -> Iterator[Finding]:
    """Yield L078 for each file that can't be run; L072 for a way down in which nothing is said."""
    for path in pair.files.files:
        try:
            read_script(path)
        except FreeholdError as error:
            is_empty = "holds no statement" in str(error) and ".down." in path.name
            message = str(error).removeprefix(shorten(path)).lstrip(":, ")
            hint = "Migrations and seeds refuse such a file."
            yield _report(pair, "L072" if is_empty else "L078", f"{message}.", hint, path)


def _iter_header_findings(pair: Pair) -> Iterator[Finding]:
    """Yield L079 where a seed's way up does not begin with its kind."""
    ups = [path for path in pair.files.files if ".up." in path.name]
    if ups and not any(read_header_words(path).get("kind") in _SEED_KINDS for path in ups):
        words = " or ".join(f"`-- kind: {kind}`" for kind in _SEED_KINDS)
        yield _report(pair, "L079", "its first lines do not say its kind.", f"Begin it with {words}.", ups[0])


def _iter_strays(config: AppConfig) -> Iterator[Finding]:
    """Yield L078 for files beside an app's pairs whose names nothing reads."""
    for folder in list_pair_folders(config):
        for path in sorted(folder.glob("*.sql")):
            if not NAME.fullmatch(path.name):
                hint = "Call it NNNN_name.up.sql or .down.sql; a variant, .up.sqlite.sql or .up.postgresql.sql."
                yield find_in_file("L078", path.name, "nothing reads a file of that name.", hint, path)


def _report(pair: Pair, rule: str, message: str, hint: str, path: Path | None = None) -> Finding:
    path = path or next(iter(pair.files.files), pair.files.get_path("up"))
    return find_in_file(rule, pair.files.stem, message, hint, path)
