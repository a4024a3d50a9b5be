"""E001, E002, E005: where a model's table lies, and what it is called."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error
from django.db.models import Model

from freehold.backends.names import split_name
from freehold.checks.subjects import AppConfigs, find_ownership, iter_models
from freehold.ownership import Ownership


def _has_unknown_schema(table: str, ownership: Ownership) -> bool:
    """Tell whether the name has a dot and what stands before the first one is no schema of the map."""
    return "." in table and not split_name(table, ownership.schema_names)[0]


def check_tables_in_schema(app_configs: AppConfigs, **kwargs: Any) -> list[CheckMessage]:
    """E001: a table lies in the schema of its app. Unmanaged models may read what lies elsewhere."""
    ownership = find_ownership()
    if ownership is None:
        return []
    messages = (_find_misplacement(model, ownership) for model in iter_models(app_configs) if model._meta.managed)
    return [message for message in messages if message]


def _find_misplacement(model: type[Model], ownership: Ownership) -> CheckMessage | None:
    """Give E001 for the model, or None. What E003 and E005 report is not reported twice."""
    table, app = model._meta.db_table, model._meta.app_label
    schema = ownership.find_schema_of_app(app)
    found, bare = split_name(table, ownership.schema_names)
    if schema is None or found == schema.name or _has_unknown_schema(table, ownership):
        return None
    where = f"in schema {found!r}" if found else "in no schema"
    return Error(
        f"The table {table!r} lies {where}, but the ownership map puts the app {app!r} into schema {schema.name!r}.",
        hint=f'Set db_table = "{schema.name}.{bare}", or list the app under another schema in the ownership map.',
        obj=model,
        id="freehold.E001",
    )


def check_bare_names_unique(app_configs: AppConfigs, **kwargs: Any) -> list[CheckMessage]:
    """E002: no two tables differ in their schema alone."""
    ownership = find_ownership()
    if ownership is None:
        return []
    messages: list[CheckMessage] = []
    first: dict[str, str] = {}
    for model in iter_models(app_configs):
        table = model._meta.db_table
        bare = split_name(table, ownership.schema_names)[1]
        if first.setdefault(bare, table) != table:
            messages.append(_report_double(model, bare, first[bare]))
    return messages


def _report_double(model: type[Model], bare: str, other: str) -> CheckMessage:
    return Error(
        f"The tables {other!r} and {model._meta.db_table!r} have the same name {bare!r} in different schemas.",
        hint="Rename one: FOR UPDATE OF takes a name without its schema, and select_for_update(of=…) would lock "
        "rows of the wrong table.",
        obj=model,
        id="freehold.E002",
    )


def check_schemas_known(app_configs: AppConfigs, **kwargs: Any) -> list[CheckMessage]:
    """E005: what stands before a table name's first dot is a schema of the map."""
    ownership = find_ownership()
    if ownership is None:
        return []
    return [
        _report_unknown(model, ownership)
        for model in iter_models(app_configs)
        if _has_unknown_schema(model._meta.db_table, ownership)
    ]


def _report_unknown(model: type[Model], ownership: Ownership) -> CheckMessage:
    table = model._meta.db_table
    return Error(
        f"The table {table!r} names the schema {table.partition('.')[0]!r}, which the ownership map does not know: it "
        f"would be one table with a dot in its name.",
        hint=f'Write db_table = "schema.table", without quotes inside, with one of: '
        f"{', '.join(ownership.schema_names)}; or add the schema to the ownership map.",
        obj=model,
        id="freehold.E005",
    )
