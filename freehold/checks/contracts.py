"""E010 to E013: contracts name tables, columns and keys that models have, and no foreign key crosses without one."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db.models import Field, ForeignObject, Model, UniqueConstraint

from freehold.backends.names import split_name
from freehold.checks.retiring import has_retiring
from freehold.checks.subjects import AppConfigs, find_governing, iter_models
from freehold.ownership import Contract, Ownership
from freehold.ownership.moves import list_views

Models = dict[str, type[Model]]  # by table
Entry = tuple[Contract, str, str, tuple[str, ...]]  # contract, `read` or `reference`, bare table, columns


def check_contract_tables(app_configs: AppConfigs, **kwargs: Any) -> list[CheckMessage]:
    """E010: a table in a contract is some model's, or the old name of one that moved and has a view."""
    models, ownership = list_models(), find_governing()
    views = {move.old for move in list_views(ownership)} if ownership else set()
    return [
        _report_table(entry, models)
        for entry in _iter_entries(app_configs)
        if f"{entry[0].schema}.{entry[2]}" not in {*models, *views}
    ]


def check_contract_columns(app_configs: AppConfigs, **kwargs: Any) -> list[CheckMessage]:
    """E011: a column in a contract is one of its table's."""
    models = list_models()
    return [
        _report_column(entry, column, models[table])
        for entry in _iter_entries(app_configs, of_apps=True)
        if (table := f"{entry[0].schema}.{entry[2]}") in models
        for column in entry[3]
        if column not in _list_columns(models[table]) and not has_retiring(table, column)
    ]


def check_contract_keys(app_configs: AppConfigs, **kwargs: Any) -> list[CheckMessage]:
    """E012: what a contract lets others reference is a key: PostgreSQL lets a foreign key point at nothing else."""
    models = list_models()
    return [
        _report_key(entry, column, models[table])
        for entry in _iter_entries(app_configs, of_apps=True)
        if entry[1] == "reference" and (table := f"{entry[0].schema}.{entry[2]}") in models
        for column in entry[3]
        if column in _list_columns(models[table])
        and not any(column in key and key <= set(entry[3]) for key in _iter_keys(models[table]))
    ]


def check_foreign_keys(app_configs: AppConfigs, **kwargs: Any) -> list[CheckMessage]:
    """E013: a foreign key into another schema is in a contract."""
    ownership = find_governing()
    if ownership is None:
        return []
    return [
        _report_foreign_key(model, field, ownership)
        for model in iter_models(app_configs)
        if model._meta.managed
        for field in model._meta.local_fields
        if isinstance(field, ForeignObject) and _crosses_without_contract(model, field, ownership)
    ]


# --- What there is -----------------------------------------------------------------------------------------------
def _iter_entries(app_configs: AppConfigs, *, of_apps: bool = False) -> Iterator[Entry]:
    """Yield each table of each contract, when the whole project is looked at. An external schema has no models.

    `of_apps`: when some apps are looked at, yield what their models share.
    """
    ownership = find_governing()
    if ownership is None or (app_configs is not None and not of_apps):
        return
    tables = None if app_configs is None else {model._meta.db_table for model in iter_models(app_configs)}
    for entry in iter_shared(ownership):
        if tables is None or f"{entry[0].schema}.{entry[2]}" in tables:
            yield entry


def iter_shared(ownership: Ownership) -> Iterator[Entry]:
    """Yield each table of each contract but those of external schemas."""
    external = {schema.name for schema in ownership.schemas if schema.external}
    for contract in ownership.contracts:
        if contract.schema not in external:
            for word, tables in (("read", contract.read), ("reference", contract.reference)):
                yield from ((contract, word, table, tuple(columns)) for table, columns in tables.items())


def list_models() -> Models:
    """Give the models of all installed apps, each by its table."""
    return {model._meta.db_table: model for model in iter_models(None)}


def _list_columns(model: type[Model]) -> list[str]:
    return [str(field.column) for field in model._meta.local_concrete_fields]


