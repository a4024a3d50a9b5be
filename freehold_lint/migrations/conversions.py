"""What PostgreSQL does when a column gets another type: whether rows are rewritten, and whether each value fits.

Types are as Django and `format_type` write them: `varchar(20)`, `numeric(10, 2)`, `timestamp with time zone`.
"""

from __future__ import annotations

import re

_TYPE = re.compile(r"^\s*([^(]+?)\s*(?:\(\s*(\d+)\s*(?:,\s*(-?\d+)\s*)?\))?\s*(with(?:out)? time zone)?\s*(\[\])?\s*$")
_ALIASES = {
    "character varying": "varchar",
    "character": "char",
    "bpchar": "char",
    "int": "integer",
    "int2": "smallint",
    "int4": "integer",
    "int8": "bigint",
    "serial": "integer",
    "smallserial": "smallint",
    "bigserial": "bigint",
    "bool": "boolean",
    "decimal": "numeric",
    "float8": "double precision",
    "float4": "real",
    "timestamptz": "timestamp with time zone",
    "timestamp without time zone": "timestamp",
    "time without time zone": "time",
    "timetz": "time with time zone",
}
_INTEGERS = ("smallint", "integer", "bigint")
_UNKNOWN = ""  # the type before, where SQL alone is known

_Parsed = tuple[str, tuple[int, ...]]


def parse_type(text: str) -> _Parsed:
    """Give a type's usual name, and its length or precision; no number stands for no limit."""
    found = _TYPE.match(text.lower().removeprefix("pg_catalog."))
    if not found:
        return text.lower(), ()
    name = " ".join(filter(None, [found[1], found[4]]))
    numbers = tuple(int(each) for each in (found[2], found[3]) if each is not None)
    name = _ALIASES.get(name, name)
    return name + (found[5] or ""), _default_numbers(name, numbers)


def _default_numbers(name: str, numbers: tuple[int, ...]) -> tuple[int, ...]:
    """Give the numbers as PostgreSQL fills them in: `char` is `char(1)`, `numeric(5)` is `numeric(5, 0)`."""
    if name == "char" and not numbers:
        return (1,)
    return (*numbers, 0) if name == "numeric" and len(numbers) == 1 else numbers


def is_same(old: str, new: str) -> bool:
    """Tell whether both are one type."""
    return parse_type(old) == parse_type(new)


def _is_free(old: str, new: str) -> bool:
    """Tell whether the column gets the type without a look at its rows (manual, ALTER TABLE, "SET DATA TYPE")."""
    (before, had), (after, has) = parse_type(old), parse_type(new)
    if (before, had) == (after, has) or {before, after} == {"cidr", "inet"} == {before} | {"inet"}:
        return True
    if before in ("varchar", "text") and after in ("varchar", "text"):
        return not has or (before == after and bool(had) and has[0] >= had[0])
    if before == after == "numeric":
        return not has or (bool(had) and has[1] == had[1] and has[0] >= had[0])
    return before == after and before.startswith(("timestamp", "time", "interval")) and not has


def _is_widening(old: str, new: str) -> bool:
    before, after = parse_type(old)[0], parse_type(new)[0]
    if before in _INTEGERS and after in _INTEGERS:
        return _INTEGERS.index(after) >= _INTEGERS.index(before)
    return _is_free(old, new) or (before in ("varchar", "char") and after == "text") or _widens_numbers(old, new)


def _widens_numbers(old: str, new: str) -> bool:
    """Tell whether a whole number, or a decimal one of fewer digits, becomes a decimal one."""
    (before, had), (after, has) = parse_type(old), parse_type(new)
    if after != "numeric" or before not in (*_INTEGERS, "numeric"):
        return False
    if not has:
        return True
    return bool(had) and has[1] >= had[1] and has[0] - has[1] >= had[0] - had[1]


def is_narrowing(old: str, new: str) -> bool:
    """Tell whether a value may be there that does not fit. Where the old type is not known, one may."""
    return old == _UNKNOWN or not _is_widening(old, new)


def is_compatible(old: str, new: str) -> bool:
    """Tell whether a program that knows the old type goes on reading what is there; it may write less than fits."""
    return (
        old != _UNKNOWN and _is_widening(old, new) and not (parse_type(old)[0] in _INTEGERS and new.startswith("num"))
    )


def is_rewriting(old: str, new: str) -> bool:
    """Tell whether rows are read or written anew, under a lock that keeps everyone out."""
    return old == _UNKNOWN or not _is_free(old, new)
