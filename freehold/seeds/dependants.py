"""Finds the rows that would lose what they point at if a seed's rows went."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, models

from freehold.acting.roles import using_role
from freehold.errors import SeedError
from freehold.seeds.conditions import (
    LOGIN,
    Condition,
    find_model,
    find_own_rows,
    find_owner,
    get_own_rows,
    iter_models,
    join,
    list_bounds,
    negate,
)
from freehold.seeds.identities import iter_batches
from freehold.seeds.journal import explain
from freehold.sqlfiles import fetch_rows

_NAMES = ("name", "title", "email", "display_name", "slug", "path", "external_id", "alt", "object_repr")
_EXAMPLES = 3
_SHOWN = 3


@dataclass(frozen=True)
class _Dependant:
    """Rows of `table` whose `column` points at rows of a seed. `seed` is the one they belong to; empty: none."""

    table: str
    column: str
    target: str
    count: int
    seed: str
    examples: tuple[str, ...]

    def __str__(self) -> str:
        rows = "row" if self.count == 1 else "rows"
        way = f"by {self.column} → {self.target}"
        if self.seed:
            return f"{self.table}: {self.count:,} {rows} of seed {self.seed}, {way}; take it down first"
        shown = (
            f": {', '.join(self.examples)}{', …' if self.count > len(self.examples) else ''}" if self.examples else ""
        )
        return f"{self.table}: {self.count:,} {rows} made by others, {way}{shown}"


class SeedInUseError(SeedError):
    """Rows outside the seeds to take down depend on rows inside. `dependants` lists them."""

    def __init__(self, seeds: Sequence[str], dependants: Sequence[_Dependant]) -> None:
        self.seeds = tuple(seeds)
        self.dependants = tuple(dependants)
        tables = list(dict.fromkeys(each.table for each in dependants))
        self.headline = (
            f"{'seed' if len(seeds) == 1 else 'seeds'} {_name_some(seeds)} not taken down, and nothing changed: rows "
            f"of {_name_some(tables)} depend on {'it' if len(seeds) == 1 else 'them'}"
        )
        super().__init__(f"{self.headline}: {'; '.join(map(str, dependants))}")


def _name_some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def list_dependants(connection: Any, tables: Mapping[str, Collection[str]], others: Iterable[str]) -> list[_Dependant]:
    """Give the rows outside of some seeds that point at rows inside, by table and by the seed they belong to.

    `tables` maps each of the seeds that go to its tables; `others` are all the seeds whose rows may be in the way.
    Whatever the database does on delete: a row that would be deleted along, or lose a value, counts like one that
    would forbid it.
    """
    finder = _Finder(connection, tuple(tables), tuple(name for name in others if name not in tables))
    keys = _list_foreign_keys(connection, {table for names in tables.values() for table in names})
    return [
        dependant
        for seed, names in tables.items()
        for key in keys
        if key.target in names
        for dependant in finder.find(seed, key)
    ]


class _Finder:
    """Counts rows behind foreign keys, each table read as its owner."""

    def __init__(self, connection: Any, leaving: Sequence[str], others: Sequence[str]) -> None:
        self.connection = connection
        self.leaving = leaving
        self.others = others

    def find(self, seed: str, key: _PointingKey) -> Iterator[_Dependant]:
        pointing = list(self.iter_pointing(seed, key))
        with self.reading(key):
            outside = join(
                *(negate(each) for name in self.leaving if (each := find_own_rows(self.connection, name, key.table)))
            )
            if not self.count_all(key, pointing, outside):
                return
            strangers = outside
            for name in self.others:
                if own := find_own_rows(self.connection, name, key.table):
                    strangers = join(strangers, negate(own))
                    yield from self.describe(key, pointing, join(outside, own), name)
            yield from self.describe(key, pointing, strangers, "")

    @contextmanager
    def reading(self, key: _PointingKey) -> Iterator[None]:
        """Act as the owner of the table that the key is in; raise SeedError where its rows can't be read so."""
        try:
            with using_role(self.connection, key.owner or LOGIN):
                yield
        except DatabaseError as error:
            raise SeedError(
                f"nothing was taken down: {key.table}.{key.column} points at {key.target}, and whether its rows need "
                f"the seed's can't be seen as {key.owner or 'the login'}, who owns {key.table}: {explain(error)}. "
                "Hand the table to an owner of the ownership map, or drop its foreign key"
            ) from error

    def iter_pointing(self, seed: str, key: _PointingKey) -> Iterator[Condition]:
        """Yield the conditions that say "points at a row of the seed"; each row meets one at most."""
        column = self.quote(key.column)
        if key.is_primary_key:
            yield f"{column} BETWEEN %s AND %s", list_bounds(self.connection, seed, key.target)
            return
        for batch in iter_batches(self.list_values(seed, key)):
            yield f"{column} IN ({', '.join(['%s'] * len(batch))})", batch

    def list_values(self, seed: str, key: _PointingKey) -> list[Any]:
        """Give what the seed's rows hold in the column that a key points at which is not the primary key."""
        condition, parameters = get_own_rows(self.connection, seed, key.target)
        target, column = self.quote(key.target), self.quote(key.target_column)
        query = f"SELECT {column} FROM {target} WHERE {column} IS NOT NULL AND {condition}"  # noqa: S608 - names quoted
        with using_role(self.connection, find_owner(key.target)):
            return [value for (value,) in self.fetch(query, parameters)]

    def count_all(self, key: _PointingKey, pointing: Iterable[Condition], condition: Condition) -> int:
        count = 0
        for each in pointing:
            where, parameters = join(each, condition)
            query = f"SELECT count(*) FROM {key.quoted} WHERE {where}"  # noqa: S608 - names are quoted
            count += self.fetch(query, parameters)[0][0]
        return count

    def describe(
        self, key: _PointingKey, pointing: Iterable[Condition], condition: Condition, seed: str
    ) -> Iterator[_Dependant]:
        count = self.count_all(key, pointing, condition)
        if count:
            examples = () if seed else tuple(self.list_examples(key, pointing, condition))
            yield _Dependant(key.table, key.column, key.target, count, seed, examples)

    def list_examples(self, key: _PointingKey, pointing: Iterable[Condition], condition: Condition) -> list[str]:
        examples: list[str] = []
        for each in pointing:
            where, parameters = join(each, condition)
            query = f"SELECT * FROM {key.quoted} WHERE {where} LIMIT {_EXAMPLES - len(examples)}"  # noqa: S608 - as above
            with self.connection.cursor() as cursor:
                cursor.execute(query, parameters)
                columns = [column[0] for column in cursor.description]
                examples += filter(None, (self.name_row(key.table, columns, row) for row in cursor.fetchall()))
            if len(examples) >= _EXAMPLES:
                break
        return examples

    def name_row(self, table: str, columns: list[str], row: Sequence[Any]) -> str:
        """Give what a person would call the row; empty where only something that may be secret tells it."""
        values = dict(zip(columns, row, strict=True))
        for name in _NAMES:
            if isinstance(values.get(name), str) and values[name]:
                return str(values[name])
        model = find_model(table)
        pk: Any = model._meta.pk if model else None
        value = values.get(str(pk.column)) if pk else None
        if isinstance(pk, models.UUIDField):
            return str(value if isinstance(value, uuid.UUID) else uuid.UUID(value))
        return f"id {value}" if isinstance(pk, models.AutoField) else ""

    def fetch(self, query: str, parameters: list[Any]) -> list[Any]:
        with self.connection.cursor() as cursor:
            cursor.execute(query, parameters)
            return list(cursor.fetchall())

    def quote(self, name: str) -> str:
        return str(self.connection.ops.quote_name(name))