def _iter_keys(model: type[Model]) -> Iterator[set[str]]:
    """Yield the columns of each key: what is primary or unique over all rows."""
    columns = {field.name: str(field.column) for field in model._meta.local_concrete_fields}
    yield {str(field.column) for field in model._meta.pk_fields}
    yield from ({columns[field.name]} for field in model._meta.local_concrete_fields if field.unique)
    for names in model._meta.unique_together:
        yield {columns[name] for name in names}
    for constraint in model._meta.constraints:
        if isinstance(constraint, UniqueConstraint) and constraint.fields and constraint.condition is None:
            yield {columns[name] for name in constraint.fields}


def _crosses_without_contract(model: type[Model], field: ForeignObject[Any, Any], ownership: Ownership) -> bool:
    """Tell whether the field makes a foreign key into another schema of the map that no contract allows."""
    target = field.remote_field.model
    if isinstance(target, str) or not getattr(field, "db_constraint", True):
        return False
    here, _ = split_name(model._meta.db_table, ownership.schema_names)
    there, table = split_name(target._meta.db_table, ownership.schema_names)
    if not here or not there or here == there:
        return False
    allowed = {
        column
        for contract in ownership.contracts
        if (contract.schema, contract.consumer) == (there, here)
        for column in contract.reference.get(table, ())
    }
    return not set(_list_targets(field)) <= allowed


def _list_targets(field: ForeignObject[Any, Any]) -> list[str]:
    return [str(each.column) for each in field.foreign_related_fields]


# --- What is reported ----------------------------------------------------------------------------------------------
def label(contract: Contract) -> str:
    return f"The contract of {contract.schema!r} for {contract.consumer!r}"


def _suggest(name: str, known: list[str]) -> str:
    """Give what was probably meant, or what there is."""
    close = difflib.get_close_matches(name, known, n=1)
    return f"did you mean {close[0]!r}?" if close else f"there is {', '.join(sorted(known)) or 'none'}."


def _report_table(entry: Entry, models: Models) -> CheckMessage:
    contract, word, table, _ = entry
    known = [name.partition(".")[2] for name in models if name.startswith(f"{contract.schema}.")]
    return Error(
        f"{label(contract)} has {word} of the table {table!r}, but no model's table is "
        f"{f'{contract.schema}.{table}'!r}.",
        hint=f"Correct the name in the ownership map, or remove the entry: {_suggest(table, known)}",
        obj="contracts",
        id="freehold.E010",
    )


def _report_column(entry: Entry, column: str, model: type[Model]) -> CheckMessage:
    """Give E011. A contract has columns, where people think of fields."""
    contract, word, table, _ = entry
    return Error(
        f"{label(contract)} has {word} of {table} ({column}), but {model._meta.label} has no column {column!r}.",
        hint="Correct the name in the ownership map, or remove it; a foreign key's column is called user_id, not user: "
        f"{_suggest(column, _list_columns(model))}",
        obj="contracts",
        id="freehold.E011",
    )


def _report_key(entry: Entry, column: str, model: type[Model]) -> CheckMessage:
    contract, _, table, _ = entry
    keys = " or ".join(sorted({f"({', '.join(sorted(key))})" for key in _iter_keys(model)}))
    return Error(
        f"{label(contract)} has reference of {table} ({column}), which is no key of {model._meta.label}: PostgreSQL "
        f"lets a foreign key point at a primary key or at unique columns.",
        hint=f"Name {keys}, add a UniqueConstraint without a condition to the model, or put the column under `read`.",
        obj="contracts",
        id="freehold.E012",
    )


def _report_foreign_key(model: type[Model], field: Field[Any, Any], ownership: Ownership) -> CheckMessage:
    assert isinstance(field, ForeignObject)  # noqa: S101 - the caller has seen to it
    here, _ = split_name(model._meta.db_table, ownership.schema_names)
    there, table = split_name(field.remote_field.model._meta.db_table, ownership.schema_names)
    columns = _list_targets(field)
    wanted = "".join(f'"{column}", ' for column in columns).strip()
    return Error(
        f"The foreign key {field.name!r} points from schema {here!r} at {there}.{table} ({', '.join(columns)}), and no "
        f"contract allows it: PostgreSQL would refuse the migration.",
        hint=f'Add Contract("{there}", consumer="{here}", reference={{"{table}": ({wanted})}}) to the ownership map, '
        "or set db_constraint=False.",
        obj=field,
        id="freehold.E013",
    )
