"""JSON documents in a column: what the database may check of them, and what forms check before it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.lookups import Exact
from django.db.models.sql.compiler import SQLCompiler
from django.utils.translation import gettext_lazy as _


class JSONType(models.Func):
    """The type of a JSON document's outermost value: `object`, `array`, …; the same two words on both dialects."""

    function = "JSONB_TYPEOF"
    arity = 1
    output_field = models.CharField()

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any) -> tuple[str, Any]:
        return self.as_sql(compiler, connection, function="JSON_TYPE", **extra)


def is_object(field: str) -> models.Q:
    """Give the condition of a CHECK that `field` holds a JSON object."""
    return models.Q(Exact(JSONType(field), models.Value("object")))


def is_array(field: str) -> models.Q:
    """Give the condition of a CHECK that `field` holds a JSON array."""
    return models.Q(Exact(JSONType(field), models.Value("array")))


# The errors below have codes of their own: a field puts its own message where it knows the code, such as "invalid".


def validate_object(value: Any) -> None:
    """Raise ValidationError unless `value` is a JSON object that PostgreSQL can store."""
    if not isinstance(value, dict):
        raise ValidationError(_('Enter a JSON object, such as {"key": "value"}.'), code="json_type")
    _validate_storable(value)


def validate_text_array(value: Any) -> None:
    """Raise ValidationError unless `value` is a JSON array of strings that PostgreSQL can store."""
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise ValidationError(_('Enter a JSON array of strings, such as ["read"].'), code="json_type")
    _validate_storable(value)


def _validate_storable(value: Any) -> None:
    """Raise ValidationError where `value` holds what Python's parser takes and PostgreSQL's jsonb refuses.

    These are NaN and the infinities, U+0000 and lone surrogates (PostgreSQL manual, "JSON Types").
    """
    for leaf in _iter_leaves(value):
        if isinstance(leaf, float) and not math.isfinite(leaf):
            raise ValidationError(_("JSON has no number %(value)s."), code="json_value", params={"value": leaf})
        if isinstance(leaf, str) and any(char == "\0" or "\ud800" <= char <= "\udfff" for char in leaf):
            raise ValidationError(_("Text holds a character that can't be stored."), code="json_value")


def _iter_leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for key, entry in value.items():
            yield key
            yield from _iter_leaves(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from _iter_leaves(entry)
    else:
        yield value
