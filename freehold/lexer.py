"""Cuts a script of SQL into statements and each of them into tokens, by the lexical rules of PostgreSQL (manual,
"Lexical Structure"), which hold for SQLite as well as far as people write it. What they mean is the server's to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

from freehold.errors import FreeholdError

_Kind = Literal["space", "comment", "text", "quoted", "word", "number", "sign"]

_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
    | (?P<comment>--[^\n]*)
    | (?P<block>/\*)
    | (?P<text>[eE]'(?:[^'\\]|\\.|'')*'|(?:[bBxXnN]|[uU]&)?'(?:[^']|'')*')
    | (?P<quoted>(?:[uU]&)?"(?:[^"]|"")*")
    | (?P<dollar>\$(?:[^\W\d]\w*)?\$)
    | (?P<word>[^\W\d][\w$]*)
    | (?P<number>\d[\w.]*)
    | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_BLOCK = re.compile(r"/\*|\*/")
_UNENDED: Final = {"'": "a text in quotes", '"': "a name in quotes"}
_ROUTINE = re.compile(r"CREATE (OR REPLACE )?(TEMP |TEMPORARY )?(FUNCTION|PROCEDURE|TRIGGER)\b")
_HEAD = 8  # words: what a statement is, is said by its first few


class ScriptError(FreeholdError):
    """A script can't be cut into statements. `line` is where what has no end begins."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(f"line {line}: {message}")
        self.line = line


@dataclass(frozen=True)
class Token:
    """A piece of a script, as it is written."""

    kind: _Kind
    text: str

    @property
    def name(self) -> str:
        """The name that a word or a quoted text is, as PostgreSQL folds it; empty for any other token."""
        if self.kind == "word":
            return self.text.lower()
        return self.text[1:-1].replace('""', '"') if self.kind == "quoted" and self.text[0] == '"' else ""

    @classmethod
    def quote(cls, name: str) -> Token:
        """Give a name in double quotes, the opposite of `name`."""
        escaped = name.replace('"', '""')
        return cls("quoted", f'"{escaped}"')

    @property
    def is_blank(self) -> bool:
        return self.kind in ("space", "comment")


@dataclass(frozen=True)
class Statement:
    """A statement without the semicolon at its end, and the line of the script (from 1) that it begins in."""

    tokens: tuple[Token, ...]
    line: int

    @property
    def text(self) -> str:
        return "".join(token.text for token in self.tokens)

    @cached_property
    def head(self) -> str:
        """Its first words in capitals, one space between them: `CREATE OR REPLACE FUNCTION`, up to the first sign."""
        words = []
        for token in self.tokens:
            if token.kind == "word":
                words.append(token.text.upper())
            elif not token.is_blank:
                break
            if len(words) == _HEAD:
                break
        return " ".join(words)


def list_statements(script: str) -> list[Statement]:
    """Give the statements of a script, in order; empty ones are left out, and comments before one are not part of it.

    A semicolon inside parentheses, a text, a comment, or a body in dollar quotes or between BEGIN and END ends nothing.

    Raises:
        ScriptError: a text, a name, a comment or a body has no end.
    """
    statements: list[Statement] = []
    cutter = _Cutter()
    line = 1
    for token in iter_tokens(script):
        if cutter.ends_at(token):
            statements += cutter.take()
        else:
            cutter.add(token, line)
        line += token.text.count("\n")
    return statements + cutter.take()


class _Cutter:
    """Collects the tokens of a statement until it ends, as psql does it."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        self.tokens: list[Token] = []
        self.line = 1
        self.parentheses = self.bodies = 0

    def ends_at(self, token: Token) -> bool:
        return token.text == ";" and token.kind == "sign" and self.parentheses <= 0 and not self.bodies

    def add(self, token: Token, line: int) -> None:
        if not self.tokens:
            if token.is_blank:
                return
            self.line = line
        self.tokens.append(token)
        if token.kind == "sign":
            self.parentheses += {"(": 1, ")": -1}.get(token.text, 0)
        elif token.kind == "word":
            self.count_body(token.text.upper())

    def count_body(self, word: str) -> None:
        """Count BEGIN … END, inside which CASE has an END of its own, in what makes a routine or a trigger."""
        if word == "END" and self.bodies:
            self.bodies -= 1
        elif (word == "CASE" and self.bodies) or (word == "BEGIN" and self.makes_routine()):
            self.bodies += 1

    def makes_routine(self) -> bool:
        return bool(_ROUTINE.match(Statement(tuple(self.tokens), 1).head))

    def take(self) -> list[Statement]:
        tokens = self.tokens
        while tokens and tokens[-1].is_blank:
            tokens.pop()
        found = [Statement(tuple(tokens), self.line)] if tokens else []
        self.begin()
        return found


def iter_tokens(script: str) -> Iterator[Token]:
    """Yield the tokens, which together are the whole script.

    Raises:
        ScriptError: a text, a name, a comment or a dollar-quoted body has no end.
    """
    position = 0
    while found := _TOKEN.match(script, position):
        kind, end = str(found.lastgroup), found.end()
        if kind == "block":
            kind, end = "comment", _find_block_end(script, position)
        elif kind == "dollar":
            kind, end = "text", script.find(found[0], end) + len(found[0])
            if end < found.end():
                raise fail(script, position, f"what begins with {found[0]} has no end")
        elif kind == "sign" and found[0] in _UNENDED:
            raise fail(script, position, f"{_UNENDED[found[0]]} has no end")
        yield Token(kind, script[position:end])  # type: ignore[arg-type]  # a group's name
        position = end


def _find_block_end(script: str, start: int) -> int:
    """Give where a comment that begins with /* ends: such comments nest."""
    depth = 0
    for found in _BLOCK.finditer(script, start):
        depth += 1 if found[0] == "/*" else -1
        if not depth:
            return found.end()
    raise fail(script, start, "a comment has no end")


def fail(script: str, position: int, message: str) -> ScriptError:
    return ScriptError(message, script.count("\n", 0, position) + 1)
