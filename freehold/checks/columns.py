"""E007: a column's name is not taken for a table's."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connections
from django.db.models import Field

from freehold.backends.names import quote_split, split_name
from freehold.checks.subjects import AppConfigs, find_ownership, iter_models


def check_columns_whole(app_configs: AppConfigs, **kwargs: Any) -> list[CheckMessage]:
    """E007: no column begins with the name of a schema and a dot. Asked without a map too, of OPTIONS["schemas"]."""
    schemas = _list_schemas()
    return [
        _report_split(field, schemas)
        for model in iter_models(app_configs)
        for field in model._meta.local_concrete_fields
        if split_name(str(field.column), schemas)[0]
    ]


def _list_schemas() -> frozenset[str]:
    """Give the schemas that the map or a database of the engine's PostgreSQL backend knows."""
    ownership = find_ownership()
    known = [getattr(connections[alias], "schemas", ()) for alias in connections]
    return frozenset(ownership.schema_names if ownership else ()).union(*known)


def _report_split(field: Field[Any, Any], schemas: frozenset[str]) -> CheckMessage:
    column = str(field.column)
    schema, bare = split_name(column, schemas)
    instead = f"{schema}_{bare}"
    table = quote_split(field.model._meta.db_table, schemas)
    return Error(
        f"The column {column!r} of the field {field.name!r} begins with the name of the schema {schema!r}: PostgreSQL "
        f"would be asked for a column {bare!r} of a table {schema!r}.",
        hint=f'Set db_column = "{instead}", in the model and in the migrations that name it. Where the table is there '
        f'already, rename the column: ALTER TABLE {table} RENAME COLUMN "{column}" TO "{instead}";',
        obj=field,
        id="freehold.E007",
    )
