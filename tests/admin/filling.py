"""Fills the form of a page as a person would: keeps what stands there, types or chooses what is missing."""

from __future__ import annotations

from itertools import count
from typing import Any

from django import forms
from django.contrib.admin.helpers import InlineAdminFormSet
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils.datastructures import MultiValueDict

from tests.admin.pages import FormReader, Model, make_row

NUMBERS = count(1)
# What may be typed, tried in turn until the field and its column take it.
TYPED = (
    "walk-{n}",
    "walk{n}@example.org",
    "https://example.org/{n}",
    "{n}",
    "DE",
    "EUR",
    '["runs:read"]',
    '{{"a": {n}}}',
)
MOMENT = ["2031-05-04", "12:30:00"]


class Filler:
    """Answers the form of one page for a client, from the page alone."""

    def __init__(self, client: Client, page: Any, model: Model) -> None:
        self.client, self.page, self.model = client, page, model
        reader = FormReader(f"{model._meta.model_name}_form")
        reader.feed(page.content.decode())
        self.sent = reader.data
        self.offered = reader.offered
        self.completed: list[str] = []  # fields that were chosen from the list that a script loads

    @property
    def data(self) -> dict[str, Any]:
        """What is to be sent."""
        return {name: value for name, value in self.sent.items() if "__prefix__" not in name}

    def fill(self) -> Filler:
        self.fill_form(self.page.context["adminform"].form)
        return self

    def fill_form(self, form: Any) -> None:
        for name, field in form.fields.items():
            html_name = form.add_prefix(name)
            assert html_name in self.offered or f"{html_name}_0" in self.offered, f"{html_name} is not on the page"
            if field.required and not self.is_right(form, name, self.read(field, html_name)):
                self.write(html_name, self.invent(form, name, field))

    def add_inline_row(self, inline: InlineAdminFormSet) -> None:
        """Do what the script does behind "Add another": copy the empty row under the next number, and fill it."""
        formset = inline.formset
        number = int(self.sent[f"{formset.prefix}-TOTAL_FORMS"][0])
        for name in [name for name in self.offered if name.startswith(f"{formset.prefix}-__prefix__")]:
            renamed = name.replace("__prefix__", str(number))
            self.offered.add(renamed)
            if name in self.sent:
                self.sent[renamed] = self.sent[name]
        form = formset.empty_form
        form.prefix = f"{formset.prefix}-{number}"
        for skipped in (formset._pk_field.name, formset.fk.name, "DELETE"):
            form.fields.pop(skipped, None)
        self.fill_form(form)
        self.sent[f"{formset.prefix}-TOTAL_FORMS"] = [str(number + 1)]

    def read(self, field: forms.Field, html_name: str) -> Any:
        """What the field makes of what stands in the page, unclean."""
        sent: MultiValueDict[str, str] = MultiValueDict(self.sent)
        return field.widget.value_from_datadict(sent, MultiValueDict(), html_name)

    def write(self, html_name: str, value: Any) -> None:
        if isinstance(value, list):
            self.sent.update({f"{html_name}_{number}": [part] for number, part in enumerate(value)})
        else:
            self.sent[html_name] = [value]

    def invent(self, form: Any, name: str, field: forms.Field) -> Any:
        if isinstance(field, forms.ModelChoiceField):
            return self.choose(form, name, field)
        if isinstance(field, forms.ChoiceField):
            return next(str(key) for key, _ in field.choices if key)
        if isinstance(field, forms.SplitDateTimeField):
            return MOMENT
        typed = [each.format(n=next(NUMBERS)) for each in TYPED]
        return next(each for each in typed if self.is_right(form, name, each))

    def choose(self, form: Any, name: str, field: forms.ModelChoiceField[Any]) -> str:
        """Choose a row from what select2 would load."""
        fresh = make_row(field.queryset.model)
        meta = form.instance._meta
        answer = self.client.get(
            "/admin/autocomplete/",
            {"app_label": meta.app_label, "model_name": meta.model_name, "field_name": name, "term": ""},
        )
        assert answer.status_code == 200, f"{meta.label}.{name} can't be chosen: {answer.status_code}"
        assert str(fresh.pk) in [each["id"] for each in answer.json()["results"]]
        self.completed.append(name)
        return str(fresh.pk)

    def is_right(self, form: Any, name: str, value: Any) -> bool:
        """Whether the form's field and the model's take the value."""
        try:
            cleaned = form.fields[name].clean(value)
            if name in {each.name for each in form.instance._meta.fields}:
                form.instance._meta.get_field(name).run_validators(cleaned)
        except ValidationError:
            return False
        return True
