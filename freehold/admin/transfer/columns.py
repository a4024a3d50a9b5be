"""The columns of a file: how a row's value is written, and how a cell is read.

A row that another refers to is named by what people call it: a user's e-mail address, a category's path.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.admin import AdminSite
from django.core.exceptions import FieldDoesNotExist, ImproperlyConfigured, ValidationError
from django.db import models
from django.utils.translation import gettext as _

from freehold.admin.addresses import is_key
from freehold.admin.transfer.cells import show, validate_storable_text

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

_SECRET = re.compile(
    r"passw|passphrase|secret|token|hash|credential|session_(key|data)|private|(^|_)(otp|pin|salt)($|_)"
)
_JOINT = "/"  # between the parts of a name: acme/website
_CHUNK = 400  # values a query; SQLite takes 999 parameters where it is old
TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}


@dataclass(frozen=True)
class Column:
    """A column of the file: what reads its value off a row, and the model's field where it is one."""

    name: str
    read: Callable[[Any], Any] = field(repr=False)
    source: Any = None
    identity: tuple[str, ...] = ()  # of the row referred to

    def show(self, row: models.Model) -> str:
        """Give the value as the text of a cell."""
        return show(self.read(row))

    @property
    def is_reference(self) -> bool:
        """Whether the cell names a row of another table."""
        return bool(self.identity)

    @cached_property
    def form_field(self) -> forms.Field:
        """What reads a cell, as the form of an admin page would."""
        more: dict[str, Any] = {"assume_scheme": "https"} if isinstance(self.source, models.URLField) else {}
        found: forms.Field = self.source.formfield(**more)
        if type(found) is forms.CharField:
            found.strip = False  # what was exported comes back as it was
        return found

    def parse(self, text: str) -> Any:
        """Give the value that a cell says.

        Raises:
            ValidationError: it says none.
        """
        validate_storable_text(text)
        if isinstance(self.source, models.BooleanField):
            return _parse_flag(text)
        return self.form_field.clean(text)


def _parse_flag(text: str) -> bool:
    """Give what the text says. Django's form field would take anything but a few words for yes."""
    word = text.strip().lower()
    if word not in TRUE | FALSE:
        raise ValidationError(_("Enter 1 or 0."))
    return word in TRUE


def make_column(page: ModelAdmin[Any], name: str) -> Column:
    """Give the column of that name: a field of the model, or what a method of the admin class computes.

    Raises:
        ImproperlyConfigured: it is secret.
    """
    if name in getattr(page, "secret_fields", ()) or _SECRET.search(name):
        raise ImproperlyConfigured(
            f"{type(page).__name__} would export {name}, which is secret: take it out of its lists"
        )
    try:
        model_field: Any = page.model._meta.get_field(name)
    except FieldDoesNotExist:
        return Column(name, getattr(page, name))
    if model_field.is_relation:
        identity = _list_identity(page.admin_site, model_field.related_model)
        return Column(name, lambda row: _show_name(getattr(row, name, None), identity), model_field, identity)
    return Column(name, _find_reader(model_field), model_field)


def _find_reader(model_field: models.Field[Any, Any]) -> Callable[[models.Model], Any]:
    """Give the function that reads the field off a row: numbers, flags and documents as such, all else as text."""
    name = model_field.attname
    if isinstance(model_field, models.IntegerField) and model_field.choices:
        return lambda row: str(getattr(row, f"get_{name}_display")())
    if isinstance(model_field, _NATIVE):
        return lambda row: getattr(row, name)
    if isinstance(model_field, models.DurationField):
        return lambda row: getattr(row, name).total_seconds()
    return lambda row: show(getattr(row, name))


_NATIVE = (models.IntegerField, models.DecimalField, models.FloatField, models.BooleanField, models.JSONField)


def _list_identity(site: AdminSite, model: Any) -> tuple[str, ...]:
    """Give the lookups that tell the model's rows apart: `identified_by` of its admin class, else the key."""
    page = site._registry.get(model)
    names = getattr(page, "identified_by", ()) or (model._meta.pk.name,)
    parts = ((name, model._meta.get_field(name).related_model) for name in names)
    return tuple(
        f"{name}__{part}" if related else part
        for name, related in parts
        for part in (_list_identity(site, related) if related else (name,))
    )


def _show_name(row: models.Model | None, identity: tuple[str, ...]) -> str:
    """Give what a row is called, its parts joined; an empty text for none."""
    return "" if row is None else _JOINT.join(show(_walk(row, path)) for path in identity)


def _walk(row: Any, path: str) -> Any:
    for name in path.split("__"):
        row = getattr(row, name)
    return row


def find_named(column: Column, names: Iterable[str]) -> dict[str, models.Model]:
    """Give the rows that these cells of the column name, by name; some may not be there."""
    model: Any = column.source.related_model
    parts = [name.split(_JOINT) if len(column.identity) > 1 else [name] for name in names]
    wanted = [part for part in parts if len(part) == len(column.identity) and all(map(is_plain, part))]
    if column.identity == (model._meta.pk.name,):
        wanted = [part for part in wanted if is_key(model, part[0])]
    found: dict[str, models.Model] = {}
    for chunk in iter_chunks(wanted):
        lookups = {f"{path}__in": {part[index] for part in chunk} for index, path in enumerate(column.identity)}
        rows = model._default_manager.filter(**lookups).select_related(*list_related(column.identity))
        found |= {_show_name(row, column.identity): row for row in rows.only("pk", *column.identity)}
    return found


def list_related(paths: Collection[str]) -> list[str]:
    """Give the relations that the lookups go through."""
    return sorted({path.rpartition("__")[0] for path in paths} - {""})


def iter_chunks(values: list[Any]) -> Iterable[list[Any]]:
    """Yield the values, a query's worth at a time."""
    return (values[start : start + _CHUNK] for start in range(0, len(values), _CHUNK))


def is_plain(text: str) -> bool:
    """Tell whether the database can be asked about the text at all."""
    try:
        validate_storable_text(text)
    except ValidationError:
        return False
    return bool(text)
