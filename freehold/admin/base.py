"""The classes that admin pages start from: Unfold's, with careful forms, under Django's types."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from freehold.admin.addresses import CarefulAddressAdmin
from freehold.admin.blanks import BlankedAdmin, BlankedInline
from freehold.admin.conflicts import RetriedSaveAdmin, VersionedInline
from freehold.admin.deletes import RefusedDeleteAdmin
from freehold.admin.forms import CarefulFormsAdmin
from freehold.admin.labels import LabelledRowsInline

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin as DjangoModelAdmin, TabularInline as DjangoTabularInline
    from django_stubs_ext import StrOrPromise

    ModelAdmin = DjangoModelAdmin[Any]
    TabularInline = DjangoTabularInline[Any, Any]
else:
    from unfold.admin import ModelAdmin as UnfoldModelAdmin, TabularInline as UnfoldTabularInline

    class ModelAdmin(
        RefusedDeleteAdmin, RetriedSaveAdmin, BlankedAdmin, CarefulFormsAdmin, CarefulAddressAdmin, UnfoldModelAdmin
    ):
        """A page of Unfold's."""

        show_full_result_count = False  # to count a whole table takes longer than its list

    class TabularInline(BlankedInline, LabelledRowsInline, VersionedInline, CarefulFormsAdmin, UnfoldTabularInline):
        """Rows of Unfold's within a page."""


__all__ = ["ModelAdmin", "TabularInline", "labelled"]

_Column = TypeVar("_Column", bound=Callable[..., Any])


def labelled(colours: dict[str, str], *, description: StrOrPromise, ordering: str) -> Callable[[_Column], _Column]:
    """Make a column a coloured label. The column gives a pair: a key of `colours`, and the words to show.

    The colours are Unfold's: success, info, warning, danger.
    """
    from unfold.decorators import display

    decorate: Callable[[_Column], _Column] = display(label=colours, description=description, ordering=ordering)
    return decorate
