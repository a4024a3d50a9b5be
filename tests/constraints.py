"""Asserts that the database itself refuses a row, by the constraint's name."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction

from freehold.versions import is_stale

Refusal = tuple[Callable[[], Any], str]


def assert_refused(make: Callable[[], Any], constraint: str) -> None:
    """Call `make` and expect that constraint to refuse the row it writes."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        make()
    assert find_constraint(caught.value, constraint) == constraint


def find_constraint(error: IntegrityError, expected: str) -> str:
    """Give the name of the constraint that an error is about.

    SQLite names a CHECK and an index on an expression; of a UNIQUE it names the columns, which stand for `expected`.
    """
    if connection.vendor == "postgresql":
        return error.__cause__.diag.constraint_name
    if is_stale(error):
        return expected if expected.endswith("_version_counted") else str(error)
    kind, _, name = str(error).partition(" constraint failed: ")
    if kind == "UNIQUE" and not name.startswith("index "):
        return expected if expected.endswith("_uniq") else name
    return name.removeprefix("index ").strip("'")


def save_stale(row: Any) -> None:
    """Send an UPDATE that brings another version than the row has."""
    type(row)._base_manager.filter(pk=row.pk).update(version=row.version + 2)


def list_constraints(model: type[models.Model]) -> set[str]:
    return {constraint.name for constraint in model._meta.constraints}