# --- Foreign keys -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class _PointingKey:
    """A column of `table` that points at `target_column` of `target`. `quoted` is the table's name for SQL."""

    table: str
    quoted: str
    column: str
    target: str
    target_column: str
    is_primary_key: bool
    owner: str


def _list_foreign_keys(connection: Any, tables: Collection[str]) -> list[_PointingKey]:
    """Give those of tables whose rows somebody made: those that triggers make of other rows go with these."""
    derived = {model._meta.db_table for model in iter_models() if getattr(model, "is_derived", False)}
    read = _read_postgresql if connection.vendor == "postgresql" else _read_sqlite
    found = {(key.table, key.column, key.target): key for key in read(connection, tables)}
    for key in _iter_unenforced(connection, tables):
        found.setdefault((key.table, key.column, key.target), key)
    return [key for key in found.values() if key.table not in derived]


def _read_postgresql(connection: Any, tables: Collection[str]) -> Iterator[_PointingKey]:
    with connection.cursor() as cursor:
        rows = fetch_rows(cursor, __file__, "list_foreign_keys_postgresql", tables=list(tables))
    yield from (_PointingKey(*row) for row in rows)


def _read_sqlite(connection: Any, tables: Collection[str]) -> Iterator[_PointingKey]:
    keys: dict[str, Any] = {model._meta.db_table: model._meta.pk.column for model in iter_models()}
    with connection.cursor() as cursor:
        rows = fetch_rows(cursor, __file__, "list_foreign_keys_sqlite")
    for table, column, target, target_column in rows:
        if target in tables:
            named = target_column or keys[target]  # REFERENCES without a column means the primary key
            quoted = connection.ops.quote_name(table)
            yield _PointingKey(table, quoted, column, target, named, named == keys[target], "")


def _iter_unenforced(connection: Any, tables: Collection[str]) -> Iterator[_PointingKey]:
    """Yield the foreign keys that models declare with `db_constraint=False`: the catalogue has none of them."""
    for model in iter_models():
        fields: list[Any] = [field for field in model._meta.concrete_fields if isinstance(field, models.ForeignKey)]
        for field in fields:
            if field.db_constraint or not model._meta.managed:
                continue
            target = field.target_field
            if target.model._meta.db_table in tables:
                table = model._meta.db_table
                quoted = connection.ops.quote_name(table)
                place = (target.model._meta.db_table, target.column, target.primary_key)
                yield _PointingKey(table, quoted, field.column, *place, find_owner(table))
