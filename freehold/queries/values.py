"""What the compiler writes and the run time reads: a statement in pieces, its parameters, columns and sorts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

import msgspec
from msgspec import UNSET, UnsetType as Unset

__all__ = ["UNSET", "Column", "Direction", "Page", "Parameter", "Role", "Segment", "Sort", "Unset"]

Role = Literal["", "after", "order", "limit", "columns", "rows"]
Direction = Literal["ASC", "DESC"]
R = TypeVar("R")


@dataclass(frozen=True)
class Segment:
    """A piece of a statement. A parameter is written `{name}`, a brace `{{`.

    `part` names the optional part that it belongs to. `role` says that the run time writes something there, behind
    `text`: `after` the condition of a next page (`text` is what joins it on, AND where it is empty), `order` the chosen
    sort's ORDER BY, `limit` the page's LIMIT (behind `order` where no segment has this role), and of a load `columns`
    the names of the columns and `rows` what gives their values. `line` is that of the file where `text` begins.
    """

    text: str
    part: str = ""
    role: Role = ""
    line: int = 1


@dataclass(frozen=True)
class Parameter:
    """A parameter, of PostgreSQL's type `type`; of a load a column, which may be left out where it `has_default`."""

    name: str
    type: str
    is_list: bool = False
    is_nullable: bool = False
    has_default: bool = False


@dataclass(frozen=True)
class Column:
    """A column of the result, of PostgreSQL's type `type`, with a number's scale: `numeric(12,2)`.

    A dot in the name nests it. One without a name is not handed out: a page's sort may need it.
    """

    name: str
    type: str
    is_nullable: bool = True


@dataclass(frozen=True)
class Sort:
    """An order: expressions, written as a segment's text is, with their types and directions; and for each its
    place among the query's columns, which a page needs to tell where it ends. The compiler appends a nameless column
    where the file does not select it."""

    columns: tuple[tuple[str, str, Direction], ...]
    places: tuple[int, ...] = ()


class Page(msgspec.Struct, Generic[R], frozen=True):
    """Some rows, and the cursor of those behind them: None where there are no more."""

    rows: list[R]
    next: str | None = None
