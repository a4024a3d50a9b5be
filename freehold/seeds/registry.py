"""Finds the seeds of the installed apps and puts them in order."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from itertools import pairwise
from pathlib import Path

from django.apps import AppConfig, apps
from django.db import models

from freehold.errors import SeedError
from freehold.history.sources import Sources
from freehold.scripts.pairs import ScriptPair, list_stems
from freehold.seeds.checksums import find_sources, make_checksum
from freehold.seeds.declaration import KINDS, Rows, Seed, Source
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
        """What changes when the seed or its sources do, in hexadecimal: all files of a pair count."""
        return make_checksum(self.name, self.path, self.others)

    @property
    def sources(self) -> Sources:
        """What its file and its sources hold now."""
        return find_sources(self.path, self.others)

    @property
    def others(self) -> tuple[Source, ...]:
        """What its rows come from beside its file: the other files of its pair, and what it names."""
        return (*(self.pair.files[1:] if self.pair else ()), *self.seed.sources)

    @property
    def kind(self) -> str:
        """`reference` or `demo`."""
        return self.seed.kind

    @cached_property
    def tables(self) -> tuple[str, ...]:
        """The tables it writes, each once, in the order it writes them."""
        return tuple(dict.fromkeys(get_model(self.name, rows)._meta.db_table for rows in self.seed.rows))


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
    loaded |= {stem: _load_pair(config, pair) for stem, pair in pairs.items()}
    return [loaded[stem] for stem in sorted(loaded)]


def _load_pair(config: AppConfig, pair: ScriptPair) -> RegisteredSeed:
    """Give the seed that a pair of SQL files is."""
    name = f"{config.label}.{pair.stem}"
    return RegisteredSeed(config.label, name, pair.files[0], read_header(name, pair), pair)


def _load_seed(config: AppConfig, path: Path) -> RegisteredSeed:
    """Give the seed that one file declares."""
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
