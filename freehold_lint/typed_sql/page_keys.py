"""What a page may be sorted by: values that fit into a cursor, however long they are."""

from __future__ import annotations

from typing import Final

from freehold.queries.cursors import MOST_BYTES
from freehold_lint.typed_sql.catalogue import Catalogue
from freehold_lint.typed_sql.preparing import Result
from freehold_lint.typed_sql.types import name_type

# Bytes of a value as JSON, at most.
_WIDTHS: Final = {
    "bool": 5,
    "int2": 6,
    "int4": 11,
    "int8": 20,
    "oid": 10,
    "uuid": 38,
    "date": 12,
    "time": 17,
    "timestamp": 30,
    "timestamptz": 36,
    "name": 380,
}
_CHARACTER: Final = 6  # bytes: a control character is \u0001
_HEADER: Final = 4  # that PostgreSQL adds to a length in a type's modifier
_LABEL: Final = 63  # bytes of an enum's


def find_fault(catalogue: Catalogue, results: list[Result]) -> str:
    """Give what keeps a cursor from holding a row's values in these columns; empty where nothing does."""
    total = 0
    for each in results:
        width = _find_width(catalogue, each)
        if not width:
            return (
                f"{each.name}, of type {name_type(catalogue, each.type)}, whose values no cursor can hold: use another "
                "column, or one with a length or precision: varchar(200), numeric(12,2)"
            )
        total += width
    if total > MOST_BYTES:
        return (
            f"values of up to {total:,} bytes, and a cursor holds {MOST_BYTES:,} (a character counts {_CHARACTER}): "
            "use shorter columns"
        )
    return ""


def _find_width(catalogue: Catalogue, result: Result) -> int:
    """Give the bytes of the longest value; 0 where there is no longest, or a value that is no JSON, such as NaN."""
    base = catalogue.get_base(result.type)
    if base in catalogue.enums:
        return _LABEL * _CHARACTER + 2
    name, length = catalogue.types[base][0], result.modifier - _HEADER
    if name in ("varchar", "bpchar") and length > 0:
        return length * _CHARACTER + 2
    if name == "numeric" and length >= 0:
        precision, scale = length >> 16, length & 0x7FF
        return precision + scale + 8  # sign, point, zeros before the first digit or an exponent, quotes
    return _WIDTHS.get(name, 0)
