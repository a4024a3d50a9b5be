"""Addresses of pictures: anywhere on the web, or a path on this site such as /static/items/pictures/home.svg."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import URLValidator
from django.db import models

PATH = re.compile(r"/(?!/)[A-Za-z0-9._~/-]*")
validate_url = URLValidator(schemes=("http", "https"))


def validate_address(value: str) -> None:
    """Raise ValidationError unless `value` is a path on this site, or an address with http or https."""
    if not PATH.fullmatch(value):
        validate_url(value)


if TYPE_CHECKING:
    BaseField = models.URLField[str, str]
else:
    BaseField = models.URLField


class AddressFormField(forms.URLField):
    """Takes both; a browser's own check of `<input type="url">` would refuse a path."""

    default_validators = [validate_address]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"assume_scheme": "https", **kwargs})
        self.widget.input_type = "text"
        self.widget.attrs.setdefault("inputmode", "url")

    def to_python(self, value: Any) -> Any:
        """Leave a path as it is; give anything else its scheme, where that is missing."""
        return value if isinstance(value, str) and PATH.fullmatch(value) else super().to_python(value)


class AddressField(BaseField):
    """A URLField that takes a path too. Migrations see a URLField, which is what the database has."""

    default_validators = [validate_address]

    def deconstruct(self) -> Any:
        """Describe a URLField."""
        name, _, arguments, keywords = super().deconstruct()
        return name, "django.db.models.URLField", arguments, keywords

    def formfield(self, **kwargs: Any) -> Any:
        """Give the form field that goes with it."""
        return super().formfield(**{"form_class": AddressFormField, **kwargs})
