"""A part of the map to migrate by itself: one schema, or those that one service owns."""

from __future__ import annotations

from dataclasses import dataclass

from freehold.errors import MigrationError
from freehold.ownership import Ownership


@dataclass(frozen=True)
class MigrationScope:
    """The apps of some schemas; `option` is how the person asked for it."""

    option: str
    apps: frozenset[str]


def find_scope(ownership: Ownership, schema: str | None, service: str | None) -> MigrationScope | None:
    """Give the part that is asked for; None is everything.

    Raises:
        MigrationError: both are named, there is no such schema or service, or its tables are not Django's.
    """
    if schema and service:
        raise MigrationError("--schema and --service are two ways to say which part: give one of them")
    if schema:
        return _get_schema_scope(ownership, schema)
    return _get_service_scope(ownership, service) if service else None


def _get_schema_scope(ownership: Ownership, name: str) -> MigrationScope:
    found = ownership.find_schema(name)
    if found is None:
        raise MigrationError(f"--schema {name}: the ownership map has {', '.join(ownership.schema_names)}")
    if found.external:
        raise MigrationError(f"--schema {name}: it is external in the ownership map, and brings its own migrations")
    return MigrationScope(f"--schema {name}", frozenset({*found.apps, *found.places}))


def _get_service_scope(ownership: Ownership, name: str) -> MigrationScope:
    names = [service.name for service in ownership.services]
    if name not in names:
        raise MigrationError(f"--service {name}: the ownership map has {', '.join(names)}")
    schemas = [each for each in ownership.schemas if each.service == name and not each.external]
    return MigrationScope(f"--service {name}", frozenset(app for each in schemas for app in (*each.apps, *each.places)))
