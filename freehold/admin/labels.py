"""Names for the controls of inline rows, whose labels stand at the head of the table; put before any inline class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django.contrib.admin.options import InlineModelAdmin
    from django.forms.models import BaseInlineFormSet

    Base = InlineModelAdmin[Any, Any]
    FormSet = BaseInlineFormSet[Any, Any, Any]
else:
    Base = FormSet = object


class _LabelledRows(FormSet):
    """Rows in which each control is called by its column and its row: a table's head is no label to a screen reader."""

    def add_fields(self, form: Any, index: int | None) -> None:
        """Add the fields that every row has, and name all of them. The row without an index is copied for new rows."""
        super().add_fields(form, index)
        row = _("new row") if index is None else _("row %(number)d") % {"number": index + 1}
        for name, field in form.fields.items():
            _name_widget(field.widget, f"{capfirst(str(field.label or name))}, {row}")


class LabelledRowsInline(Base):
    """An inline whose rows are labelled."""

    def get_formset(self, request: Any, obj: Any = None, **kwargs: Any) -> Any:
        """Give the class of the rows."""
        formset = super().get_formset(request, obj, **kwargs)
        return type(formset.__name__, (_LabelledRows, formset), {})


def _name_widget(widget: forms.Widget | None, name: str) -> None:
    """Give a widget a name, and the one inside of it: what links to other rows is wrapped around the control."""
    while widget is not None and not widget.is_hidden:
        widget.attrs["aria-label"] = name
        widget = getattr(widget, "widget", None)
