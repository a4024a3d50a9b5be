"""E010 to E013: contracts name tables, columns and keys that models have, and no foreign key crosses without one."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.apps import apps
from django.core.checks import CheckMessage, Error
from django.db.migrations.loader import MigrationLoader
from django.db.models import ForeignObject, Model, UniqueConstraint

from freehold.checks.subjects import AppConfigs, check_of_owners, iter_models, list_models, split_table
from freehold.ownership import Contract, Ownership
from freehold.ownership.moves import list_views


class _SharedTable(NamedTuple):
    """A table in a contract, with the columns that are to `read` or to `reference`."""

    contract: Contract
    word: str
    bare: str
    columns: tuple[str, ...]

    @property
    def table(self) -> str:
        return f"{self.contract.schema}.{self.bare}"

    @property
    def has(self) -> str:
        """The contract as people find it in the map, and which of its words this is about."""
        return f"The contract of {self.contract.schema!r} for {self.contract.consumer!r} has {self.word} of"


@check_of_owners
def _check_contract_tables(app_configs: AppConfigs, ownership: Ownership) -> Iterator[CheckMessage]:
    """E010: a table in a contract is some model's, or the old name of one that moved and has a view. Asked of the whole
    project."""
    models, views = list_models(), {move.old for move in list_views(ownership)}
    for shared in iter_shared(ownership) if app_configs is None else ():
        if shared.table not in {*models, *views}:
            schema = f"{shared.contract.schema}."
            known = [name.removeprefix(schema) for name in models if name.startswith(schema)]
            yield Error(
                f"{shared.has} the table {shared.bare!r}, but no model's table is {shared.table!r}.",
                hint=f"Correct the name in the ownership map, or remove the entry: {_suggest(shared.bare, known)}",
                obj="contracts",
                id="freehold.E010",
            )


@check_of_owners
def _check_contract_columns(app_configs: AppConfigs, ownership: Ownership) -> Iterator[CheckMessage]:
    """E011: a column in a contract is one of its table's."""
    for shared, model, column in _iter_columns(app_configs, ownership):
        known = _list_columns(model)
        if column not in known and not has_retiring(shared.table, column):
            yield Error(
                f"{shared.has} {shared.bare} ({column}), but {model._meta.label} has no column {column!r}.",
                # A contract has columns, where people think of fields.
                hint=f"Correct the name in the ownership map, or remove it; a foreign key's column is called user_id, "
                f"not user: {_suggest(column, known)}",
                obj="contracts",
                id="freehold.E011",
            )


@check_of_owners
def _check_contract_keys(app_configs: AppConfigs, ownership: Ownership) -> Iterator[CheckMessage]:
    """E012: what a contract lets others reference is a key: PostgreSQL lets a foreign key point at nothing else."""
    for shared, model, column in _iter_columns(app_configs, ownership):
        keys = list(_iter_keys(model))
        is_key = any(column in key and key <= set(shared.columns) for key in keys)
        if shared.word == "reference" and column in _list_columns(model) and not is_key:
            names = " or ".join(sorted({f"({', '.join(sorted(key))})" for key in keys}))
            yield Error(
                f"{shared.has} {shared.bare} ({column}), which is no key of {model._meta.label}: PostgreSQL lets a "
                f"foreign key point at a primary key or at unique columns.",
                hint=f"Name {names}, add a UniqueConstraint without a condition to the model, or put the column under "
                f"`read`.",
                obj="contracts",
                id="freehold.E012",
            )


@check_of_owners
def _check_foreign_keys(app_configs: AppConfigs, ownership: Ownership) -> Iterator[CheckMessage]:
    """E013: a foreign key into another schema is in a contract."""
    for model in iter_models(app_configs):
        for field in model._meta.local_fields if model._meta.managed else ():
            if isinstance(field, ForeignObject) and (message := _find_crossing(model, field, ownership)):
                yield message


def _find_crossing(model: type[Model], field: ForeignObject[Any, Any], ownership: Ownership) -> CheckMessage | None:
    """Give E013 where the field makes a foreign key into another schema of the map that no contract allows, with the
    contract to write."""
    target = field.remote_field.model
    if isinstance(target, str) or not getattr(field, "db_constraint", True):
        return None
    (here, _), (there, table) = (split_table(each, ownership) for each in (model, target))
    if not here or not there or here == there:
        return None
    columns = [str(each.column) for each in field.foreign_related_fields]
    contracts = (each for each in ownership.contracts if (each.schema, each.consumer) == (there, here))
    if set(columns) <= {column for contract in contracts for column in contract.reference.get(table, ())}:
        return None
    wanted = "".join(f'"{column}", ' for column in columns).strip()
    return Error(
        f"The foreign key {field.name!r} points from schema {here!r} at {there}.{table} ({', '.join(columns)}), and no "
        f"contract allows it: PostgreSQL would refuse the migration.",
        hint=f'Add Contract("{there}", consumer="{here}", reference={{"{table}": ({wanted})}}) to the ownership map, '
        "or set db_constraint=False.",
        obj=field,
        id="freehold.E013",
    )


# --- What there is -----------------------------------------------------------------------------------------------
def iter_shared(ownership: Ownership) -> Iterator[_SharedTable]:
    """Yield each table of each contract but those of external schemas, which have no models."""
    external = {schema.name for schema in ownership.schemas if schema.external}
    for contract in ownership.contracts:
        if contract.schema not in external:
            yield from (_SharedTable(contract, *each) for each in contract.iter_tables())


def _iter_columns(app_configs: AppConfigs, ownership: Ownership) -> Iterator[tuple[_SharedTable, type[Model], str]]:
    """Yield each column that the models looked at share by contract."""
    models = {model._meta.db_table: model for model in iter_models(app_configs)}
    for shared in iter_shared(ownership):
        if shared.table in models:
            yield from ((shared, models[shared.table], column) for column in shared.columns)


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


def _suggest(name: str, known: list[str]) -> str:
    """Give what was probably meant, or what there is."""
    close = difflib.get_close_matches(name, known, n=1)
    return f"did you mean {close[0]!r}?" if close else f"there is {', '.join(sorted(known)) or 'none'}."


def has_retiring(table: str, column: str) -> bool:
    """Tell whether migrations have expanded a column into another one, and not contracted the two yet.

    Reads the migrations from disk, and no database; asked only for a column that no field has.
    """
    steps: Counter[tuple[str, str, str]] = Counter()
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    for (app, _), migration in loader.disk_migrations.items():
        for operation in migration.operations:
            for old in getattr(operation, "old_columns", ()):
                key = (app, getattr(operation, "model_name", "").lower(), old)
                steps[key] += 1 if getattr(operation, "step", "") == "expand" else -1
    open_steps = (key for key, count in steps.items() if count > 0)
    return any(old == column and _find_table(app, model) == table for app, model, old in open_steps)


def _find_table(app: str, model: str) -> str:
    """Give a model's table; empty where there is no such model any more."""
    try:
        return str(apps.get_model(app, model)._meta.db_table)
    except LookupError:
        return ""
