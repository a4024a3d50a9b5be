"""Moves branches of the category tree."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Now, Substr

from master.models import Category


def save_category(*, category: Category) -> int:
    """Save a category with the path that its parent and slug make, and bring the paths below it in line.

    Gives the number of categories below it whose path changed: 0 where its own did not. Two such moves at a time
    wait for each other on the category's row.

    Raises:
        ValidationError: the parent lies below the category.
    """
    with transaction.atomic():
        before = Category.objects.select_for_update().filter(pk=category.pk).values_list("path", flat=True).first()
        category.path = ""
        category.clean()
        category.save()
        if before is None or before == category.path:
            return 0
        return move_below(before, category.path)


def move_below(before: str, after: str) -> int:
    """Replace the beginning `before` of every path below it; every path still ends in its own slug."""
    rest = Substr(F("path"), len(before) + 1)
    return Category.objects.filter(path__startswith=f"{before}/").update(
        path=Concat(Value(after), rest), updated_at=Now()
    )
