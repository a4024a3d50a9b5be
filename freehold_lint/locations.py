"""Where in its file an operation of a migration stands, and the waivers that count for it."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from itertools import takewhile
from pathlib import Path

from freehold.errors import FreeholdError
from freehold.scripts.pairs import read_script

_NESTED = "database_operations"


@dataclass(frozen=True)
class Location:
    """Where something stands: the file, its line from 1, and the lines on which a waiver for it counts."""

    path: Path
    line: int
    waivers: frozenset[int] = frozenset()


NOWHERE = Location(Path(), 0)


@dataclass(frozen=True)
class _Span:
    """The lines of an operation, from 1, and those of the operations in it."""

    first: int
    last: int
    inner: tuple[_Span, ...] = ()


@dataclass(frozen=True)
class MigrationFile:
    """A migration's file: its lines, the line of its class, and its operations as far as they are written out."""

    path: Path
    lines: tuple[str, ...]
    head: int
    spans: tuple[_Span, ...]

    def find_place(self, index: Sequence[int], counts: Sequence[int]) -> Location:
        """Give the place of an operation by its index, and the indexes of those around it before that.

        `counts` says beside each index how many operations there are: where the file has another number, they are put
        together by code, and the class (or the operation around them) stands for them.
        """
        spans, first, waivers = self.spans, self.head, self.list_waiver_lines(self.head, self.head)
        heads: frozenset[int] = frozenset()  # the first lines of those around it, where a waiver counts for all in them
        for number, count in zip(index, counts, strict=True):
            if len(spans) != count:
                break
            span = spans[number]
            waivers = heads | self.list_waiver_lines(span.first, span.last)
            heads |= self.list_waiver_lines(span.first, span.first)
            first, spans = span.first, span.inner
        return Location(self.path, first, waivers)

    def list_waiver_lines(self, first: int, last: int) -> frozenset[int]:
        """Give the lines of a span, and those of the comments right above it."""
        above = first
        while above > 1 and self.lines[above - 2].strip().startswith(("#", "--")):
            above -= 1
        return frozenset(range(above, last + 1))

    def find_operation(self, line: int) -> tuple[int, int]:
        """Give the first and the last line of the operation around a line, or those of the class."""
        found = [(each.first, each.last) for each in self.spans if each.first <= line <= each.last]
        return found[0] if found else (self.head, self.head)

    def find_text(self, text: str) -> int:
        """Give the line that a text of SQL begins on; 0 where it is put together, or stands there twice."""
        wanted = [line.strip() for line in text.splitlines()]
        first = next((number for number, line in enumerate(wanted) if line), None)
        if first is None:
            return 0
        found = [number for number, line in enumerate(self.lines, 1) if wanted[first] in line]
        return found[0] - first if len(found) == 1 else 0


def find_location(path: Path, line: int) -> Location:
    """Give where a line is, with the lines of the operation or of the statement around it."""
    layout = read_layout(path)
    first, last = layout.find_operation(line) if path.suffix == ".py" else _find_statement(layout, line)
    return Location(path, line, layout.list_waiver_lines(first, last))


def _find_statement(layout: MigrationFile, line: int) -> tuple[int, int]:
    """Give the first and the last line of the statement; where there is none, of the comments that begin there."""
    with suppress(FreeholdError):  # a file that can't be cut into statements
        for each in read_script(layout.path).statements:
            last = each.line + each.text.count("\n")
            if each.line <= line <= last:
                return each.line, last
    comments = takewhile(lambda text: text.startswith("--"), layout.lines[line - 1 :])
    return line, line + len(list(comments))


@cache
def read_layout(path: Path) -> MigrationFile:
    """Give the layout of a migration's file."""
    text = path.read_text(encoding="utf-8-sig")
    lines = tuple(text.splitlines())
    if path.suffix != ".py":
        return MigrationFile(path, lines, 1, ())
    found = [node for node in ast.parse(text).body if isinstance(node, ast.ClassDef) and node.name == "Migration"]
    if not found:
        return MigrationFile(path, lines, 1, ())
    return MigrationFile(path, lines, found[0].lineno, _list_spans(_find_operations(found[0])))


def _find_operations(node: ast.ClassDef) -> ast.expr | None:
    """Give what the class assigns to `operations`."""
    for each in node.body:
        if isinstance(each, ast.Assign | ast.AnnAssign):
            targets = each.targets if isinstance(each, ast.Assign) else [each.target]
            if any(isinstance(target, ast.Name) and target.id == "operations" for target in targets):
                return each.value
    return None


def _list_spans(node: ast.expr | None) -> tuple[_Span, ...]:
    """Give the spans of a list's elements; nothing where it is no list, or something is unpacked into it."""
    if not isinstance(node, ast.List | ast.Tuple) or any(isinstance(each, ast.Starred) for each in node.elts):
        return ()
    return tuple(_Span(each.lineno, each.end_lineno or each.lineno, _list_inner(each)) for each in node.elts)


def _list_inner(node: ast.expr) -> tuple[_Span, ...]:
    if not isinstance(node, ast.Call):
        return ()
    named = [each.value for each in node.keywords if each.arg == _NESTED]
    return _list_spans(named[0] if named else node.args[0] if node.args else None)
