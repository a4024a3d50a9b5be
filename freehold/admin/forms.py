"""Forms for the admin site that can show again whatever was typed; put the mixin before any admin class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import EMPTY_VALUES
from django.db import models
from django.db.models.expressions import BaseExpression
from django.forms.fields import InvalidJSONInput
from django.http import HttpRequest

if TYPE_CHECKING:
    from django.contrib.admin.options import BaseModelAdmin

    Base = BaseModelAdmin[Any]
    ModelForm = forms.ModelForm[Any]
else:
    Base = object
    ModelForm = forms.ModelForm


class CarefulForm(ModelForm):
    """Checks every constraint of the row, so that the model's own words come before the database's.

    Django leaves out those that name a column that is not on the form, as `parent <> id` does.
    """

    def validate_constraints(self) -> None:
        """Check the constraints of the columns whose values are known and right, on the form or not."""
        unknown = {name for name in self._get_validation_exclusions() if not self._knows(name)}  # type: ignore[attr-defined]  # not in the stubs
        try:
            self.instance.validate_constraints(exclude=unknown)
        except ValidationError as error:
            self._update_errors(self._place(error))  # type: ignore[attr-defined]  # not in the stubs

    def _knows(self, name: str) -> bool:
        """Tell whether a column that is not on the form has its value already.

        It has not where the database evaluates it, nor where it is empty in a new row: saving may fill it.
        """
        if name in self.fields:  # left out by Django for what was typed
            return False
        value = getattr(self.instance, self.instance._meta.get_field(name).attname, None)
        is_open = self.instance._state.adding and value in EMPTY_VALUES
        return not is_open and not isinstance(value, BaseExpression)

    def _place(self, error: ValidationError) -> ValidationError:
        """Give the error with what belongs to no field of the form at its top."""
        placed: dict[str, list[Any]] = {}
        for name, found in error.update_error_dict({}).items():
            placed.setdefault(name if name in self.fields else NON_FIELD_ERRORS, []).extend(found)
        return ValidationError(placed)


class _JSONFieldAsTyped(forms.JSONField):
    """Shows a refused document as it was typed.

    Django's own shows it parsed and written anew, which fails where it holds a lone surrogate.
    """

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Give the text that was typed."""
        return data if self.disabled or data is None else InvalidJSONInput(data)


class _CarefulAutocomplete(AutocompleteSelect):
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
    """Uses the classes above, and reads an address without a scheme as https, as Django 6 does of its own accord."""

    form = CarefulForm

    def formfield_for_dbfield(
        self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        if isinstance(db_field, models.URLField):
            kwargs["assume_scheme"] = "https"
        if isinstance(db_field, models.JSONField):
            kwargs["form_class"] = _JSONFieldAsTyped
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        if "widget" not in kwargs and db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = _CarefulAutocomplete(db_field, self.admin_site, using=kwargs.get("using"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
