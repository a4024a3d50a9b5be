"""Finds the seeds of the installed apps, puts them in order, and chooses among them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

from django.apps import AppConfig, apps
from django.db import models
from django.db.migrations.recorder import MigrationRecorder

from freehold.errors import SeedError
from freehold.history.journal import KEEPING
from freehold.history.sources import LongFile, Sources, get_name, read
from freehold.models import MigrationHistory
from freehold.ownership import get_ownership
from freehold.scripts.pairs import ScriptPair, list_stems
from freehold.seeds import KINDS, Rows, Seed
from freehold.seeds.conditions import get_schema_of_seed
from freehold.seeds.identities import INTEGER_BITS, make_prefix
from freehold.seeds.scripts import read_header

_FILE = re.compile(r"\d{4}_[a-z0-9_]+")
_SCRIPT = re.compile(r"(?:\d{4}|\d{14})_[a-z0-9_]+")  # the latter begins with the moment, as `newmigration` writes it


@dataclass(frozen=True)
class RegisteredSeed:
    """A seed with the app it belongs to. `name` is its full name, such as `master.0002_locations`. `pair` are its files
    where it is written in SQL: it then declares no rows."""

    app: str
    name: str
    path: Path
    seed: Seed
    pair: ScriptPair | None = None

    @cached_property
    def checksum(self) -> str:
        """SHA-256, in hexadecimal, over its file, its source files (all files of a pair count) and the versions of its
        packages; SeedError where one is missing. The rows are not read: that would cost seconds at every start."""
        digest = hashlib.sha256()
        for source in (self.path, *self.others):
            digest.update(_describe(self.name, source))
        return digest.hexdigest()

    @property
    def sources(self) -> Sources:
        """What its file and its sources hold, for the history; of a package its version."""
        return Sources(dict(_read_source(source, self.path.parent.parent) for source in (self.path, *self.others)))

    @property
    def others(self) -> tuple[Path | str, ...]:
        """What its rows come from beside its file: the other files of its pair, and what it names."""
        named = (Path(str(each.__file__)) if isinstance(each, ModuleType) else each for each in self.seed.sources)
        return (*(self.pair.files[1:] if self.pair else ()), *named)

    @property
    def kind(self) -> str:
        """`reference` or `demo`."""
        return self.seed.kind

    @property
    def owner(self) -> str:
        """The role that owns its app's schema, and that its rows are written as."""
        return get_schema_of_seed(self.name, self.app).owner

    @cached_property
    def tables(self) -> tuple[str, ...]:
        """The tables it writes, each once, in the order it writes them."""
        return tuple(dict.fromkeys(get_model(self.name, rows)._meta.db_table for rows in self.seed.rows))


def _describe(seed: str, source: Path | str) -> bytes:
    if isinstance(source, Path):
        try:
            # Line ends differ between checkouts on Windows and elsewhere; the rows do not.
            content = source.read_bytes().replace(b"\r\n", b"\n")
        except OSError as error:
            raise SeedError(f"seed {seed}: its source {source} can't be read: {error.strerror}") from error
        return f"file {source.name} {len(content)}\n".encode() + content
    try:
        return f"package {source} {version(source)}\n".encode()
    except PackageNotFoundError as error:
        raise SeedError(f"seed {seed}: its source {source} is not installed: pip install {source}") from error


def _read_source(source: Path | str, base: Path) -> tuple[str, bytes | LongFile | None]:
    if isinstance(source, Path):
        return get_name(source, base), read(source)
    try:
        return f"package {source}", version(source).encode()
    except PackageNotFoundError:
        return f"package {source}", None


def get_model(seed: str, rows: Rows) -> type[models.Model]:
    """Give the model of the rows, or raise SeedError. `auth_app.User.groups` is the table between users and groups."""
    try:
        app, name, *field = rows.model.split(".")
        model: type[models.Model] = apps.get_model(app, name)
        return getattr(model, field[0]).through if field else model
    except (LookupError, ValueError, AttributeError) as error:
        raise SeedError(f"seed {seed}: there is no model {rows.model}") from error


def list_seeds() -> list[RegisteredSeed]:
    """Give every seed of the installed apps, each after those it depends on.

    Raises:
        SeedError: a file declares no seed, two take the same number or the same range of ids, or a dependency is
            unknown or goes round in a circle.
    """
    seeds = [seed for config in apps.get_app_configs() for seed in _list_seeds_of(config)]
    _check_prefixes(seeds)
    return _sort_seeds(seeds)


def _list_seeds_of(config: AppConfig) -> list[RegisteredSeed]:
    """Give the seeds of one app by number, Python's and SQL's among one another."""
    folder = Path(config.path) / "seeds"
    modules = {path.stem: path for path in folder.glob("*.py") if _FILE.fullmatch(path.stem)}
    pairs = {stem: ScriptPair(folder, stem) for stem in list_stems(folder) if _SCRIPT.fullmatch(stem)}
    for one, other in pairwise(sorted([*modules, *pairs])):
        number = one.partition("_")[0]
        if number == other.partition("_")[0]:
            names = [f"{each}.{'py' if each in modules else 'up.sql'}" for each in (one, other)]
            names[1:] = [f"{other}.up.sql"] if one == other else names[1:]
            raise SeedError(f"app {config.label} has two seeds {number}, {' and '.join(names)}: renumber one")
    loaded = {stem: _load_seed(config, path) for stem, path in modules.items()}
    for stem, pair in pairs.items():
        name = f"{config.label}.{stem}"
        loaded[stem] = RegisteredSeed(config.label, name, pair.files[0], read_header(name, pair), pair)
    return [loaded[stem] for stem in sorted(loaded)]


