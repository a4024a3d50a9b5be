"""Many rows at once: statements in one pipeline, and loads whose columns travel as arrays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from operator import attrgetter
from typing import Any, Final, TypeVar

from freehold.queries.joining import Dialect
from freehold.queries.types import is_array
from freehold.queries.values import UNSET, Parameter, Segment

BATCH: Final = 10_000  # rows of a load in one statement
PIPELINE: Final = 500  # statements of a batch in one round trip
_DEFAULT: Final = "VALUES (DEFAULT)"
T = TypeVar("T")
Given = tuple[str, ...]


def cut(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield the rows in lists of `size`, the last one shorter."""
    iterator = iter(rows)
    while found := list(islice(iterator, size)):
        yield found


def split(rows: Sequence[Any], parameters: Sequence[Parameter]) -> Iterator[tuple[Given, list[Any]]]:
    """Yield the rows in groups by the columns that they give, each in its order."""
    optional = [each.name for each in parameters if each.has_default]
    if not optional:
        yield tuple(each.name for each in parameters), list(rows)
        return
    groups: dict[frozenset[str], list[Any]] = {}
    for row in rows:
        absent = frozenset(name for name in optional if getattr(row, name) is UNSET)
        groups.setdefault(absent, []).append(row)
    for absent, some in groups.items():
        yield tuple(each.name for each in parameters if each.name not in absent), some


def list_columns(rows: Sequence[Any], names: Given) -> list[list[Any]]:
    """Give the values of each column."""
    return [list(map(attrgetter(name), rows)) for name in names]


def write_segments(
    segments: Sequence[Segment], parameters: Sequence[Parameter], names: Given, dialect: Dialect
) -> tuple[Segment, ...]:
    """Give the segments of a load of these columns: their names, and what gives the rows. Without any it is one row."""
    known = {each.name: each for each in parameters}
    columns, rows = ", ".join(f'"{name}"' for name in names), _write_rows([known[name] for name in names], dialect)
    if not names:  # a row of defaults alone; DEFAULT VALUES takes no upsert on SQLite
        columns, rows = ("_rowid_", "VALUES (NULL)") if dialect == "sqlite" else (f'"{parameters[0].name}"', _DEFAULT)
    texts = {"columns": columns, "rows": rows}
    return tuple(
        Segment(f"{each.text}{texts[each.role]}", line=each.line) if each.role in texts else each for each in segments
    )


def _write_rows(parameters: Sequence[Parameter], dialect: Dialect) -> str:
    if dialect == "sqlite":
        return f"VALUES ({', '.join(f'{{{each.name}}}' for each in parameters)})"
    # In step, row by row: FROM unnest(…, …) would first lay up all of each array, a fifth of what the server does.
    return "SELECT " + ", ".join(f"unnest({{{each.name}}}::{each.type}[])" for each in parameters)


def find_array(parameters: Sequence[Parameter]) -> str:
    """Give the first column that is a list itself, which unnest would take apart; empty if there is none."""
    return next((each.name for each in parameters if each.is_list or is_array(each.type)), "")
