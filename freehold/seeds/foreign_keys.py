"""Which foreign keys point at a table: as the database's catalogue has them, and those that only models declare."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models

from freehold.seeds.owners import find_owner
from freehold.sqlfiles import read_statement


@dataclass(frozen=True)
class ForeignKey:
    """A column of `table` that points at `target_column` of `target`. `quoted` is the table's name for SQL."""

    table: str
    quoted: str
    column: str
    target: str
    target_column: str
    is_primary_key: bool
    owner: str


def list_foreign_keys(connection: Any, tables: Collection[str]) -> list[ForeignKey]:
    """Give the foreign keys that point at one of the tables, each column once."""
    read = _read_postgresql if connection.vendor == "postgresql" else _read_sqlite
    found = {(key.table, key.column, key.target): key for key in read(connection, tables)}
    for key in _iter_unenforced(connection, tables):
        found.setdefault((key.table, key.column, key.target), key)
    return list(found.values())


def _read_postgresql(connection: Any, tables: Collection[str]) -> Iterator[ForeignKey]:
    """Yield the foreign keys of PostgreSQL's catalogue."""
    with connection.cursor() as cursor:
        cursor.execute(read_statement(__file__, "list_foreign_keys_postgresql"), {"tables": list(tables)})
        yield from (ForeignKey(*row) for row in cursor.fetchall())


def _read_sqlite(connection: Any, tables: Collection[str]) -> Iterator[ForeignKey]:
    """Yield the foreign keys that SQLite's tables declare."""
    keys: dict[str, Any] = {model._meta.db_table: model._meta.pk.column for model in iter_models()}
    with connection.cursor() as cursor:
        cursor.execute(read_statement(__file__, "list_foreign_keys_sqlite"))
        rows = cursor.fetchall()
    for table, column, target, target_column in rows:
        if target in tables:
            named = target_column or keys[target]  # REFERENCES without a column means the primary key
            quoted = connection.ops.quote_name(table)
            yield ForeignKey(table, quoted, column, target, named, named == keys[target], "")


def _iter_unenforced(connection: Any, tables: Collection[str]) -> Iterator[ForeignKey]:
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
                yield ForeignKey(table, quoted, field.column, *place, find_owner(table))


def iter_models() -> Iterator[type[models.Model]]:
    """Yield every model, those between many-to-many fields included."""
    yield from apps.get_models(include_auto_created=True)
