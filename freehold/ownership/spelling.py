"""What may stand as a name in the map, names of tables taken apart, and function signatures in one spelling."""

from __future__ import annotations

import re
from collections.abc import Collection

_LONGEST = 63  # bytes; PostgreSQL cuts longer names off and two of them may become one
_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")
COLUMN = re.compile(r"[A-Za-z_][A-Za-z0-9_$]*")  # tables and columns of others may have capitals: they are quoted
SIGNATURE = re.compile(r"([a-z_][a-z0-9_]*)\(([^()]*)\)")
TYPE = re.compile(r"[a-z_][a-z0-9_. ]*(\[\])?")

# What people write and what the catalogue says (manual, "Data Types", column Aliases).
_ALIASES = {
    "bool": "boolean",
    "char": "character",
    "decimal": "numeric",
    "float": "double precision",
    "float4": "real",
    "float8": "double precision",
    "int": "integer",
    "int2": "smallint",
    "int4": "integer",
    "int8": "bigint",
    "time": "time without time zone",
    "timestamp": "timestamp without time zone",
    "timestamptz": "timestamp with time zone",
    "varchar": "character varying",
}


def describe_name_fault(name: object, pattern: re.Pattern[str] = _PLAIN) -> str | None:
    """Say what keeps `name` from being a name, or give None."""
    if not isinstance(name, str):
        return f"is a {type(name).__name__}, not a text"
    if not name.strip():
        return "is empty"
    if len(name.encode()) > _LONGEST:
        return f"is {len(name.encode())} bytes long, and PostgreSQL keeps {_LONGEST}: shorten it"
    if not pattern.fullmatch(name):
        return "is no plain name: use lower-case letters, digits and _, and begin with a letter"
    return None


def describe_schema_fault(name: object) -> str | None:
    if isinstance(name, str) and (name.startswith("pg_") or name == "information_schema"):
        return "belongs to PostgreSQL itself: choose another name"
    return describe_name_fault(name)


def describe_column_fault(name: object) -> str | None:
    return describe_name_fault(name, COLUMN)


def describe_role_fault(name: object) -> str | None:
    if isinstance(name, str) and (name.startswith("pg_") or name in {"public", "none"}):
        return "is reserved by PostgreSQL: choose another name"
    return describe_name_fault(name)


def describe_signature_fault(signature: object) -> str | None:
    match = SIGNATURE.fullmatch(signature) if isinstance(signature, str) else None
    types = [part.strip() for part in match[2].split(",")] if match and match[2].strip() else []
    if not match or not all(TYPE.fullmatch(part) for part in types):
        return "is no function with its argument types: write it as 'find_principal(text)'"
    return None


def split_name(name: str, schemas: Collection[str]) -> tuple[str, str]:
    """Give a name's schema and the rest; an empty schema and the whole name where it begins with no known schema.

    Collations (`en_US.utf8`), names with dots of their own and names already in quotes stay whole.
    """
    schema, dot, bare = name.partition(".")
    return (schema, bare) if dot and bare and schema in schemas else ("", name)


def normalize_signature(signature: str) -> str:
    """Give a function's signature as the catalogue spells it: `f(int,varchar)` becomes `f(integer, character varying)`.

    Raises:
        ValueError: it is no signature.
    """
    match = SIGNATURE.fullmatch(signature)
    if not match:
        raise ValueError(signature)
    return f"{match[1]}({', '.join(_normalize_type(part) for part in match[2].split(',') if part.strip())})"


def _normalize_type(name: str) -> str:
    """Give a type's name as the catalogue spells it, arrays included."""
    base, brackets, _ = " ".join(name.split()).partition("[]")
    return _ALIASES.get(base, base) + brackets
