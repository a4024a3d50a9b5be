"""Parameters on their way to PostgreSQL: each of its declared type, in binary where that is short to write."""

from __future__ import annotations

import datetime
import struct
from collections.abc import Callable
from decimal import Decimal
from functools import cache, partial
from typing import Any, Final, NamedTuple
from uuid import UUID

import psycopg
from psycopg import postgres
from psycopg.adapt import PyFormat, Transformer

from freehold.queries.arrays import EPOCH, FIRST, LAST, encode_binary_list, encode_text_list
from freehold.queries.documents import encode_json
from freehold.queries.types import get_kind, get_name, is_array

TEXT, BINARY = 0, 1
UNFIT: Final = (TypeError, ValueError, AttributeError, OverflowError, psycopg.Error)
_WIDTHS: Final = {"int2": 2, "int4": 4, "int8": 8}
_pack_double = struct.Struct("!d").pack


class Encoder(NamedTuple):
    """How values of a type go out: the type's OID, the format, and what makes bytes of a value that is not None. The
    last raises one of UNFIT where it is none of the type's."""

    oid: int
    format: int
    encode: Callable[[Any], bytes]


@cache
def get_encoder(kind: str, *, is_list: bool = False) -> Encoder:
    """Give the encoder of a type, or of lists of it."""
    single = _get_single(kind)
    if not is_list and not is_array(kind):
        return single
    info = postgres.types.get(get_name(kind))
    write = encode_binary_list if single.format == BINARY else encode_text_list
    encode = partial(write, get_name(kind), single.oid, single.encode)
    return Encoder(info.array_oid if info else 0, single.format, encode)


def _get_single(kind: str) -> Encoder:
    name = get_name(kind)
    info = postgres.types.get(name)
    oid = info.oid if info else 0
    if name in _WIDTHS:
        return Encoder(oid, BINARY, _make_integer(_WIDTHS[name]))
    return Encoder(oid, *_ENCODINGS.get(get_kind(kind), (TEXT, _encode_other)))


# --- One value -------------------------------------------------------------------------------------------------------
def _make_integer(width: int) -> Callable[[Any], bytes]:
    def encode(value: Any) -> bytes:
        if value.__class__ is bool:
            raise TypeError
        return int.to_bytes(value, width, "big", signed=True)  # an enumeration's number too

    return encode


def _encode_text(value: Any) -> bytes:
    found = str.encode(value)
    if b"\0" in found:
        raise ValueError("NUL")
    return found


def _encode_float(value: Any) -> bytes:
    return _pack_double(_expect(value, (float, int)))


def _encode_numeric(value: Any) -> bytes:
    return str(_expect(value, (Decimal, int))).encode()


def _encode_boolean(value: Any) -> bytes:
    return b"\1" if _expect(value, bool) else b"\0"


def _encode_uuid(value: Any) -> bytes:
    found: bytes = _expect(value, UUID).bytes
    return found


def _encode_moment(value: Any) -> bytes:
    if value.tzinfo is None:
        raise ValueError("naive")
    since = value - EPOCH
    found = (since.days * 86400 + since.seconds) * 1_000_000 + since.microseconds
    if not FIRST <= found <= LAST:
        raise OverflowError
    return int.to_bytes(found, 8, "big", signed=True)


def _encode_bytes(value: Any) -> bytes:
    return bytes(_expect(value, (bytes, bytearray, memoryview)))


def _encode_jsonb(value: Any) -> bytes:
    return b"\1" + encode_json(value)


def _encode_iso(kind: type) -> Callable[[Any], bytes]:
    def encode(value: Any) -> bytes:
        if getattr(_expect(value, kind), "tzinfo", None) is not None:
            raise ValueError("aware")
        found: str = value.isoformat()
        return found.encode()

    return encode


def _encode_interval(value: Any) -> bytes:
    return _encode_other(_expect(value, datetime.timedelta))


def _encode_other(value: Any) -> bytes:
    """Write a value of a type that is not known here, such as a range, as the driver does."""
    found = Transformer().get_dumper(value, PyFormat.TEXT).dump(value)
    if found is None or 0 in bytes(found):
        raise ValueError("NUL")
    return bytes(found)


def _expect(value: Any, kind: Any) -> Any:
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise TypeError
    if kind is datetime.date and isinstance(value, datetime.datetime):
        raise TypeError
    return value


_ENCODINGS: Final[dict[str, tuple[int, Callable[[Any], bytes]]]] = {
    "text": (BINARY, _encode_text),
    "float": (TEXT, lambda value: repr(float(_expect(value, (float, int)))).encode()),
    "integer": (TEXT, lambda value: str(_expect(value, int)).encode()),
    "numeric": (TEXT, _encode_numeric),
    "boolean": (BINARY, _encode_boolean),
    "uuid": (BINARY, _encode_uuid),
    "timestamptz": (BINARY, _encode_moment),
    "timestamp": (TEXT, _encode_iso(datetime.datetime)),
    "date": (TEXT, _encode_iso(datetime.date)),
    "interval": (TEXT, _encode_interval),
    "time": (TEXT, _encode_iso(datetime.time)),
    "bytea": (BINARY, _encode_bytes),
    "jsonb": (BINARY, _encode_jsonb),
    "json": (TEXT, encode_json),
}
