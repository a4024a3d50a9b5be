"""Tells the suite's own helpers where a table went: `self.assertTableExists("test_pony")` means the renamed table.

Without it some two hundred tests of migrations and of the schema editor would fail for the literal name alone, before
they look at what the backend did. Nothing of Django or of the backend is changed, and the control runs with it too.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from conformance.placing import OWN, rename

TABLES = {"table", "expected_fk_table"}  # parameters of helpers that take a table's name
COLUMNS = {"to", "fk_to"}  # and those that take a table and its column
SQL_MADE = {"i_love_ponies"}  # made by SQL in the test, under just this name


def translate(tests: Iterable[Any], prefix: str) -> None:
    """Wrap the helpers of all these tests' classes, each once."""
    classes = {each for test in tests for each in type(test).__mro__ if is_of_suite(each)}
    for each in classes:
        for name, function in list(vars(each).items()):
            if inspect.isfunction(function) and not name.startswith("test") and takes_table(function):
                setattr(each, name, wrap(function, prefix))


def is_of_suite(each: type) -> bool:
    """Tell whether the class is the suite's own, and neither Django's nor Python's."""
    return each.__module__.partition(".")[0] not in {"builtins", "django", "unittest"}


def takes_table(function: Callable[..., Any]) -> bool:
    """Tell whether a parameter is a table's name."""
    return bool(TABLES & set(inspect.signature(function).parameters))


def wrap(function: Callable[..., Any], prefix: str) -> Callable[..., Any]:
    """Give the helper with every table's name renamed on the way in."""
    signature = inspect.signature(function)

    @wraps(function)
    def renamed(*args: Any, **kwargs: Any) -> Any:
        bound = signature.bind(*args, **kwargs)
        for name, value in bound.arguments.items():
            if name in TABLES:
                bound.arguments[name] = rename_table(value, prefix)
            elif name in COLUMNS and isinstance(value, tuple):
                bound.arguments[name] = (rename_table(value[0], prefix), *value[1:])
        return function(*bound.args, **bound.kwargs)

    return renamed


def rename_table(table: Any, prefix: str) -> Any:
    """Give the table's name as models have it now."""
    return table if not isinstance(table, str) or table in SQL_MADE | OWN else rename(table, prefix)
