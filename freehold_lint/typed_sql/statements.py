"""The closed set of statements that a file makes: each choice of parts, with each order, for each kind of page.

They are put together by what runs them, so that what is prepared here is what runs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations

from freehold.queries.joining import Combination, Dialect, join
from freehold.queries.values import Parameter, Segment, Sort
from freehold_lint.typed_sql.header import Key
from freehold_lint.typed_sql.sources import Source


@dataclass(frozen=True)
class Choice:
    """One statement of the set: the parts that are in, the order's name, and whether it is the next page's."""

    parts: frozenset[str] = frozenset()
    sort: str = ""
    is_next: bool = False

    def __str__(self) -> str:
        words = [f"parts {', '.join(sorted(self.parts))}" if self.parts else "no parts"]
        words += [f"sort {self.sort}"] if self.sort else []
        return f"{', '.join(words)}{', next page' if self.is_next else ''}"


@dataclass
class Statement:
    """A statement as a database takes it. `lines` has where each stretch of the text begins, with the file's line, and
    `places` where each of the file's pieces does."""

    text: str = ""
    parameters: list[str] = field(default_factory=list)
    lines: list[tuple[int, int]] = field(default_factory=list)
    places: dict[int, int] = field(default_factory=dict)

    def find_line(self, place: int) -> int:
        """Give the file's line for a place in the text, in characters from 0."""
        start, line = max((each for each in self.lines if each[0] <= place), default=(0, 1))
        return line + self.text.count("\n", start, place)

    def find_byte_line(self, place: int) -> int:
        """Give the same for a place in bytes, as the parser counts."""
        return self.find_line(len(self.text.encode()[:place].decode(errors="ignore")))


def is_of_page(parameter: str) -> bool:
    """Tell whether a parameter is one that pages add."""
    return "." in parameter


def list_choices(source: Source) -> list[Choice]:
    """Give all of them: the one with every part first, in the first order."""
    parts = list(source.parts)
    chosen = [frozenset(each) for size in range(len(parts), -1, -1) for each in combinations(parts, size)]
    pages = (False, True) if source.header.page else (False,)
    return [Choice(each, sort, page) for each in chosen for sort in source.header.sorts or ("",) for page in pages]


def write_statement(source: Source, choice: Choice, dialect: Dialect = "postgresql") -> Statement:
    """Give the statement of a choice, with parameters by their numbers."""
    segments = [Segment(each.text, each.part, each.role, each.line) for each in source.merged]  # type: ignore[arg-type]
    parameters = [Parameter(name, "") for name in source.parameters]
    keys = source.header.sorts.get(choice.sort, ())
    sort = Sort(tuple((write_key(key), "", key.direction) for key in keys)) if keys else None
    combination = Combination(choice.parts, choice.sort, choice.is_next)
    joined = join(segments, parameters, dialect, combination, sort, is_paged=source.header.page is not None)
    return Statement(joined.text, [each.name for each in joined.parameters], list(joined.lines))


def write_key(key: Key) -> str:
    """Give the expression as the run time has it, which takes braces for parameters."""
    return key.expression.replace("{", "{{").replace("}", "}}")


def write_pieces(source: Source) -> Statement:
    """Give the statement with all its parts and without an order, to see which of its pieces is where."""
    statement = Statement()
    for number, each in enumerate(source.pieces):
        statement.places[number] = len(statement.text)
        if each.role in ("", "parameter"):
            statement.text += each.text if not each.role else "$1"
    return statement
