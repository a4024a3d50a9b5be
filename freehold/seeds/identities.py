"""Ids of seeded rows: made from the seed's name and the row's key, so that they are a range of the primary key; and
rows found by their natural key, whoever made them.

A UUID has 48 bits of the seed and 74 of the row around version 8 (RFC 9562, section 5.8), so ids that people's rows
have, versions 4 and 7, can't fall into the range. A bigint is negative, where no sequence goes, with 24 bits of the
seed and 39 of the row.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any, TypeVar

from django.db import models
from django.db.models.functions import Lower

from freehold.errors import SeedError

_T = TypeVar("_T")
_BATCH = 1000  # SQLite takes 32,766 parameters a statement, PostgreSQL 65,535
SEPARATOR = "\x1f"  # ASCII's unit separator: no name holds it
INTEGER_BITS = 39

RawId = bytes | int  # a UUID's 16 bytes, or the integer
Key = tuple[Any, ...]


@dataclass(frozen=True)
class _UUIDRange:
    """The UUIDs of one seed. `low` and `high` both belong to it."""

    prefix: bytes

    @cached_property
    def low(self) -> uuid.UUID:
        return uuid.UUID(bytes=self.prefix + b"\x80\x00\x80" + bytes(7))

    @cached_property
    def high(self) -> uuid.UUID:
        return uuid.UUID(bytes=self.prefix + b"\x8f\xff\xbf" + b"\xff" * 7)

    def make_ids(self, keys: Iterable[str]) -> list[RawId]:
        """Give each key's UUID, as its 16 bytes: making 34,000 UUID objects takes longer than all the rest."""
        prefix, sha256 = self.prefix, hashlib.sha256
        digests = (sha256(key.encode()).digest() for key in keys)
        return [prefix + bytes((0x80 | d[0] & 0x0F, d[1], 0x80 | d[2] & 0x3F)) + d[3:10] for d in digests]


@dataclass(frozen=True)
class _IntegerRange:
    """The bigints of one seed. `low` and `high` both belong to it."""

    prefix: bytes

    @cached_property
    def low(self) -> int:
        return -(1 << 63) + (int.from_bytes(self.prefix[:3]) << INTEGER_BITS)

    @cached_property
    def high(self) -> int:
        return self.low + (1 << INTEGER_BITS) - 1

    def make_ids(self, keys: Iterable[str]) -> list[RawId]:
        digests = (hashlib.sha256(key.encode()).digest() for key in keys)
        return [self.low + (int.from_bytes(digest[:8]) >> (64 - INTEGER_BITS)) for digest in digests]


IdRange = _UUIDRange | _IntegerRange


def make_prefix(seed: str) -> bytes:
    """Give the six bytes that stand for the seed of that full name, such as `master.0002_locations`."""
    return hashlib.sha256(seed.encode()).digest()[:6]


def find_range(seed: str, model: type[models.Model]) -> IdRange | None:
    """Give the ids that the seed's rows have in the model's table; None where its primary key can't tell them."""
    key = model._meta.pk
    if isinstance(key, models.UUIDField):
        return _UUIDRange(make_prefix(seed))
    if isinstance(key, models.BigAutoField | models.BigIntegerField):
        return _IntegerRange(make_prefix(seed))
    return None


def get_range(seed: str, model: type[models.Model]) -> IdRange:
    """Give the same, or raise SeedError where there is none."""
    found = find_range(seed, model)
    if found is None:
        raise SeedError(
            f"seed {seed}: {model._meta.label} has a primary key of type {type(model._meta.pk).__name__}, "
            "which leaves no room for a seed's ids: use UUIDField or BigAutoField"
        )
    return found


def list_parts(values: Iterable[object]) -> tuple[object, ...]:
    """Give a key's parts. Keys within keys lie flat: `("acme", "web")` and `(("acme", "web"),)` are the same."""
    return tuple(part for value in values for part in (list_parts(value) if isinstance(value, tuple) else (value,)))


def flatten(values: tuple[object, ...]) -> str:
    if len(values) == 1 and isinstance(values[0], str):
        return values[0]
    return SEPARATOR.join(map(str, list_parts(values)))


def make_row_ids(id_range: IdRange, model: type[models.Model], keys: Iterable[str]) -> list[RawId]:
    label = model._meta.label_lower
    return id_range.make_ids(f"{label}{SEPARATOR}{key}" for key in keys)


def to_raw(value: Any) -> RawId:
    raw: RawId = value.bytes if isinstance(value, uuid.UUID) else value
    return raw


def to_python(value: Any) -> Any:
    """Give an id as Django's fields take it; any other value as it is."""
    return uuid.UUID(bytes=value) if isinstance(value, bytes) else value


# --- Keys -------------------------------------------------------------------------------------------------------------
def iter_batches(values: Iterable[_T], size: int = _BATCH) -> Iterator[list[_T]]:
    """Yield the values in lists of `size`, the last one shorter; none where there are no values."""
    iterator = iter(values)
    while batch := list(islice(iterator, size)):
        yield batch


def find_by_key(
    queryset: models.QuerySet[Any], lookups: tuple[str, ...], keys: Iterable[Key], *, ignore_case: bool
) -> dict[Key, RawId]:
    """Map each of the keys that some row of the queryset has, in its normal form, to that row's id.

    `lookups` name the key's parts as `QuerySet.filter` does. Where several rows have a key, the first by id counts.
    """
    wanted = {normalise(key, ignore_case=ignore_case) for key in keys}
    found: dict[Key, RawId] = {}
    for batch in iter_batches({key[0] for key in wanted}):
        chosen = _narrow(queryset, lookups[0], batch, ignore_case=ignore_case).order_by("pk")
        for *values, pk in chosen.values_list(*lookups, "pk"):
            key = normalise(tuple(values), ignore_case=ignore_case)
            if key in wanted:
                found.setdefault(key, to_raw(pk))
    return found


def _narrow(
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
    if isinstance(part, uuid.UUID):
        return part.bytes
    return part.lower() if ignore_case and isinstance(part, str) else part
