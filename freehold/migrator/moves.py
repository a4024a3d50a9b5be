"""Who owned an app's tables before the whole app went to another schema: its older migrations run as that owner."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader

from freehold.ownership import Ownership, Schema

_Key = tuple[str, str]


def list_former_schemas(loader: MigrationLoader, ownership: Ownership) -> dict[_Key, Schema]:
    """Give the schema of each migration that comes before its own app's move to another schema.

    The map says where an app is now; its first migrations made its tables where it was.
    """
    former: dict[_Key, Schema] = {}
    for key, migration in loader.disk_migrations.items():
        for schema in _iter_left(migration, ownership):
            for before in loader.graph.forwards_plan(key)[:-1]:
                if before[0] == key[0]:
                    former.setdefault(before, schema)
    return former


def _iter_left(migration: Migration, ownership: Ownership) -> Iterator[Schema]:
    """Yield the schemas that tables leave in the migration whose models stay in their app."""
    for operation in migration.operations:
        app, name = getattr(operation, "leaves", ("", ""))  # as MoveTable has it
        if app == migration.app_label and (schema := ownership.find_schema(name)):
            yield schema
