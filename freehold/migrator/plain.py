"""Which of Django's operations can do nothing that a boundary is about: known by what they are, without asking the
server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.db.migrations import RunPython, SeparateDatabaseAndState
from django.db.migrations.operations.base import Operation
from django.db.models import NOT_PROVIDED

_DJANGO: Final = "django."
_OPEN: Final = ("django.db.migrations.operations.", "freehold.operations.", "freehold.scripts.")


def may_call(operation: Operation) -> bool:
    """Tell whether what it makes may run a function: an expression is in it, or a field of somebody else's."""
    return any(map(_has_expression, _iter_parts(operation)))


def sends_openly(operation: Operation) -> bool:
    """Tell whether all that it sends passes by whoever looks at statements: code may go to the driver itself."""
    own = type(operation).__module__.startswith(_OPEN)
    return own and not isinstance(operation, RunPython | SeparateDatabaseAndState)


def may_refer(operation: Operation) -> bool:
    """Tell whether it may make a foreign key, or change what a column of one takes."""
    return any(getattr(part, "remote_field", None) for part in _iter_parts(operation))


def _iter_parts(operation: Any) -> Iterator[Any]:
    """Yield the fields, constraints and indexes that an operation makes."""
    for name in ("field", "constraint", "index"):
        yield from filter(None, [getattr(operation, name, None)])
    yield from (field for _, field in getattr(operation, "fields", None) or () if not isinstance(field, str))
    options = getattr(operation, "options", None) or {}
    yield from (*options.get("constraints", ()), *options.get("indexes", ()))


def _has_expression(part: Any) -> bool:
    default = getattr(part, "db_default", NOT_PROVIDED)
    return (
        not type(part).__module__.startswith(_DJANGO)
        or hasattr(part, "expression")  # a generated field
        or hasattr(default, "resolve_expression")
        or any(getattr(part, name, None) for name in ("expressions", "condition"))
        or type(part).__name__ in ("CheckConstraint", "ExclusionConstraint")
    )
