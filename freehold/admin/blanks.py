"""Pages of new rows that leave blank what only the database will know; put the mixins before any admin class.

Django shows a column that nobody writes as the model fills it: an expression that is the database's to evaluate, or a
key and a time that the saved row will not have.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import models
from django.http import HttpRequest

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin, TabularInline

    Base = ModelAdmin[Any]
    InlineBase = TabularInline[Any, Any]
else:
    Base = InlineBase = object


def blank(row: models.Model, shown: Iterable[str]) -> None:
    """Empty the columns among `shown` that are filled when a new row is saved. The row itself must not be saved."""
    if not row._state.adding:
        return
    for field in row._meta.concrete_fields:
        if field.name in shown and (field.has_db_default() or callable(field.default)):
            setattr(row, field.attname, None)


class BlankedAdmin(Base):
    """Leaves them blank on the page, where they are read, not written, and in its inline rows."""

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """Give the page. Nothing is saved any more."""
        shown = context["adminform"]
        blank(shown.form.instance, shown.readonly_fields)
        for inline in context["inline_admin_formsets"]:
            for form in inline.formset.forms:
                blank(form.instance, inline.readonly_fields)
        return super().render_change_form(request, context, *args, **kwargs)


class BlankedInline(InlineBase):
    """Leaves them blank in the empty row that a script copies."""

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Give the class of the inline's rows."""
        formset = super().get_formset(request, obj, **kwargs)
        shown = tuple(str(name) for name in self.get_readonly_fields(request, obj))

        class BlankedFormSet(formset):  # type: ignore[misc, valid-type]  # made for this request
            @property
            def empty_form(self) -> Any:
                form = super().empty_form
                blank(form.instance, shown)
                return form

        return BlankedFormSet
