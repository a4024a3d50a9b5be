"""Joins the segments of a query into the statements that it can become: parts, sort, first or next page.

The compiler prepares what is joined here, so that what runs is what was checked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, combinations
from string import Formatter
from typing import Any, Final, Literal, NamedTuple

from freehold.queries.types import get_kind
from freehold.queries.values import Parameter, Segment, Sort

Dialect = Literal["postgresql", "sqlite"]
LIMIT: Final = "page.limit"  # no parameter of a file has a dot in its name
AFTER: Final = "page.after."
_MARKS: Final = {"postgresql": "$", "sqlite": "?"}


class Combination(NamedTuple):
    """Which of its statements a query becomes."""

    parts: frozenset[str] = frozenset()
    sort: str = ""
    is_next: bool = False


FIRST: Final = Combination()  # without any optional part


@dataclass(frozen=True)
class Joined:
    """A statement: its text with `$1` (SQLite: `?1`), the parameters in that order, and where its lines come from, as
    pairs of a place in the text and a line of the file."""

    text: str
    parameters: tuple[Parameter, ...]
    lines: tuple[tuple[int, int], ...]
    made: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)  # what an engine made of it, once

    def find_line(self, place: int) -> int:
        """Give the line of the file for a place in the text, of which 0 is the first."""
        start, line = max((each for each in self.lines if each[0] <= place), default=self.lines[0])
        return line + self.text.count("\n", start, place)


def list_parts(segments: Sequence[Segment]) -> list[str]:
    """Give the names of the optional parts, each once, in order."""
    return list(dict.fromkeys(segment.part for segment in segments if segment.part))


def list_own(segments: Sequence[Segment], part: str) -> list[str]:
    """Give the parameters that only this part has: given together, they put it in. A part without any is a bool."""
    others = {name for each in segments if each.part != part for name in iter_names(each.text)}
    own = dict.fromkeys(name for each in segments if each.part == part for name in iter_names(each.text))
    return [name for name in own if name not in others]


def iter_names(text: str) -> Iterator[str]:
    """Yield the names of the parameters in a segment's text, also twice."""
    return (name for _, name, _, _ in Formatter().parse(text) if name is not None)


def iter_combinations(segments: Sequence[Segment], sorts: Collection[str], *, is_paged: bool) -> Iterator[Combination]:
    """Yield every statement that the segments can become: the closed set that the compiler prepares."""
    parts = list_parts(segments)
    chosen = chain.from_iterable(combinations(parts, count) for count in range(len(parts) + 1))
    for some in chosen:
        for sort in sorts or ("",):
            for is_next in (False, True) if is_paged else (False,):
                yield Combination(frozenset(some), sort, is_next)


def join(
    segments: Sequence[Segment],
    parameters: Sequence[Parameter],
    dialect: Dialect,
    combination: Combination = FIRST,
    sort: Sort | None = None,
    *,
    is_paged: bool = False,
) -> Joined:
    """Give the statement of one combination."""
    keys = _list_keys(sort, dialect) if sort else []
    pieces = [
        (_write(segment, combination, keys), segment.line)
        for segment in segments
        if not segment.part or segment.part in combination.parts
    ]
    if is_paged and not any(segment.role == "limit" for segment in segments):
        place = next(i for i, each in enumerate(segments) if each.role == "order")
        behind = sum(1 for each in segments[: place + 1] if not each.part or each.part in combination.parts)
        pieces.insert(behind, (_LIMIT_TEXT, segments[place].line))
    known = {each.name: each for each in (*parameters, *_list_page_parameters(sort))}
    return _number([(text, line) for text, line in pieces if text], known, _MARKS[dialect])


_DIGITS: Final = "CASE WHEN instr({0}, '.') THEN rtrim(rtrim({0}, '0'), '.') ELSE {0} END"
_MOMENTS: Final = ("timestamptz", "timestamp", "time")
_LIMIT_TEXT: Final = f"LIMIT {{{LIMIT}}}"


class _Key(NamedTuple):
    """A column of a sort, and what stands for its value where the page before ended."""

    expression: str
    name: str
    direction: str


def _list_keys(sort: Sort, dialect: Dialect) -> list[_Key]:
    """Give the columns of a sort. On SQLite a moment is text, with as many digits behind its seconds as whoever wrote
    it gave: without the zeros at their end the same moment is the same text, and sorts as moments do."""
    keys = []
    for place, (expression, kind, direction) in enumerate(sort.columns):
        form = _DIGITS if dialect == "sqlite" and get_kind(kind) in _MOMENTS else "{0}"
        keys.append(_Key(form.format(expression), form.format(f"{{{AFTER}{place}}}"), direction))
    return keys


def _write(segment: Segment, combination: Combination, keys: Sequence[_Key]) -> str:
    if segment.role == "after":
        if not combination.is_next or not keys:
            return ""
        return f"{segment.text or 'AND'} {_compare(keys)}"
    if segment.role == "order" and keys:
        order = ", ".join(f"{each.expression} {each.direction}" for each in keys)
        return f"{segment.text} ORDER BY {order}".strip()
    if segment.role == "limit":
        return f"{segment.text} {_LIMIT_TEXT}".strip()
    return segment.text


def _compare(keys: Sequence[_Key]) -> str:
    """Give the condition for what comes behind a row: one comparison of rows, which an index serves, where all
    directions are the same; otherwise the first column's bound, which an index serves too, and the rest spelled out."""
    names = [each.name for each in keys]
    signs = ["<" if each.direction == "DESC" else ">" for each in keys]
    expressions = [each.expression for each in keys]
    if len(names) == 1:
        return f"{expressions[0]} {signs[0]} {names[0]}"
    if len(set(signs)) == 1:
        return f"({', '.join(expressions)}) {signs[0]} ({', '.join(names)})"
    behind = ""
    for expression, sign, name in reversed(list(zip(expressions, signs, names, strict=True))):
        behind = f"{expression} {sign} {name}" + (f" OR ({expression} = {name} AND ({behind}))" if behind else "")
    return f"({expressions[0]} {signs[0]}= {names[0]} AND ({behind}))"


def _list_page_parameters(sort: Sort | None) -> list[Parameter]:
    after = [Parameter(f"{AFTER}{place}", kind) for place, (_, kind, _) in enumerate(sort.columns)] if sort else []
    return [*after, Parameter(LIMIT, "int8")]


def _number(pieces: Sequence[tuple[str, int]], known: dict[str, Parameter], mark: str) -> Joined:
    """Put the pieces together, each on a line of its own; the same parameter is the same number everywhere."""
    numbers: dict[str, int] = {}
    texts: list[str] = []
    lines: list[tuple[int, int]] = []
    length = 0
    for text, line in pieces:
        lines.append((length, line))
        written = "".join(_iter_written(text, numbers, mark)) + "\n"
        texts.append(written)
        length += len(written)
    return Joined("".join(texts).rstrip(), tuple(known[name] for name in numbers), tuple(lines))


def _iter_written(text: str, numbers: dict[str, int], mark: str) -> Iterator[str]:
    for literal, name, _, _ in Formatter().parse(text):
        yield literal
        if name is not None:
            yield f"{mark}{numbers.setdefault(name, len(numbers) + 1)}"
