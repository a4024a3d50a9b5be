"""Turns the keys that a seed's rows hold in place of foreign keys into ids."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from freehold.acting.roles import using_role
from freehold.errors import SeedError
from freehold.seeds import Rows
from freehold.seeds.conditions import find_owner
from freehold.seeds.identities import (
    SEPARATOR,
    Key,
    RawId,
    find_by_key,
    flatten,
    get_range,
    iter_batches,
    list_parts,
    make_row_ids,
    normalise,
    to_python,
    to_raw,
)
from freehold.seeds.registry import RegisteredSeed, get_model
from freehold.seeds.writing import get_field

_Target = tuple[type[models.Model], tuple[str, ...]]  # a model and the lookups its rows are told by
_SHOWN = 3


class References:
    """Finds what the rows of one seed point at. Each table is read as its own owner.

    A row of a seed is found by its id, so that one that a person has renamed since is still the same; any other row
    by the key itself.
    """

    def __init__(
        self, connection: BaseDatabaseWrapper, seed: RegisteredSeed, seeds: Mapping[str, RegisteredSeed]
    ) -> None:
        self.connection = connection
        self.seed = seed
        self.seeds = seeds
        self.known: dict[_Target, dict[str, RawId]] = {}

    def remember(self, model: type[models.Model], rows: Rows, ids: Mapping[str, RawId]) -> None:
        self.known.setdefault((model, rows.lookups), {}).update(ids)

    def resolve(self, rows: Rows, name: str, values: Iterable[Hashable]) -> dict[Any, RawId]:
        """Map each of the values that the rows hold in the foreign key `name`, except None, to an id.

        Raises:
            SeedError: a row is not there.
        """
        model: Any = get_field(self.seed.name, get_model(self.seed.name, rows), name).related_model
        target = model, rows.references[name]
        parts = {value: list_parts((value,)) for value in set(values) - {None}}
        keys = {flatten(key): key for key in parts.values()}
        found = {flat: pk for flat, pk in self.known.get(target, {}).items() if flat in keys}
        for find in (self.find_seeded, self.find_others):
            if unknown := {flat: key for flat, key in keys.items() if flat not in found}:
                with using_role(self.connection, find_owner(model._meta.db_table)):
                    found |= find(target, unknown)
        if missing := [flat for flat in keys if flat not in found]:
            raise SeedError(self.explain_missing(rows, name, model, missing))
        return {value: found[flatten(key)] for value, key in parts.items()}

    def find_seeded(self, target: _Target, keys: Mapping[str, Key]) -> dict[str, RawId]:
        """Give the ids of the rows that this seed or one it depends on has put there."""
        found: dict[str, RawId] = {}
        for seed, _ in self.list_sources(target):
            flat = [key for key in keys if key not in found]
            ids = make_row_ids(get_range(seed.name, target[0]), target[0], flat)
            there: set[RawId] = set()
            for batch in iter_batches(ids):
                chosen = self.get_queryset(target[0]).filter(pk__in=[to_python(pk) for pk in batch])
                there.update(map(to_raw, chosen.values_list("pk", flat=True)))
            found |= {key: pk for key, pk in zip(flat, ids, strict=True) if pk in there}
        return found

    def list_sources(self, target: _Target) -> list[tuple[RegisteredSeed, Rows]]:
        """Give the rows of this seed, and of those it depends on, that the target may be among."""
        seeds = [self.seed, *(self.seeds[name] for name in self.seed.seed.depends)]
        return [
            (seed, rows)
            for seed in seeds
            for rows in seed.seed.rows
            if (get_model(seed.name, rows), rows.lookups) == target
        ]

    def find_others(self, target: _Target, keys: Mapping[str, Key]) -> dict[str, RawId]:
        model, lookups = target
        ignore_case = any(rows.ignore_case for _, rows in self.list_sources(target))
        found = find_by_key(self.get_queryset(model), lookups, keys.values(), ignore_case=ignore_case)
        normal = {flat: normalise(key, ignore_case=ignore_case) for flat, key in keys.items()}
        return {flat: found[key] for flat, key in normal.items() if key in found}

    def get_queryset(self, model: type[models.Model]) -> models.QuerySet[Any]:
        return model._base_manager.using(self.connection.alias).all()

    def explain_missing(self, rows: Rows, name: str, model: type[models.Model], missing: list[str]) -> str:
        shown = ", ".join(sorted(missing)[:_SHOWN]).replace(SEPARATOR, "/")
        shown += f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
        return (
            f"seed {self.seed.name}: {rows.model}.{name} refers to {shown}, not there in {model._meta.db_table}: "
            "name the seed that makes it in `depends`, run `manage.py migrate` if a migration does, or make it yourself"
        )
