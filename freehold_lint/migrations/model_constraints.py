"""What a model's constraint is to PostgreSQL."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import Model
from django.db.models.constraints import BaseConstraint

_SORTS: tuple[tuple[type, str], ...] = (
    (models.UniqueConstraint, "unique"),
    (models.CheckConstraint, "check"),
    (ExclusionConstraint, "exclusion"),
)


def is_index(constraint: BaseConstraint) -> bool:
    """Tell whether Django makes a unique index of it: a condition, an expression or included columns need one."""
    if not isinstance(constraint, models.UniqueConstraint):
        return False
    return any(getattr(constraint, part, None) for part in ("condition", "expressions", "include", "opclasses"))


def get_sort(constraint: BaseConstraint) -> str:
    """Give what a constraint is called in reports."""
    return next((word for kind, word in _SORTS if isinstance(constraint, kind)), "constraint")


def find_proven(constraint: BaseConstraint, model: type[Model]) -> tuple[str, ...]:
    """Give the column that a check of the form `Q(column__isnull=False)` is about; nothing for any other constraint."""
    condition = getattr(constraint, "condition", None)
    if (
        isinstance(constraint, models.CheckConstraint)
        and isinstance(condition, models.Q)
        and not condition.negated
        and len(condition.children) == 1
    ):
        match condition.children[0]:
            case (str(lookup), False) if lookup.endswith("__isnull"):
                name = lookup.removesuffix("__isnull")
                found = [each for each in model._meta.local_concrete_fields if name in (each.name, each.attname)]
                return tuple(str(each.column) for each in found)
    return ()
