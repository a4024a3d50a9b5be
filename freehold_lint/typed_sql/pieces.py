"""A statement's text in pieces: parameters, optional parts, and where an order and the next page's condition go."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

from freehold.lexer import ScriptError, Token, iter_tokens
from freehold_lint.typed_sql.faults import TypedSQLError
from freehold_lint.typed_sql.header import WORDS, check_argument

Role = Literal["", "parameter", "after", "order", "columns", "rows"]
_MARK: Final = re.compile(r"--\s*(?P<word>if:|end\b|after\b)\s*(?P<said>.*)")
_OPERATORS: Final = frozenset("+-*/<>=~!@#%^&|`?")
_BEHIND_ORDER: Final = ("limit", "offset", "fetch", "for")


@dataclass(frozen=True)
class Piece:
    """Text of one line of the file. A parameter's text is its name; `after` and `order` have none."""

    text: str
    line: int
    part: str = ""
    role: Role = ""


def read_pieces(path: Path, text: str) -> list[Piece]:
    """Give the statement without its comments and its last semicolon.

    Raises:
        TypedSQLError: a mark or a parameter can't be read.
    """
    try:
        return _trim(_drop_blanks(list(_Reader(path, text).iter_pieces())))
    except ScriptError as error:
        raise TypedSQLError(path, error.line, f"{str(error).partition(': ')[2]}: {error.advice}") from error


class _Reader:
    """Where a file is read to."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.tokens = list(iter_tokens(text))
        self.line = 1
        self.part = ""
        self.opened = 0
        self.is_below = False  # the header: behind its last line

    def iter_pieces(self) -> Iterator[Piece]:
        for place, token in enumerate(self.tokens):
            if token.kind == "comment":
                yield from self.read_comment(place, token)
            elif token.text == "@" and self.find_next(place).kind in ("word", "quoted"):
                self.check_before(place)
            elif token.kind in ("word", "quoted") and self.is_parameter(place):
                name = check_argument(self.path, self.line, token.text)
                yield Piece(name, self.line, self.part, "parameter")
            else:
                yield from self.cut(token)
            self.line += token.text.count("\n")
            self.is_below = self.is_below or not (token.kind == "comment" or token.text == "\n")
        if self.part:
            raise TypedSQLError(self.path, self.opened, f"the part {self.part} has no end: write `-- end`")

    def find_next(self, place: int) -> Token:
        return self.tokens[place + 1] if place + 1 < len(self.tokens) else Token("space", "")

    def is_parameter(self, place: int) -> bool:
        return place > 0 and self.tokens[place - 1].text == "@"

    def check_before(self, place: int) -> None:
        before = self.tokens[place - 1].text if place else ""
        if before in _OPERATORS:
            name = self.tokens[place + 1].text
            raise TypedSQLError(
                self.path, self.line, f"`{before}@{name}` reads as the operator {before}@: write a blank before @{name}"
            )

    def cut(self, token: Token) -> Iterator[Piece]:
        """Yield a token line by line, so that each place in a text has its line."""
        text = re.sub(r"[ \t\r]+(?=\n)", "", token.text) if token.kind == "space" else token.text
        for number, row in enumerate(text.splitlines(keepends=True)):
            yield Piece(row, self.line + number, self.part)

    def read_comment(self, place: int, token: Token) -> Iterator[Piece]:
        if breaks := token.text.count("\n"):
            yield Piece("\n" * breaks, self.line, self.part)
        found = _MARK.fullmatch(token.text.rstrip()) if self.is_alone(place) else None
        if not found:
            self.check_comment(place, token)
            return
        word, said = found["word"], found["said"].strip()
        if word == "after":
            if self.part:
                raise TypedSQLError(self.path, self.line, "`-- after` stands in a part: put it outside")
            yield Piece("", self.line, role="after")
        elif word == "end":
            self.end(said)
        else:
            self.begin(said)

    def check_comment(self, place: int, token: Token) -> None:
        """Refuse what would be a line of the header, had it stood there."""
        word = token.text.removeprefix("--").strip().partition(":")[0]
        if word in WORDS and ":" in token.text and self.is_alone(place) and self.is_below:
            raise TypedSQLError(self.path, self.line, f"`{word}` stands below the header: put it among the first lines")

    def is_alone(self, place: int) -> bool:
        """Tell whether nothing stands before a comment in its line."""
        before = self.tokens[place - 1].text if place else "\n"
        return not before.rpartition("\n")[2].strip() and ("\n" in before or place == 0)

    def begin(self, name: str) -> None:
        if self.part:
            raise TypedSQLError(self.path, self.line, f"a part in the part {self.part}: end that first, by `-- end`")
        self.part, self.opened = check_argument(self.path, self.line, name), self.line

    def end(self, said: str) -> None:
        if not self.part:
            raise TypedSQLError(self.path, self.line, "`-- end` ends nothing: write `-- if: part` before it")
        if said not in ("", self.part):
            raise TypedSQLError(self.path, self.line, f"`-- end {said}` ends the part {self.part}: use one name")
        self.part = ""


def _drop_blanks(pieces: list[Piece]) -> list[Piece]:
    """Leave out blanks before a line's end, which comments leave."""
    following = [*pieces, Piece("", 0)][1:]
    return [
        each
        for each, after in zip(pieces, following, strict=True)
        if each.role or each.text.strip(" \t") or after.role or not after.text.startswith("\n")
    ]