def _load_seed(config: AppConfig, path: Path) -> RegisteredSeed:
    name = f"{config.label}.{path.stem}"
    seed = getattr(import_module(f"{config.name}.seeds.{path.stem}"), "SEED", None)
    if not isinstance(seed, Seed):
        raise SeedError(f"seed {name}: {path} declares no SEED: add `SEED = Seed(kind=…, rows=…)`")
    if seed.kind not in KINDS:
        raise SeedError(f"seed {name} is of kind {seed.kind!r}: it takes {' or '.join(KINDS)}")
    return RegisteredSeed(app=config.label, name=name, path=path, seed=seed)


def _check_prefixes(seeds: Iterable[RegisteredSeed]) -> None:
    """Raise SeedError where two names would share a range of ids: bigints have 24 bits for it."""
    taken: dict[bytes, str] = {}
    for seed in seeds:
        prefix = make_prefix(seed.name)[: (63 - INTEGER_BITS) // 8]
        other = taken.setdefault(prefix, seed.name)
        if other != seed.name:
            raise SeedError(f"seeds {other} and {seed.name} share a range of ids: rename the one that is not up yet")


def _sort_seeds(seeds: Iterable[RegisteredSeed]) -> list[RegisteredSeed]:
    """Give the seeds in the order given, but each after those it depends on and those before it in its app."""
    by_name = {seed.name: seed for seed in seeds}
    ordered: dict[str, RegisteredSeed] = {}

    def add(seed: RegisteredSeed, above: tuple[str, ...]) -> None:
        if seed.name in above:
            raise SeedError(f"seeds depend on each other in a circle: {' → '.join((*above, seed.name))}")
        for name in seed.seed.depends:
            if name not in by_name:
                raise SeedError(f"seed {seed.name} depends on {name}, which does not exist")
            add(by_name[name], (*above, seed.name))
        ordered.setdefault(seed.name, seed)

    for seed in by_name.values():
        add(seed, ())
    return list(ordered.values())


def check_tables(connection: Any, seeds: Sequence[RegisteredSeed]) -> None:
    """Raise SeedError where a table is missing that the seeds or their history need, or the history is an older one."""
    there = set(connection.introspection.table_names())
    for needed, who in [
        (MigrationHistory._meta.db_table, "the history of seeds"),
        *((table, f"seed {seed.name}") for seed in seeds for table in seed.tables),
    ]:
        if needed not in there:
            raise SeedError(f"table {needed}, which {who} needs, is missing: run `manage.py migrate` first")
    if KEEPING not in MigrationRecorder(connection).applied_migrations():
        raise SeedError(f"{MigrationHistory._meta.db_table} is of an earlier release: run `manage.py migrate` first")


# --- Choosing ---------------------------------------------------------------------------------------------------------
def choose_by_name(seeds: Sequence[RegisteredSeed], names: Iterable[str]) -> list[RegisteredSeed]:
    """Give the seeds of these names, in the order of `seeds`. An app's label stands for all its seeds.

    Raises:
        SeedError: no seed and no app with seeds has such a name.
    """
    wanted = set(names)
    known = {seed.name for seed in seeds} | {seed.app for seed in seeds}
    for name in sorted(wanted - known):
        raise SeedError(f"there is no seed {name}: {_suggest(name, known)}")
    return [seed for seed in seeds if wanted & {seed.name, seed.app}]


def _suggest(name: str, known: Collection[str]) -> str:
    parts = {each.partition("_")[2] or each.rpartition(".")[2]: each for each in known}
    close = get_close_matches(name, known, n=3, cutoff=0.7) or [
        parts[each] for each in get_close_matches(name, parts, n=3, cutoff=0.7)
    ]
    return f"did you mean {' or '.join(close)}?" if close else "`manage.py seed status` lists them"


def list_apps_of_schema(name: str) -> tuple[str, ...]:
    """Give the apps that lie in the schema of that name.

    Raises:
        SeedError: there is no such schema, or it is not Django's.
    """
    ownership = get_ownership()
    schema = ownership.find_schema(name)
    if schema is None:
        raise SeedError(f"there is no schema {name!r}: the ownership map has {', '.join(ownership.schema_names)}")
    if schema.external:
        raise SeedError(f"schema {name} is external: what belongs into its tables is its own tool's to say")
    return (*schema.apps, *schema.places)


def choose_by_schema(seeds: Iterable[RegisteredSeed], name: str, *, are_named: bool) -> list[RegisteredSeed]:
    """Give the seeds of one schema. `are_named`: each was asked for by its name, and one of another schema is an error.

    Raises:
        SeedError: there is no such schema, or a seed that was named lies in another.
    """
    labels, chosen = list_apps_of_schema(name), list(seeds)
    for seed in chosen:
        if are_named and seed.app not in labels:
            where = get_schema_of_seed(seed.name, seed.app).name
            raise SeedError(f"seed {seed.name} lies in schema {where}, not in {name}: leave out the one or the other")
    return [seed for seed in chosen if seed.app in labels]


def choose_by_kind(seeds: Iterable[RegisteredSeed], kind: str) -> list[RegisteredSeed]:
    return [seed for seed in seeds if seed.kind == kind]


def add_dependencies(seeds: Sequence[RegisteredSeed], chosen: Iterable[RegisteredSeed]) -> list[RegisteredSeed]:
    """Give the chosen seeds and all that they depend on, however far, in the order of `seeds`."""
    wanted = {seed.name for seed in chosen}
    for seed in reversed(seeds):  # dependencies come before those that need them
        if seed.name in wanted:
            wanted.update(seed.seed.depends)
    return [seed for seed in seeds if seed.name in wanted]
