"""Lets a model's state follow a field that gets another name: Django's own leaves indexes and constraints behind."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.db.migrations.state import ProjectState
from django.db.models import F, Q
from django.db.models.constants import LOOKUP_SEP
from django.db.models.expressions import BaseExpression

NAMED = ("fields", "include")  # arguments of indexes and constraints that hold names of fields
ORDERED = ("ordering", "get_latest_by", "order_with_respect_to")


def rename_field(state: ProjectState, app_label: str, model_name: str, old: str, new: str) -> None:
    """Rename a field in the state, wherever the model's options name it too."""
    options = state.models[app_label, model_name].options
    for option in ("indexes", "constraints"):
        if option in options:
            options[option] = [rename_in_object(each, old, new) for each in options[option]]
    for option in ORDERED:
        if options.get(option):
            options[option] = rename_in(options[option], old, new)
    state.rename_field(app_label, model_name, old, new)


def rename_in_object(each: Any, old: str, new: str) -> Any:
    """Give an index or a constraint about the field's new name."""
    _, arguments, options = each.deconstruct()
    options = {
        name: rename_in(value, old, new) if name in NAMED or isinstance(value, Q | BaseExpression | F) else value
        for name, value in options.items()
    }
    return type(each)(*(rename_in(value, old, new) for value in arguments), **options)


def rename_in(value: Any, old: str, new: str) -> Any:
    """Give a value with the field's new name: a name with its sign and lookups, a condition, an expression, a list."""
    if isinstance(value, str):
        return rename_path(value, old, new)
    if isinstance(value, F):
        return type(value)(rename_path(value.name, old, new))  # type: ignore[attr-defined]
    if isinstance(value, Q):
        children = [
            (rename_path(child[0], old, new), keep_text(child[1], old, new))
            if isinstance(child, tuple)
            else rename_in(child, old, new)
            for child in value.children
        ]
        return Q.create(children=children, connector=value.connector, negated=value.negated)
    if isinstance(value, BaseExpression):
        renamed = copy(value)
        renamed.set_source_expressions([keep_text(each, old, new) for each in value.get_source_expressions()])
        return renamed
    return type(value)(rename_in(each, old, new) for each in value) if isinstance(value, list | tuple) else value


def keep_text(value: Any, old: str, new: str) -> Any:
    """Give a value that a field is compared with: a text is one, and no name."""
    return value if isinstance(value, str | list | tuple) else rename_in(value, old, new)


def rename_path(path: str, old: str, new: str) -> str:
    """Give `-new__gte` for `-old__gte`, and any other path as it is."""
    sign = "-" if path.startswith("-") else ""
    head, separator, rest = path.removeprefix(sign).partition(LOOKUP_SEP)
    return f"{sign}{new if head == old else head}{separator}{rest}"
