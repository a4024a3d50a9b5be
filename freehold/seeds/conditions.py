"""SQL conditions on rows: which are a seed's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import models

from freehold.seeds.foreign_keys import iter_models
from freehold.seeds.identities import find_range, get_range

Condition = tuple[str, list[Any]]  # SQL and its parameters


def _iter_models_of(table: str) -> Iterator[type[models.Model]]:
    """Yield the models whose rows the table holds, but for proxies."""
    return (model for model in iter_models() if model._meta.db_table == table and not model._meta.proxy)


def find_model(table: str) -> type[models.Model] | None:
    return next(_iter_models_of(table), None)


def get_model(table: str) -> type[models.Model]:
    """Give the model of a table that some seed writes."""
    return next(_iter_models_of(table))


def find_own_rows(connection: Any, seed: str, table: str) -> Condition | None:
    """Give the condition that a row of the table is the seed's; None where its ids can't tell."""
    model = find_model(table)
    return get_own_rows(connection, seed, model) if model and find_range(seed, model) else None


def get_own_rows(connection: Any, seed: str, model: type[models.Model]) -> Condition:
    """Give the condition that a row of the model's table is the seed's, or raise SeedError."""
    column = connection.ops.quote_name(model._meta.pk.column)
    return f"{column} BETWEEN %s AND %s", list_bounds(connection, seed, model)


def list_bounds(connection: Any, seed: str, model: type[models.Model]) -> list[Any]:
    """Give the lowest and the highest id of the seed in the model's table, as parameters."""
    id_range = get_range(seed, model)
    return [model._meta.pk.get_db_prep_value(value, connection) for value in (id_range.low, id_range.high)]


def negate(condition: Condition) -> Condition:
    """Give the opposite of a condition that is never NULL."""
    return f"NOT ({condition[0]})", condition[1]


def join(*conditions: Condition) -> Condition:
    """Give the condition that all of them hold."""
    return " AND ".join(text for text, _ in conditions if text), [value for _, values in conditions for value in values]
