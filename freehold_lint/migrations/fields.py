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

AUTO = (AutoField, BigAutoField, SmallAutoField)
FUNCTIONS = "django.db.models.functions"
VOLATILE = ("Random", "UUID4", "UUID7")  # those of Django's functions that give each row another value

Facts = frozenset[str]


@cache
def get_connection() -> BaseDatabaseWrapper:
    """Give a connection to PostgreSQL that is never opened: it knows the types."""
    return list_connections()["postgresql"]


def get_parameters(field: Any) -> dict[str, Any]:
    """Give type, check and collation of a field's column."""
    return dict(field.db_parameters(get_connection()))


def has_default(field: Any) -> bool:
    """Tell whether Django has a value for the rows that are there, which it does not leave in the database."""
    if field.has_default() or getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return True
    return not field.null and field.blank and field.empty_strings_allowed


def get_db_default(field: Any) -> Any:
    """Give the field's default in the database; None where it has none."""
    found = getattr(field, "db_default", NOT_PROVIDED)
    return None if found is NOT_PROVIDED else found


def is_volatile(default: Any) -> bool:
    """Tell whether an expression may give each row another value. A function that is not Django's may."""
    if not isinstance(default, Expression):
        return False
    return any(is_volatile_part(each) for each in default.flatten())


def is_volatile_part(part: Any) -> bool:
    """Tell whether one part of an expression does."""
    kind = type(part)
    if not hasattr(part, "function") or getattr(part, "function", None) is None:
        return False
    return kind.__name__ in VOLATILE or not kind.__module__.startswith((FUNCTIONS, "django.contrib.postgres"))


# --- A field that is added ---------------------------------------------------------------------------------------
def read_added(field: Any, table: str) -> Iterator[MigrationChange]:
    """Yield what AddField does: a column, and the constraints and the index that come with it."""
    if field.column is None:
        return
    facts = list_facts(field)
    yield MigrationChange("add_column", table, field.column, flags=facts)
    new = Facts({"fresh"} | ({"empty"} if facts == {"nullable"} else set()))
    if field.unique:
        sort = "primary key" if field.primary_key else "unique"
        yield MigrationChange("add_constraint", table, field.column, sort=sort, flags=new)
    if points_at_table(field):
        yield MigrationChange("add_constraint", table, field.column, sort="foreign key", flags=new)
    if get_parameters(field).get("check"):
        yield MigrationChange("add_constraint", table, field.column, sort="check", flags=Facts({"fresh"}))
    if has_index(field):
        yield MigrationChange("add_index", table, field.column)


def list_facts(field: Any) -> Facts:
    """Give the flags of a column that is added."""
    if getattr(field, "generated", False):
        return Facts({"nullable", "default", *(["volatile"] if field.db_persist else [])})
    default = get_db_default(field)
    return Facts(
        flag
        for flag, holds in {
            "nullable": field.null,
            "default": default is not None or isinstance(field, AUTO),
            "filled": has_default(field),
            "volatile": is_volatile(default) or isinstance(field, AUTO),
        }.items()
        if holds
    )


def points_at_table(field: Any) -> bool:
    """Tell whether the column has a foreign key in the database."""
    return bool(field.remote_field and getattr(field, "db_constraint", False))


def has_index(field: Any) -> bool:
    """Tell whether the field makes an index of its own beside a constraint's."""
    return bool(field.db_index and not field.unique)


# --- A field that is altered -------------------------------------------------------------------------------------
def read_altered(old: Any, new: Any, table: str) -> Iterator[MigrationChange]:
    """Yield what AlterField does, in Django's order."""
    if old.column != new.column:
        yield MigrationChange("rename_column", table, old.column, new=new.column)
    yield from read_dropped_parts(old, new, table)
    yield from read_type(old, new, table)
    yield from read_null(old, new, table)
    yield from read_added_parts(old, new, table)


def read_dropped_parts(old: Any, new: Any, table: str) -> Iterator[MigrationChange]:
    """Yield constraints, the index and the default that go."""
    if points_at_table(old) and not is_same_key(old, new):
        yield MigrationChange("drop_constraint", table, new.column, sort="foreign key")
    if old.unique and not new.unique:
        yield MigrationChange("drop_constraint", table, new.column, sort="primary key" if old.primary_key else "unique")
    if get_parameters(old).get("check") and not get_parameters(new).get("check"):
        yield MigrationChange("drop_constraint", table, new.column, sort="check")
    if has_index(old) and not new.db_index and not new.unique:
        yield MigrationChange("drop_index", table, new.column)
    if get_db_default(old) is not None and get_db_default(new) is None:
        yield MigrationChange("drop_default", table, new.column)


def read_type(old: Any, new: Any, table: str) -> Iterator[MigrationChange]:
    """Yield that the type changes; another collation is another order, and every index is made anew."""
    before, after = get_parameters(old), get_parameters(new)
    was, becomes = str(before.get("type")), str(after.get("type"))
    if before.get("collation") != after.get("collation"):
        becomes = f'{becomes} COLLATE "{after.get("collation") or "default"}"'
    if not is_same(was, becomes):
        yield MigrationChange("change_type", table, new.column, was, becomes)


def read_null(old: Any, new: Any, table: str) -> Iterator[MigrationChange]:
    """Yield that NULL comes or goes. Where Django has a default, it first writes that into each row that has none."""
    if old.null and not new.null:
        filled = has_default(new) or get_db_default(new) is not None
        if filled:
            yield MigrationChange("update", table, new.column, sort="UPDATE")
        yield MigrationChange("set_not_null", table, new.column, flags=Facts({"filled"} if filled else ()))
    elif new.null and not old.null:
        yield MigrationChange("drop_not_null", table, new.column)


def read_added_parts(old: Any, new: Any, table: str) -> Iterator[MigrationChange]:
    """Yield constraints and the index that come."""
    before, after = get_parameters(old).get("check"), get_parameters(new).get("check")
    if new.unique and not old.unique:
        yield MigrationChange("add_constraint", table, new.column, sort="primary key" if new.primary_key else "unique")
    if has_index(new) and not old.db_index and not old.unique:
        yield MigrationChange("add_index", table, new.column)
    if points_at_table(new) and not is_same_key(old, new):
        yield MigrationChange("add_constraint", table, new.column, sort="foreign key")
    if after and after != before:
        yield MigrationChange("add_constraint", table, new.column, sort="check")


def is_same_key(old: Any, new: Any) -> bool:
    """Tell whether both columns have a foreign key to the same column, in the same way."""
    if not (points_at_table(old) and points_at_table(new)):
        return False
    ends = [
        (field.remote_field.model._meta.db_table, field.target_field.column, get_on_delete(field))
        for field in (old, new)
    ]
    return ends[0] == ends[1]


def get_on_delete(field: Any) -> Any:
    """Give what the database does on delete; None where Django does it."""
    found = field.remote_field.on_delete
    return found if found in OPERATIONS or hasattr(found, "on_delete_sql") else None
