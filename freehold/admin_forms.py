"""Form fields for the admin site that can show again whatever was typed; put the mixin before any admin class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.fields import InvalidJSONInput
from django.http import HttpRequest

if TYPE_CHECKING:
    from django.contrib.admin.options import BaseModelAdmin

    Base = BaseModelAdmin[Any]
else:
    Base = object


class JSONFieldAsTyped(forms.JSONField):
    """Shows a refused document as it was typed.

    Django's own shows it parsed and written anew, which fails where it holds a lone surrogate.
    """

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Give the text that was typed."""
        return data if self.disabled or data is None else InvalidJSONInput(data)


class CarefulAutocomplete(AutocompleteSelect):
    """Shows nothing as chosen where what was sent is no key at all. Django's own looks it up, and fails."""

    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> Any:
        """Give the chosen rows as options."""
        return super().optgroups(name, [key for key in value if self.is_key(key)], attr)

    def is_key(self, value: str) -> bool:
        """Tell whether the related rows could have this key."""
        try:
            self.field.target_field.to_python(value)
        except ValidationError:
            return False
        return True


class CarefulFormsAdmin(Base):
    """Uses the fields above, and reads an address without a scheme as https, as Django 6 does of its own accord."""

    def formfield_for_dbfield(
        self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        """Give the form field for a column."""
        if isinstance(db_field, models.URLField):
            kwargs["assume_scheme"] = "https"
        if isinstance(db_field, models.JSONField):
            kwargs["form_class"] = JSONFieldAsTyped
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Give the form field for a foreign key."""
        if "widget" not in kwargs and db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = CarefulAutocomplete(db_field, self.admin_site, using=kwargs.get("using"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
