"""Which seeds a command is about: by name, by kind, and by whether this is a development machine."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from difflib import get_close_matches

from freehold.errors import SeedError
from freehold.ownership import get_ownership
from freehold.seeds.owners import get_schema_of_seed
from freehold.seeds.registry import RegisteredSeed


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
    """Give the way on from a wrong name."""
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
