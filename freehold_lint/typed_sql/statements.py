"""The closed set of statements that a file makes: each choice of parts, with each order, for each kind of page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations

from freehold_lint.typed_sql.header import Key
from freehold_lint.typed_sql.sources import Source

LIMIT = "limit"  # the parameter that a page adds; of the next page, those of the cursor are called `.0`, `.1`, …


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
    """A statement as PostgreSQL takes it. `lines` has where each stretch of the text begins, with the file's line."""

    text: str = ""
    parameters: list[str] = field(default_factory=list)
    lines: list[tuple[int, int]] = field(default_factory=list)

    def add(self, text: str, line: int) -> None:
        self.lines.append((len(self.text), line))
        self.text += text

    def add_parameter(self, name: str, line: int) -> None:
        if name not in self.parameters:
            self.parameters.append(name)
        self.add(f"${self.parameters.index(name) + 1}", line)

    def find_line(self, place: int) -> int:
        """Give the file's line for a place in the text, in characters from 0."""
        return max((start, line) for start, line in self.lines if start <= place)[1]

    def find_byte_line(self, place: int) -> int:
        """Give the same for a place in bytes, as the parser counts."""
        return self.find_line(len(self.text.encode()[:place].decode(errors="ignore")))


def list_choices(source: Source) -> list[Choice]:
    """Give all of them: the one with every part first, in the first order."""
    parts = list(source.parts)
    chosen = [frozenset(each) for size in range(len(parts), -1, -1) for each in combinations(parts, size)]
    pages = (False, True) if source.header.page else (False,)
    return [Choice(each, sort, page) for each in chosen for sort in source.header.sorts or ("",) for page in pages]


def write_statement(source: Source, choice: Choice) -> Statement:
    """Give the statement of a choice, with parameters by their numbers."""
    statement = Statement()
    for each in source.pieces:
        if each.part and each.part not in choice.parts:
            continue
        if each.role == "parameter":
            statement.add_parameter(each.text, each.line)
        elif each.role == "order":
            _add_order(statement, source, choice, each.line)
        elif each.role == "after" and choice.is_next:
            keys = source.header.sorts[choice.sort]
            for text in iter_after(keys):
                _add(statement, text, source.header.lines["sort"])
        elif not each.role:
            statement.add(each.text, each.line)
    return statement


def _add_order(statement: Statement, source: Source, choice: Choice, line: int) -> None:
    statement.add(write_order(source.header.sorts[choice.sort]), source.header.lines["sort"])
    if source.header.page:
        statement.add(" LIMIT ", line)
        statement.add_parameter(LIMIT, line)


def _add(statement: Statement, text: str | int, line: int) -> None:
    if isinstance(text, int):
        statement.add_parameter(f".{text}", line)
    else:
        statement.add(text, line)


# --- Orders ----------------------------------------------------------------------------------------------------------
def write_order(keys: Iterable[Key]) -> str:
    return f"ORDER BY {', '.join(f'{key.expression} {key.direction}' for key in keys)}"


def iter_after(keys: tuple[Key, ...]) -> Iterator[str | int]:
    """Yield the condition of the rows behind one: texts, and the number of the key where its value goes.

    It is a row comparison where all directions are one, which an index serves at once; else it is spelled out.
    """
    if len({key.direction for key in keys}) == 1:
        yield f"AND ({', '.join(key.expression for key in keys)}) {_compare(keys[0])} ("
        for number in range(len(keys)):
            yield from ([", "] if number else [])
            yield number
        yield ")"
        return
    yield "AND ("
    for last in range(len(keys)):
        yield " OR (" if last else "("
        for number in range(last):
            yield f"{keys[number].expression} = "
            yield number
            yield " AND "
        yield f"{keys[last].expression} {_compare(keys[last])} "
        yield last
        yield ")"
    yield ")"


def _compare(key: Key) -> str:
    return ">" if key.direction == "ASC" else "<"
