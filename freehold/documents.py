"""JSON documents in a column: what the database may check of them, and what forms check before it."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.lookups import Exact, LessThanOrEqual
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


class JSONLength(models.Func):
    """How many bytes a JSON document's text has, as the database gives it back."""

    template = "OCTET_LENGTH((%(expressions)s)::text)"
    arity = 1
    output_field = models.IntegerField()

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any) -> tuple[str, Any]:
        return self.as_sql(compiler, connection, template="LENGTH(CAST(%(expressions)s AS BLOB))", **extra)


def is_short(field: str, most: int) -> models.Q:
    """Give the condition of a CHECK that the text of the JSON in `field` has at most so many bytes.

    SQLite keeps what is not ASCII as escapes, of up to three times as many.
    """
    return models.Q(LessThanOrEqual(JSONLength(field), models.Value(most)))


def measure_json(value: Any) -> int:
    """Give how many bytes PostgreSQL makes of it, which writes numbers out: 1e308 has 309 digits there."""
    if isinstance(value, dict):
        parts = [measure_json(name) + 2 + measure_json(each) for name, each in value.items()]
    elif isinstance(value, list):
        parts = [measure_json(each) for each in value]
    elif isinstance(value, float) and math.isfinite(value):
        return len(format(Decimal(repr(value)), "f"))
    else:
        return len(json.dumps(value, ensure_ascii=False).encode(errors="surrogatepass"))
    return sum(parts) + 2 * max(len(parts), 1)


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
