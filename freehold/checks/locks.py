"""E014 and E015: columns that contracts share are what they were when they were shared.

Types stand in `contracts.lock.json` beside the ownership map, written by `manage.py lockcontracts` and checked in. It
has each shared column with its type on both dialects and its consumers, so that a change to the model, or one to the
map, is seen beside what others rely on.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Model
from django.db.utils import ConnectionHandler

from freehold.checks.contract_names import has_retiring, iter_shared
from freehold.checks.subjects import AppConfigs, check_of_owners, find_governing, list_models
from freehold.errors import OwnershipError
from freehold.ownership import Ownership
from freehold.ownership.lookup import get_directory

NAME = "contracts.lock.json"
COMMAND = "manage.py lockcontracts"
_ENGINES = {"postgresql": "freehold.backends.postgresql", "sqlite": "freehold.backends.sqlite3"}

_Column = dict[str, Any]  # "postgresql" and "sqlite": the type; "consumers": a sorted list
_Lock = dict[str, dict[str, _Column]]  # by table, then by column


@check_of_owners
def _check_shared_columns(app_configs: AppConfigs, ownership: Ownership) -> Iterator[CheckMessage]:
    """E014: a column that was shared is there, and of the same type. Asked of the provider's apps."""
    locked = read_lock() or {}
    models = list_models() if locked else {}
    for table, columns in locked.items():
        for column, entry in columns.items() if _is_asked(table, app_configs, ownership) else ():
            yield from _iter_changes(table, column, entry, models.get(table))


@check_of_owners
def _check_lock(app_configs: AppConfigs, ownership: Ownership) -> Iterator[CheckMessage]:
    """E015: what contracts share is what is locked, with the same consumers. No file is L033 of `manage.py lint`."""
    locked = read_lock() if app_configs is None else None
    if locked is None:
        return
    shared = list_consumers(ownership)
    for table, column in sorted({*iter_columns(locked), *shared}):
        before = set(locked.get(table, {}).get(column, {}).get("consumers", []))
        now = shared.get((table, column), set())
        if before != now:
            was, there = (" and ".join(sorted(names)) or "nobody" for names in (before, now))
            yield Error(
                f"{NAME} says that {table} ({column}) is shared with {was}, and the contracts share it with {there}.",
                hint=f"Run {COMMAND} once {' and '.join(sorted(before | now))} agreed, and check the file in.",
                obj="contracts",
                id="freehold.E015",
            )


# --- What there is -------------------------------------------------------------------------------------------
def get_lock_path() -> Path:
    return get_directory() / NAME


def read_lock() -> _Lock | None:
    """Give what is locked; None where there is no file, or no map.

    Raises:
        OwnershipError: the file is no JSON.
    """
    if find_governing() is None or not get_lock_path().exists():
        return None
    try:
        locked: _Lock = json.loads(get_lock_path().read_text(encoding="utf-8"))
    except ValueError as error:
        raise OwnershipError(f"{get_lock_path()} is no JSON: {error}; write it again with {COMMAND}") from error
    return locked


def build_lock(ownership: Ownership) -> _Lock:
    """Give each shared column that some model has, with its types and consumers; sorted. One that is kept for the
    release before stays as it was locked."""
    models, shared, before = list_models(), list_consumers(ownership), read_lock() or {}
    lock: _Lock = {}
    for (table, column), consumers in sorted(shared.items()):
        field = _find_field(models.get(table), column)
        if field is not None:
            lock.setdefault(table, {})[column] = {**_list_types(field), "consumers": sorted(consumers)}
        elif column in before.get(table, {}) and has_retiring(table, column):
            lock.setdefault(table, {})[column] = {**before[table][column], "consumers": sorted(consumers)}
    return lock


def list_consumers(ownership: Ownership) -> dict[tuple[str, str], set[str]]:
    """Give the consumers of each shared column by table and column; external schemas have no models to compare."""
    found: dict[tuple[str, str], set[str]] = {}
    for shared in iter_shared(ownership):
        for column in shared.columns:
            found.setdefault((shared.table, column), set()).add(shared.contract.consumer)
    return found


def iter_columns(lock: _Lock) -> Iterator[tuple[str, str]]:
    yield from ((table, column) for table, columns in lock.items() for column in columns)


def _find_field(model: type[Model] | None, column: str) -> Field[Any, Any] | None:
    fields = model._meta.local_concrete_fields if model else ()
    return next((field for field in fields if field.column == column), None)


def _list_types(field: Field[Any, Any]) -> dict[str, str]:
    """Give the column's type on each dialect as the database would be told it: `varchar(254) NOT NULL`."""
    return {
        dialect: str(field.db_parameters(connection)["type"]) + ("" if field.null else " NOT NULL")
        for dialect, connection in list_connections().items()
    }


def list_connections() -> dict[str, BaseDatabaseWrapper]:
    """Give a connection of each dialect that is never opened: it knows the types."""
    handler = ConnectionHandler({"default": {}, **{name: {"ENGINE": engine} for name, engine in _ENGINES.items()}})
    return {name: handler[name] for name in _ENGINES}


def _is_asked(table: str, app_configs: AppConfigs, ownership: Ownership) -> bool:
    """Tell whether the table's apps are looked at: its model's, or where it has none any app of its schema."""
    if app_configs is None:
        return True
    model, labels = list_models().get(table), {config.label for config in app_configs}
    if model is not None:
        return model._meta.app_label in labels
    schema = ownership.find_schema(table.partition(".")[0])
    return schema is not None and bool(labels & {*schema.apps, *schema.places} & set(apps.app_configs))


# --- What is reported ----------------------------------------------------------------------------------------
def _iter_changes(table: str, column: str, entry: _Column, model: type[Model] | None) -> Iterator[CheckMessage]:
    """Yield E014 where the column is not as it was."""
    field, more = _find_field(model, column), ""
    if field is None and has_retiring(table, column):
        return
    if field is None:
        what, more = "is gone", _ask_for_name(column, model)
    else:
        types = _list_types(field)
        changed = [f"{entry[name]} to {types[name]} ({name})" for name in _ENGINES if entry.get(name) != types[name]]
        what = f"changed from {' and '.join(changed)}" if changed else ""
    if what:
        consumers = " and ".join(entry["consumers"])
        yield Error(
            f"The column {table} ({column}) {what}, and {consumers} rel{'y' if len(entry['consumers']) > 1 else 'ies'} "
            f"on it by contract.{more}",
            hint=f"Keep it as it was and add another beside it; or, once {consumers} can do without it, change the "
            f"contract and run {COMMAND}.",
            obj=table,
            id="freehold.E014",
        )


def _ask_for_name(column: str, model: type[Model] | None) -> str:
    """Give a question where the model has a column that is called nearly so."""
    known = [str(field.column) for field in model._meta.local_concrete_fields] if model else []
    close = difflib.get_close_matches(column, known, n=1)
    return f" Was it renamed to {close[0]!r}?" if close else ""
