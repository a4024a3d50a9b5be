"""Whose schemas a migration may touch, and what the engine itself touches of others' meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.db.migrations import Migration
from django.db.migrations.operations.base import Operation

from freehold.backends.names import quote_whole
from freehold.migrator.post_migrate import CONTENT_TYPES
from freehold.ownership import Ownership, Schema

_TABLES = "freehold.operations.tables"  # its operations alone become another owner, for what the map names


class Sides(NamedTuple):
    """The schemas of a migration's owner, and those of others but for those in `moved`."""

    own: list[str]
    foreign: list[str]
    moved: set[str]  # between which the engine moves a table


def find_sides(ownership: Ownership, migration: Migration, schema: Schema) -> Sides:
    """Give whose the map's schemas are. What the engine moves between owners, as the map says, is nobody else's."""
    own = [each.name for each in ownership.schemas if each.owner == schema.owner]
    moved = {
        getattr(operation, word).partition(".")[0]
        for operation in migration.operations
        if type(operation).__module__.startswith(_TABLES)
        for word in ("old", "new")
    }
    return Sides(own, [each.name for each in ownership.schemas if each.name not in {*own, *moved}], moved)


def list_engines_tables(ownership: Ownership, operations: list[Operation]) -> list[str]:
    """Give what the engine itself writes as its owner during a migration that renames or moves models."""
    schema = ownership.find_schema_of_app(CONTENT_TYPES)
    return [f"{schema.name}.django_content_type"] if schema and any(map(_follows_models, operations)) else []


def _follows_models(operation: Operation) -> bool:
    module = type(operation).__module__
    is_move = module.startswith(_TABLES) and hasattr(operation, "leaves")  # as MoveTable has it
    return is_move or module.startswith(f"django.contrib.{CONTENT_TYPES}.")


def iter_referenced(ownership: Ownership, own: list[str]) -> Iterator[str]:
    """Yield the tables of others that a schema of `own` may point foreign keys at, quoted."""
    for contract in ownership.contracts:
        if contract.consumer in own:
            yield from (f"{contract.schema}.{quote_whole(table)}" for table in contract.reference)
