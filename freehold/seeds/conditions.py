"""Which rows of a table are a seed's, and as whom the table is read and written: its schema's owner."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models

from freehold.errors import SeedError
from freehold.ownership import get_ownership
from freehold.ownership.map import Schema
from freehold.ownership.spelling import split_name
from freehold.seeds.identities import find_range, get_range

LOGIN = "none"  # SET ROLE's word for the login itself
Condition = tuple[str, list[Any]]  # SQL and its parameters


# --- Owners ----------------------------------------------------------------------------------------------------------
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


# --- Rows ------------------------------------------------------------------------------------------------------------
def iter_models() -> Iterator[type[models.Model]]:
    """Yield every model, those between many-to-many fields included."""
    yield from apps.get_models(include_auto_created=True)


def find_model(table: str) -> type[models.Model] | None:
    """Give the model whose rows the table holds; a proxy holds none."""
    return next((model for model in iter_models() if model._meta.db_table == table and not model._meta.proxy), None)


def find_own_rows(connection: Any, seed: str, table: str) -> Condition | None:
    """Give the condition that a row of the table is the seed's; None where its ids can't tell."""
    model = find_model(table)
    return get_own_rows(connection, seed, table) if model and find_range(seed, model) else None


def get_own_rows(connection: Any, seed: str, table: str) -> Condition:
    """Give the condition that a row of the table, which is some model's, is the seed's, or raise SeedError."""
    model: Any = find_model(table)
    return f"{connection.ops.quote_name(model._meta.pk.column)} BETWEEN %s AND %s", list_bounds(connection, seed, table)


def list_bounds(connection: Any, seed: str, table: str) -> list[Any]:
    """Give the lowest and the highest id of the seed in the table, as parameters."""
    model: Any = find_model(table)
    id_range = get_range(seed, model)
    return [model._meta.pk.get_db_prep_value(value, connection) for value in (id_range.low, id_range.high)]


def negate(condition: Condition) -> Condition:
    """Give the opposite of a condition that is never NULL."""
    return f"NOT ({condition[0]})", condition[1]


def join(*conditions: Condition) -> Condition:
    return " AND ".join(text for text, _ in conditions if text), [value for _, values in conditions for value in values]


def count_rows(connection: Any, seed: str, table: str) -> int:
    where, bounds = get_own_rows(connection, seed, table)
    with connection.cursor() as cursor:
        query = f"SELECT count(*) FROM {connection.ops.quote_name(table)} WHERE {where}"  # noqa: S608 - names are quoted
        cursor.execute(query, bounds)
        return int(cursor.fetchone()[0])
