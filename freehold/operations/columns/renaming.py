"""Lets a model's state follow a field that gets another name: Django's own leaves indexes and constraints behind."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.db.migrations.state import ProjectState
from django.db.models import F, Q
from django.db.models.constants import LOOKUP_SEP
from django.db.models.expressions import BaseExpression

_NAMED = ("fields", "include")  # arguments of indexes and constraints that hold names of fields
_ORDERED = ("ordering", "get_latest_by", "order_with_respect_to")


def rename_field(state: ProjectState, app_label: str, model_name: str, old: str, new: str) -> None:
    """Rename a field in the state, wherever the model's options name it too."""
    options = state.models[app_label, model_name].options
    for option in ("indexes", "constraints"):
        if option in options:
            options[option] = [_rename_in_object(each, old, new) for each in options[option]]
    for option in _ORDERED:
        if options.get(option):
            options[option] = _rename_in(options[option], old, new)
    state.rename_field(app_label, model_name, old, new)


def _rename_in_object(each: Any, old: str, new: str) -> Any:
    _, arguments, options = each.deconstruct()
    options = {
        name: _rename_in(value, old, new) if name in _NAMED or isinstance(value, Q | BaseExpression | F) else value
        for name, value in options.items()
    }
    return type(each)(*(_rename_in(value, old, new) for value in arguments), **options)


def _rename_in(value: Any, old: str, new: str) -> Any:
    """Give a value with the field's new name: a name with its sign and lookups, a condition, an expression, a list."""
    if isinstance(value, str):
        return _rename_path(value, old, new)
    if isinstance(value, F):
        return type(value)(_rename_path(value.name, old, new))  # type: ignore[attr-defined]
    if isinstance(value, Q):
        children = [
            (_rename_path(child[0], old, new), _keep_text(child[1], old, new))
            if isinstance(child, tuple)
            else _rename_in(child, old, new)
            for child in value.children
        ]
        return Q.create(children=children, connector=value.connector, negated=value.negated)
    if isinstance(value, BaseExpression):
        renamed = copy(value)
        renamed.set_source_expressions([_keep_text(each, old, new) for each in value.get_source_expressions()])
        return renamed
    return type(value)(_rename_in(each, old, new) for each in value) if isinstance(value, list | tuple) else value


def _keep_text(value: Any, old: str, new: str) -> Any:
    """Give a value that a field is compared with: a text is one, and no name."""
    return value if isinstance(value, str | list | tuple) else _rename_in(value, old, new)


def _rename_path(path: str, old: str, new: str) -> str:
    """Give `-new__gte` for `-old__gte`, and any other path as it is."""
    sign = "-" if path.startswith("-") else ""
    head, separator, rest = path.removeprefix(sign).partition(LOOKUP_SEP)
    return f"{sign}{new if head == old else head}{separator}{rest}"
