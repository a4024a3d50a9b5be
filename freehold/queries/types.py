"""PostgreSQL's types by name: what kind of Python value each is, on both dialects."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

_KINDS: Final = {
    **dict.fromkeys(("int2", "int4", "int8", "smallint", "integer", "int", "bigint", "oid"), "integer"),
    **dict.fromkeys(("float4", "float8", "real", "double precision"), "float"),
    **dict.fromkeys(("numeric", "decimal"), "numeric"),
    **dict.fromkeys(("bool", "boolean"), "boolean"),
    **dict.fromkeys(("text", "varchar", "character varying", "bpchar", "character", "char", "name", "citext"), "text"),
    **dict.fromkeys(("timestamptz", "timestamp with time zone"), "timestamptz"),
    **dict.fromkeys(("timestamp", "timestamp without time zone"), "timestamp"),
    **dict.fromkeys(("time", "time without time zone"), "time"),
    **dict.fromkeys(("json", "jsonb", "uuid", "date", "bytea", "interval"), ""),
}
_MODIFIER: Final = re.compile(r"\s*\((?P<words>[^)]*)\)")
# The name that the driver's table of types knows, where it is another.
_SHORT: Final = {
    "smallint": "int2",
    "integer": "int4",
    "int": "int4",
    "bigint": "int8",
    "real": "float4",
    "double precision": "float8",
    "decimal": "numeric",
    "boolean": "bool",
    "character varying": "varchar",
    "character": "bpchar",
    "char": "bpchar",
    "timestamp with time zone": "timestamptz",
    "timestamp without time zone": "timestamp",
    "time without time zone": "time",
}


@cache
def get_name(kind: str) -> str:
    """Give the short name of a type without modifier and brackets: `numeric` of `numeric(12,2)[]`."""
    bare = _MODIFIER.sub("", kind.removesuffix("[]")).strip()
    bare = "citext" if bare.endswith(".citext") else bare.removeprefix("pg_catalog.")
    return _SHORT.get(bare, bare)


@cache
def get_kind(kind: str) -> str:
    """Give the kind of a type: `integer` of `int8`, the name itself where there is but one; empty for one that is not
    known here, such as a project's own, whose values are texts."""
    name = get_name(kind)
    return _KINDS.get(name, None) or (name if name in _KINDS else "")


def is_array(kind: str) -> bool:
    """Tell whether the type is one of lists."""
    return kind.endswith("[]")


@cache
def find_scale(kind: str) -> int | None:
    """Give the number of digits behind the point of a numeric type that says it."""
    match = _MODIFIER.search(kind)
    precision, comma, scale = (match["words"] if match else "").partition(",")
    return int(scale) if comma else (0 if precision else None)
