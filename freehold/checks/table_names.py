"""E001, E002, E005, E007: where a model's table lies, what it is called, and columns that look like tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.db import connections
from psycopg import sql

from freehold.checks.subjects import TAG, AppConfigs, check_of_placement, iter_models, split_table
from freehold.ownership import Ownership
from freehold.ownership.lookup import find_ownership
from freehold.ownership.spelling import split_name


def _has_unknown_schema(table: str, ownership: Ownership) -> bool:
    """Tell whether the name has a dot and what stands before the first one is no schema of the map."""
    return "." in table and not split_name(table, ownership.schema_names)[0]


@check_of_placement
def _check_tables_in_schema(app_configs: AppConfigs, ownership: Ownership) -> Iterator[CheckMessage]:
    """E001: a table lies in the schema of its app. Unmanaged models may read what lies elsewhere."""
    for model in iter_models(app_configs):
        table, app = model._meta.db_table, model._meta.app_label
        schema = ownership.find_schema_of_app(app)
        found, bare = split_table(model, ownership)
        # What E003 and E005 report is not reported twice.
        if schema is None or found == schema.name or _has_unknown_schema(table, ownership) or not model._meta.managed:
            continue
        where = f"in schema {found!r}" if found else "in no schema"
        yield Error(
            f"The table {table!r} lies {where}, but the ownership map puts the app {app!r} into schema "
            f"{schema.name!r}.",
            hint=f'Set db_table = "{schema.name}.{bare}", or list the app under another schema in the ownership map.',
            obj=model,
            id="freehold.E001",
        )


@check_of_placement
def _check_bare_names_unique(app_configs: AppConfigs, ownership: Ownership) -> Iterator[CheckMessage]:
    """E002: no two tables differ in their schema alone."""
    first: dict[str, str] = {}
    for model in iter_models(app_configs):
        table, bare = model._meta.db_table, split_table(model, ownership)[1]
        if first.setdefault(bare, table) != table:
            yield Error(
                f"The tables {first[bare]!r} and {table!r} have the same name {bare!r} in different schemas.",
                hint="Rename one: FOR UPDATE OF takes a name without its schema, and select_for_update(of=…) would "
                "lock rows of the wrong table.",
                obj=model,
                id="freehold.E002",
            )


@check_of_placement
def _check_schemas_known(app_configs: AppConfigs, ownership: Ownership) -> Iterator[CheckMessage]:
    """E005: what stands before a table name's first dot is a schema of the map."""
    for model in iter_models(app_configs):
        table = model._meta.db_table
        if _has_unknown_schema(table, ownership):
            yield Error(
                f"The table {table!r} names the schema {table.partition('.')[0]!r}, which the ownership map does not "
                f"know: it would be one table with a dot in its name.",
                hint=f'Write db_table = "schema.table", without quotes inside, with one of: '
                f"{', '.join(ownership.schema_names)}; or add the schema to the ownership map.",
                obj=model,
                id="freehold.E005",
            )


@register(TAG)
def _check_columns_whole(app_configs: AppConfigs, **kwargs: Any) -> list[CheckMessage]:
    """E007: no column begins with the name of a schema and a dot. Asked without a map too, of OPTIONS["schemas"]."""
    ownership = find_ownership()
    known = [getattr(connections[alias], "schemas", ()) for alias in connections]
    schemas = frozenset(ownership.schema_names if ownership else ()).union(*known)
    return list(_iter_split(app_configs, schemas))


def _iter_split(app_configs: AppConfigs, schemas: frozenset[str]) -> Iterator[CheckMessage]:
    for field in (field for model in iter_models(app_configs) for field in model._meta.local_concrete_fields):
        column = str(field.column)
        schema, bare = split_name(column, schemas)
        if schema:
            instead = f"{schema}_{bare}"
            names = filter(None, split_name(field.model._meta.db_table, schemas))
            table = sql.Identifier(*names).as_string()
            yield Error(
                f"The column {column!r} of the field {field.name!r} begins with the name of the schema {schema!r}: "
                f"PostgreSQL would be asked for a column {bare!r} of a table {schema!r}.",
                hint=f'Set db_column = "{instead}", in the model and in the migrations that name it. Where the table '
                f'is there already, rename the column: ALTER TABLE {table} RENAME COLUMN "{column}" TO "{instead}";',
                obj=field,
                id="freehold.E007",
            )
