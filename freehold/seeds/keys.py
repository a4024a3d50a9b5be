"""Finds rows by their natural key, whoever made them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models.functions import Lower

from freehold.seeds.batches import iter_batches
from freehold.seeds.identities import RawId, to_python, to_raw

Key = tuple[Any, ...]


def find_by_key(
    queryset: models.QuerySet[Any], lookups: tuple[str, ...], keys: Iterable[Key], *, ignore_case: bool
) -> dict[Key, RawId]:
    """Map each of the keys that some row of the queryset has, in its normal form, to that row's id.

    `lookups` name the key's parts as `QuerySet.filter` does. Where several rows have a key, the first by id counts.
    """
    wanted = {normalise(key, ignore_case=ignore_case) for key in keys}
    found: dict[Key, RawId] = {}
    for batch in iter_batches({key[0] for key in wanted}):
        chosen = narrow(queryset, lookups[0], batch, ignore_case=ignore_case).order_by("pk")
        for *values, pk in chosen.values_list(*lookups, "pk"):
            key = normalise(tuple(values), ignore_case=ignore_case)
            if key in wanted:
                found.setdefault(key, to_raw(pk))
    return found


def narrow(
    queryset: models.QuerySet[Any], lookup: str, values: list[Any], *, ignore_case: bool
) -> models.QuerySet[Any]:
    """Give the rows whose first part of the key is among the normal values: a superset that an index can answer."""
    if ignore_case and isinstance(values[0], str):
        queryset, lookup = queryset.alias(lowered_key=Lower(lookup)), "lowered_key"
    return queryset.filter(**{f"{lookup}__in": [to_python(value) for value in values]})


def normalise(key: Key, *, ignore_case: bool) -> Key:
    """Give the key in the form in which two are compared: ids as bytes, and texts in lower case if that is asked."""
    return tuple(_normalise_part(part, ignore_case=ignore_case) for part in key)


def _normalise_part(part: Any, *, ignore_case: bool) -> Any:
    """Give one part of a key in its normal form."""
    if isinstance(part, uuid.UUID):
        return part.bytes
    return part.lower() if ignore_case and isinstance(part, str) else part