def _trim(pieces: list[Piece]) -> list[Piece]:
    """Leave out blanks at the ends and the last semicolon."""
    solid = [place for place, each in enumerate(pieces) if each.text.strip() or each.role]
    if not solid:
        return []
    last = solid[-1]
    if pieces[last].text == ";" and not pieces[last].role:
        return _trim(pieces[:last])
    return pieces[solid[0] : last + 1]


# --- The order -------------------------------------------------------------------------------------------------------
def put_order(path: Path, pieces: list[Piece]) -> list[Piece]:
    """Give the pieces with a place for the order: that of the statement's own ORDER BY, else behind all but LIMIT.

    Raises:
        TypedSQLError: the statement's own order lies in a part.
    """
    words = list(_iter_outer_words(pieces))
    begin = next((at for at, word in words if word == "order"), None)
    end = next((at for at, word in words if word in _BEHIND_ORDER and (begin is None or at > begin)), len(pieces))
    start = end if begin is None else begin
    inside = pieces[start:end]
    for each in inside:
        if each.part or each.role:
            raise TypedSQLError(
                path, each.line, "ORDER BY holds a part or a parameter, and `sort` replaces it: take it out"
            )
    line = pieces[min(start, len(pieces) - 1)].line
    before = [] if start and pieces[start - 1].text[-1:].isspace() else [Piece("\n", line)]
    behind = [Piece("\n", line)] if end < len(pieces) else []
    return [*pieces[:start], *before, Piece("", line, role="order"), *behind, *pieces[end:]]


def find_limit(pieces: list[Piece]) -> Piece | None:
    """Give the LIMIT, OFFSET or FETCH of the statement itself."""
    return next((pieces[at] for at, word in _iter_outer_words(pieces) if word in ("limit", "offset", "fetch")), None)


def _iter_outer_words(pieces: list[Piece]) -> Iterator[tuple[int, str]]:
    depth = 0
    for place, each in enumerate(pieces):
        if not each.role:
            depth += {"(": 1, ")": -1}.get(each.text, 0)
            if not depth:
                yield place, each.text.lower()


def merge(pieces: Iterable[Piece]) -> list[Piece]:
    """Give neighbours of one part as one piece, as the run time has them: `{name}` is a parameter, `{{` a brace."""
    groups: list[tuple[Piece, list[str]]] = []
    for each in pieces:
        is_text = each.role in ("", "parameter")
        text = f"{{{each.text}}}" if each.role == "parameter" else each.text.replace("{", "{{").replace("}", "}}")
        first = groups[-1][0] if groups else None
        if first and is_text and first.role in ("", "parameter") and first.part == each.part:
            groups[-1][1].append(text)
        else:
            groups.append((each, [text]))
    merged = [
        replace(first, text="".join(texts), role="" if first.role == "parameter" else first.role)
        for first, texts in groups
    ]
    return [_strip(each) for each in merged if each.role or each.text.strip()]


def _strip(piece: Piece) -> Piece:
    """Leave out blank lines before the text, and blanks behind it."""
    rest = re.sub(r"\A(?:[ \t]*\n)+", "", piece.text)
    skipped = piece.text.count("\n") - rest.count("\n")
    return replace(piece, text=rest.rstrip(), line=piece.line + skipped)
