"""Ids of seeded rows: made from the seed's name and the row's key, so that they are a range of the primary key.

A UUID has 48 bits of the seed and 74 of the row around version 8 (RFC 9562, section 5.8), so ids that people's rows
have, versions 4 and 7, can't fall into the range. A bigint is negative, where no sequence goes, with 24 bits of the
seed and 39 of the row.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import models

from freehold.errors import SeedError

SEPARATOR = "\x1f"  # ASCII's unit separator: no name holds it
INTEGER_BITS = 39

RawId = bytes | int  # a UUID's 16 bytes, or the integer


@dataclass(frozen=True)
class _UUIDRange:
    """The UUIDs of one seed. `low` and `high` both belong to it."""

    prefix: bytes

    @cached_property
    def low(self) -> uuid.UUID:
        """The smallest."""
        return uuid.UUID(bytes=self.prefix + b"\x80\x00\x80" + bytes(7))

    @cached_property
    def high(self) -> uuid.UUID:
        """The largest."""
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
        """The smallest."""
        return -(1 << 63) + (int.from_bytes(self.prefix[:3]) << INTEGER_BITS)

    @cached_property
    def high(self) -> int:
        """The largest."""
        return self.low + (1 << INTEGER_BITS) - 1

    def make_ids(self, keys: Iterable[str]) -> list[RawId]:
        """Give each key's integer."""
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
    """Give a key as one text."""
    if len(values) == 1 and isinstance(values[0], str):
        return values[0]
    return SEPARATOR.join(map(str, list_parts(values)))


def make_row_ids(id_range: IdRange, model: type[models.Model], keys: Iterable[str]) -> list[RawId]:
    """Give the id of each row of the model, by its flat key."""
    label = model._meta.label_lower
    return id_range.make_ids(f"{label}{SEPARATOR}{key}" for key in keys)


def to_raw(value: Any) -> RawId:
    """Give an id as the engine holds it."""
    raw: RawId = value.bytes if isinstance(value, uuid.UUID) else value
    return raw


def to_python(value: Any) -> Any:
    """Give an id as Django's fields take it; any other value as it is."""
    return uuid.UUID(bytes=value) if isinstance(value, bytes) else value
