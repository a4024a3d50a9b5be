"""Lists on their way to PostgreSQL, as arrays of its binary form (array_recv, src/backend/utils/adt/arrayfuncs.c).

Where all values are of the one class that a type is usually given as, they are written by calls of C over all of them:
that is what a load of many rows costs its client. Anything else goes one by one, and is checked as a single value is.
"""

from __future__ import annotations

import datetime
import operator
import struct
from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import chain, repeat
from typing import Any, Final
from uuid import UUID

EPOCH: Final = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
MICROSECOND: Final = datetime.timedelta(microseconds=1)
FIRST: Final = (datetime.datetime.min.replace(tzinfo=datetime.UTC) - EPOCH) // MICROSECOND
LAST: Final = (datetime.datetime.max.replace(tzinfo=datetime.UTC) - EPOCH) // MICROSECOND
_NULL: Final = b"\xff\xff\xff\xff"
_SHORT: Final = 1024
_pack_length = struct.Struct("!i").pack
_pack_header = struct.Struct("!iiIii").pack
_LENGTHS: Final = [_pack_length(length) for length in range(_SHORT)]
_BOOLEANS: Final = {True: b"\0\0\0\1\1", False: b"\0\0\0\1\0"}
Encode = Callable[[Any], bytes]


def encode_binary_list(name: str, oid: int, encode: Encode, values: Any) -> bytes:
    """Give an array of the type `name`, each value by `encode`. Raises what that raises."""
    if not isinstance(values, (list, tuple)):
        raise TypeError
    if not values:
        return struct.pack("!iiI", 0, 0, oid)
    head = _pack_header(1, int(None in values), oid, len(values), 1)
    at_once = _AT_ONCE.get(name)
    if at_once and set(map(type, values)) == {at_once[0]}:
        return head + at_once[1](values)
    return head + b"".join(_NULL if value is None else _prefix(encode(value)) for value in values)


def encode_text_list(name: str, oid: int, encode: Encode, values: Any) -> bytes:
    """Give an array as text, each value by `encode`. Raises what that raises."""
    if not isinstance(values, (list, tuple)):
        raise TypeError
    if name == "numeric" and set(map(type, values)) == {Decimal}:
        return ("{" + ",".join(map(str, values)) + "}").encode()
    return b"{" + b",".join(b"NULL" if value is None else _quote(encode(value)) for value in values) + b"}"


def _prefix(value: bytes) -> bytes:
    return _pack_length(len(value)) + value


def _quote(value: bytes) -> bytes:
    return b'"' + value.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


# --- Many values of one class -------------------------------------------------------------------------------------
def _write_integers(width: int, letter: str) -> Callable[[Sequence[int]], bytes]:
    def write(values: Sequence[int]) -> bytes:
        try:
            return struct.pack("!" + f"i{letter}" * len(values), *chain.from_iterable(zip(repeat(width), values)))
        except struct.error:
            raise OverflowError from None

    return write


def _write_texts(values: Sequence[str]) -> bytes:
    found = list(map(str.encode, values))
    lengths = list(map(len, found))
    if max(lengths) >= _SHORT:
        whole = b"".join(map(_prefix, found))
    else:
        whole = b"".join(chain.from_iterable(zip(map(_LENGTHS.__getitem__, lengths), found, strict=True)))
    if any(map(operator.contains, found, repeat(0))):
        raise ValueError("NUL")
    return whole


def _write_uuids(values: Sequence[UUID]) -> bytes:
    numbers = map(operator.attrgetter("int"), values)
    found = [number.to_bytes(16, "big") for number in numbers]
    return b"".join(chain.from_iterable(zip(repeat(_LENGTHS[16]), found)))


def _write_moments(values: Sequence[datetime.datetime]) -> bytes:
    found = list(map(operator.floordiv, map(operator.sub, values, repeat(EPOCH)), repeat(MICROSECOND)))
    if min(found) < FIRST or max(found) > LAST:
        raise OverflowError
    return _write_longs(found)


def _write_booleans(values: Sequence[bool]) -> bytes:
    return b"".join(map(_BOOLEANS.__getitem__, values))


_write_longs = _write_integers(8, "q")
_AT_ONCE: Final[dict[str, tuple[type, Callable[[Any], bytes]]]] = {
    "int2": (int, _write_integers(2, "h")),
    "int4": (int, _write_integers(4, "i")),
    "int8": (int, _write_longs),
    "bool": (bool, _write_booleans),
    "text": (str, _write_texts),
    "varchar": (str, _write_texts),
    "uuid": (UUID, _write_uuids),
    "timestamptz": (datetime.datetime, _write_moments),
}
