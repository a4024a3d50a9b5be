"""Reads what adding and altering a field does to its column, as Django's schema editor for PostgreSQL does it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import AutoField, BigAutoField, Expression, SmallAutoField
from django.db.models.fields import NOT_PROVIDED

from freehold.checks.locks import list_connections
from freehold.deletion import OPERATIONS
from freehold_lint.migrations.conversions import is_same
from freehold_lint.migrations.vocabulary import MigrationChange

_AUTO = (AutoField, BigAutoField, SmallAutoField)
_FUNCTIONS = "django.db.models.functions"
_VOLATILE = ("Random", "UUID4", "UUID7")  # those of Django's functions that give each row another value

_Facts = frozenset[str]


@cache
def _get_connection() -> BaseDatabaseWrapper:
    """Give a connection to PostgreSQL that is never opened: it knows the types."""
    return list_connections()["postgresql"]


def _get_parameters(field: Any) -> dict[str, Any]:
    return dict(field.db_parameters(_get_connection()))


def _has_default(field: Any) -> bool:
    """Tell whether Django has a value for the rows that are there, which it does not leave in the database."""
    if field.has_default() or getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return True
    return not field.null and field.blank and field.empty_strings_allowed


def _get_db_default(field: Any) -> Any:
    """Give the field's default in the database; None where it has none."""
    found = getattr(field, "db_default", NOT_PROVIDED)
    return None if found is NOT_PROVIDED else found


def _is_volatile(default: Any) -> bool:
    """Tell whether an expression may give each row another value. A function that is not Django's may."""
    if not isinstance(default, Expression):
        return False
    return any(_is_volatile_part(each) for each in default.flatten())


def _is_volatile_part(part: Any) -> bool:
    kind = type(part)
    if not hasattr(part, "function") or getattr(part, "function", None) is None:
        return False
    return kind.__name__ in _VOLATILE or not kind.__module__.startswith((_FUNCTIONS, "django.contrib.postgres"))


# --- A field that is added ---------------------------------------------------------------------------------------
def read_added(field: Any, table: str) -> Iterator[MigrationChange]:
    """Yield what AddField does: a column, and the constraints and the index that come with it."""
    if field.column is None:
        return
    facts = _list_facts(field)
    yield MigrationChange("add_column", table, field.column, flags=facts)
    new = _Facts({"fresh"} | ({"empty"} if facts == {"nullable"} else set()))
    if field.unique:
        sort = "primary key" if field.primary_key else "unique"
        yield MigrationChange("add_constraint", table, field.column, sort=sort, flags=new)
    if _points_at_table(field):
        yield MigrationChange("add_constraint", table, field.column, sort="foreign key", flags=new)
    if _get_parameters(field).get("check"):
        yield MigrationChange("add_constraint", table, field.column, sort="check", flags=_Facts({"fresh"}))
    if _has_index(field):
        yield MigrationChange("add_index", table, field.column)


def _list_facts(field: Any) -> _Facts:
    if getattr(field, "generated", False):
        return _Facts({"nullable", "default", *(["volatile"] if field.db_persist else [])})
    default = _get_db_default(field)
    return _Facts(
        flag
        for flag, holds in {
            "nullable": field.null,
            "default": default is not None or isinstance(field, _AUTO),
            "filled": _has_default(field),
            "volatile": _is_volatile(default) or isinstance(field, _AUTO),
        }.items()
        if holds
    )


def _points_at_table(field: Any) -> bool:
    return bool(field.remote_field and getattr(field, "db_constraint", False))


def _has_index(field: Any) -> bool:
    return bool(field.db_index and not field.unique)


# --- A field that is altered -------------------------------------------------------------------------------------
def read_altered(old: Any, new: Any, table: str) -> Iterator[MigrationChange]:
    """Yield what AlterField does, in Django's order."""
    if old.column != new.column:
        yield MigrationChange("rename_column", table, old.column, new=new.column)
    yield from _read_dropped_parts(old, new, table)
    yield from _read_type(old, new, table)
    yield from _read_null(old, new, table)
    yield from _read_added_parts(old, new, table)


def _read_dropped_parts(old: Any, new: Any, table: str) -> Iterator[MigrationChange]:
    if _points_at_table(old) and not _is_same_key(old, new):
        yield MigrationChange("drop_constraint", table, new.column, sort="foreign key")
    if old.unique and not new.unique:
        yield MigrationChange("drop_constraint", table, new.column, sort="primary key" if old.primary_key else "unique")
    if _get_parameters(old).get("check") and not _get_parameters(new).get("check"):
        yield MigrationChange("drop_constraint", table, new.column, sort="check")
    if _has_index(old) and not new.db_index and not new.unique:
        yield MigrationChange("drop_index", table, new.column)
    if _get_db_default(old) is not None and _get_db_default(new) is None:
        yield MigrationChange("drop_default", table, new.column)


def _read_type(old: Any, new: Any, table: str) -> Iterator[MigrationChange]:
    """Yield that the type changes; another collation is another order, and every index is made anew."""
    before, after = _get_parameters(old), _get_parameters(new)
    was, becomes = str(before.get("type")), str(after.get("type"))
    if before.get("collation") != after.get("collation"):
        becomes = f'{becomes} COLLATE "{after.get("collation") or "default"}"'
    if not is_same(was, becomes):
        yield MigrationChange("change_type", table, new.column, was, becomes)


def _read_null(old: Any, new: Any, table: str) -> Iterator[MigrationChange]:
    """Yield that NULL comes or goes. Where Django has a default, it first writes that into each row that has none."""
    if old.null and not new.null:
        filled = _has_default(new) or _get_db_default(new) is not None
        if filled:
            yield MigrationChange("update", table, new.column, sort="UPDATE")
        yield MigrationChange("set_not_null", table, new.column, flags=_Facts({"filled"} if filled else ()))
    elif new.null and not old.null:
        yield MigrationChange("drop_not_null", table, new.column)


def _read_added_parts(old: Any, new: Any, table: str) -> Iterator[MigrationChange]:
    before, after = _get_parameters(old).get("check"), _get_parameters(new).get("check")
    if new.unique and not old.unique:
        yield MigrationChange("add_constraint", table, new.column, sort="primary key" if new.primary_key else "unique")
    if _has_index(new) and not old.db_index and not old.unique:
        yield MigrationChange("add_index", table, new.column)
    if _points_at_table(new) and not _is_same_key(old, new):
        yield MigrationChange("add_constraint", table, new.column, sort="foreign key")
    if after and after != before:
        yield MigrationChange("add_constraint", table, new.column, sort="check")


def _is_same_key(old: Any, new: Any) -> bool:
    if not (_points_at_table(old) and _points_at_table(new)):
        return False
    ends = [
        (field.remote_field.model._meta.db_table, field.target_field.column, _get_on_delete(field))
        for field in (old, new)
    ]
    return ends[0] == ends[1]


def _get_on_delete(field: Any) -> Any:
    """Give what the database does on delete; None where Django does it."""
    found = field.remote_field.on_delete
    return found if found in OPERATIONS or hasattr(found, "on_delete_sql") else None
