"""Which role a table is read and written as: its schema's owner."""

from __future__ import annotations

from freehold.errors import SeedError
from freehold.ownership import get_ownership
from freehold.ownership.map import Schema
from freehold.ownership.spelling import split_name

LOGIN = "none"  # SET ROLE's word for the login itself


def get_schema_of_seed(seed: str, app: str) -> Schema:
    """Give the schema of the seed's app, or raise SeedError where the map does not name the app."""
    schema = get_ownership().find_schema_of_app(app)
    if schema is None:
        raise SeedError(f"seed {seed}: app {app} is in no schema: name it in the ownership map (settings.OWNERSHIP)")
    return schema


def find_owner(table: str) -> str:
    """Give the role that owns the schema of "schema.table"; the login itself for a name without a known schema."""
    ownership = get_ownership()
    schema = ownership.find_schema(split_name(table, ownership.schema_names)[0])
    return schema.owner if schema else LOGIN


def check_schema(seed: str, app: str, tables: tuple[str, ...]) -> None:
    """Raise SeedError where the seed writes a table outside its app's schema."""
    schema = get_schema_of_seed(seed, app)
    for table in tables:
        if split_name(table, get_ownership().schema_names)[0] != schema.name:
            way_out = f"move these rows to a seed of an app that lies where {table} does"
            raise SeedError(f"seed {seed} writes {table}, which is not in its schema, {schema.name}: {way_out}")
