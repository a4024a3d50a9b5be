"""Cuts scripts into statements where psql does, and where the server ends one that psql does not see the end of.

psql counts BEGIN, CASE and END outside of parentheses once a statement began with CREATE FUNCTION or PROCEDURE,
whatever they stand for, and sends all that follows in one message where that does not come out even: a function called
`begin` is enough. The server ends a statement by its grammar, where a body is what BEGIN ATOMIC begins. Both ends count
here, so that each statement is one for the server, or none at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Final

from freehold.lexer import (
    ESCAPED,
    LETTER,
    NUMBER,
    REST,
    STANDARD,
    ScriptError,
    Token,
    describe_unended,
    find_token,
    iter_tokens,
)

# What decides nothing outside of routines, in one go. A sign that may begin something else ends it.
_PLAIN: Final = (
    rf"""[^'"$/\-;()\\A-Za-z_0-9\x80-\U0010ffff]++|(?![eE]'){LETTER}{REST}*+|{NUMBER}|{STANDARD}|"[^"]*+"|{ESCAPED}"""
    r"|-(?!-)|/(?!\*)"
)
_MUCH: Final = rf"(?:{_PLAIN}|\((?:{_PLAIN})*+\))++"
_RUN: Final = re.compile(_MUCH, re.DOTALL)
# A statement that makes nothing, up to its semicolon: most of a long script, and no look at its words.
_WHOLE: Final = re.compile(rf"[ \t\n\r\f\v]*+((?=[A-Za-z])(?!(?i:CREATE)(?!{REST})){_MUCH});", re.DOTALL)
_TAGGED: Final = re.compile(rf"\$(?:{LETTER}{REST}*+)?")  # what may become the dollars of a body
_GAP: Final = re.compile(r"(?:[ \t\n\r\f\v]|--[^\n\r]*+)*+-?")  # a sign at the end may begin a comment
_BLANKS: Final = " \t\n\r\f\v"
_ROUTINE: Final = re.compile(r"CREATE (?:OR REPLACE )?(?:FUNCTION|PROCEDURE)\b")
_TRIGGER: Final = re.compile(r"CREATE (?:TEMP |TEMPORARY )?TRIGGER\b")
_TRIGGERED: Final = {"SELECT", "INSERT", "UPDATE", "DELETE", "REPLACE", "WITH"}  # what SQLite's bodies begin with
_PSQLS_LETTERS: Final = {"CREATE": "c", "FUNCTION": "f", "PROCEDURE": "p", "OR": "o", "REPLACE": "r"}
_PSQLS_ROUTINES: Final = ("cf", "cp", "corf", "corp")
_MADE_BY: Final = 4  # words: CREATE OR REPLACE FUNCTION
_HEAD: Final = 8  # words: what a statement is, is said by its first few


@dataclass(frozen=True)
class Statement:
    """A statement without the semicolon at its end, and the line of the script (from 1) that it begins in."""

    text: str
    line: int

    @property
    def tokens(self) -> tuple[Token, ...]:
        return tuple(iter_tokens(self.text))

    @cached_property
    def head(self) -> str:
        """Its first words in capitals, one space between them: `CREATE OR REPLACE FUNCTION`, up to the first sign."""
        return " ".join(islice(self._iter_words(), _HEAD))

    def _iter_words(self) -> Iterator[str]:
        for token in iter_tokens(self.text):
            if token.kind == "word":
                yield token.text.upper()
            elif not token.is_blank:
                return


def list_statements(script: str) -> list[Statement]:
    """Give the statements of a script, in order; empty ones are left out, and comments before one are not part of it.

    A semicolon inside parentheses, a text, a comment, or a body in dollar quotes or between BEGIN and END ends nothing.

    Raises:
        ScriptError: a text, a name or a comment has no end, or a backslash begins a command of psql's.
    """
    return list(iter_statements([script]))


def iter_statements(pieces: Iterable[str]) -> Iterator[Statement]:
    """Yield the statements of a script that comes in pieces; no more of it is kept than the statement at hand.

    Raises:
        ScriptError: as `list_statements`, when it is come to.
    """
    reader, ends = _Reader(pieces), _Ends()
    while reader.has_more():
        if ends.is_new and (whole := reader.read_whole()):
            yield whole
            continue
        kind, text = reader.read(whole_words=ends.needs_words)
        if kind in ("space", "comment"):
            continue
        if text == ";" and ends.end():
            yield from reader.take()
        else:
            reader.keep()
            ends.add(kind, text)
    yield from reader.take()


class _Reader:
    """Reads tokens, or runs of them, out of pieces of text, and keeps what belongs to the statement at hand."""

    def __init__(self, pieces: Iterable[str]) -> None:
        self.pieces = iter(pieces)
        self.text = ""
        self.begin = self.position = 0  # of what was read last
        self.start = self.last = -1  # of the statement: where it begins, and where what is no blank ends
        self.line, self.counted = 1, 0  # the line of a place in the text

    def has_more(self) -> bool:
        return self.position < len(self.text) or self.grow()

    def grow(self) -> bool:
        """Take as much more of the script as is kept, and leave behind what is not; tell whether there was any."""
        gone = self.position if self.start < 0 else self.start
        kept, more = len(self.text) - gone, ""
        while len(more) <= kept and (piece := next(self.pieces, "")):
            more += piece
        if more:
            self.count_lines(gone)
            self.text = self.text[gone:] + more
            self.begin, self.position, self.counted = self.begin - gone, self.position - gone, 0
            self.start, self.last = max(self.start - gone, -1), max(self.last - gone, -1)
        return bool(more)

    def count_lines(self, place: int) -> int:
        self.line += self.text.count("\n", self.counted, place)
        self.counted = place
        return self.line

    def read(self, *, whole_words: bool) -> tuple[str, str]:
        """Give the sort of what comes next, and its text where it is a word or a sign; a run is of no sort."""
        while True:
            kind, end = self.match(whole_words=whole_words)
            if not (end < 0 or self.may_go_on(kind, end)) or not self.grow():
                break
        if end < 0:
            message = f"{describe_unended(self.text, self.position)} has no end"
            raise ScriptError(message, self.count_lines(self.position))
        self.begin, self.position = self.position, end
        text = self.text[self.begin : end] if kind in ("word", "sign") else ""
        if text == "\\":
            message = "a backslash begins a command of psql's, which has no place here"
            raise ScriptError(message, self.count_lines(self.begin), "take it out")
        return kind, text

    def read_whole(self) -> Statement | None:
        """Give the next statement where it can be read at once."""
        found = _WHOLE.match(self.text, self.position)
        if found is None:
            return None
        self.begin = self.position = found.end()
        return Statement(found[1].rstrip(_BLANKS), self.count_lines(found.start(1)))

    def match(self, *, whole_words: bool) -> tuple[str, int]:
        """Give the sort of what comes next and where it ends; -1: it has no end."""
        if not whole_words and (run := _RUN.match(self.text, self.position)):
            return ("space" if not run[0].strip(_BLANKS) else ""), run.end()
        return find_token(self.text, self.position)

    def may_go_on(self, kind: str, end: int) -> bool:
        """Tell whether it may be longer, or something else, once there is more of the script."""
        if kind == "sign" and self.text[self.position] == "$":
            tagged = _TAGGED.match(self.text, self.position)
            return tagged is None or tagged.end() == len(self.text)
        if kind in ("text", "") and self.text[end : end + 1] in ("-", *_BLANKS):
            gap = _GAP.match(self.text, end)
            return gap is None or gap.end() == len(self.text)
        return end == len(self.text)

    def keep(self) -> None:
        """Let what was read last be part of the statement."""
        if self.start < 0:
            self.start = self.begin
        self.last = self.position

    def take(self) -> Iterator[Statement]:
        """Yield the statement, if it is not empty, and begin the next."""
        if self.start >= 0:
            start = self.start
            while self.text[start] in _BLANKS:
                start += 1
            text = self.text[start : self.last].rstrip(_BLANKS)
            yield Statement(text, self.count_lines(start))
        self.start = self.last = -1


class _Ends:
    """Knows at which semicolons a statement ends. `depth` is that of parentheses."""

    def __init__(self) -> None:
        self.letters, self.psqls_words, self.psqls_bodies, self.is_psqls_routine = "", 0, 0, False
        self.begin()

    def begin(self) -> None:
        self.words: list[str] = []  # the first ones
        self.has_head = True  # whether nothing but words came yet
        self.is_routine = self.is_trigger = False
        self.depth, self.body, self.previous = 0, "", ""

    @property
    def is_new(self) -> bool:
        """Whether nothing came since the last end, psql's too."""
        return not self.psqls_words and not self.previous

    @property
    def needs_words(self) -> bool:
        """Whether a word, where it comes next, may decide anything."""
        return (
            self.is_psqls_routine
            or self.is_routine
            or self.is_trigger
            or not self.psqls_words
            or (self.has_head and self.words[:1] == ["CREATE"] and len(self.words) < _MADE_BY)
            or (self.letters[0] == "c" and self.psqls_words < _MADE_BY)
        )

    def add(self, kind: str, text: str) -> None:
        word = text.upper() if kind == "word" else ""
        self.has_head = self.has_head and bool(word) and len(self.words) < _MADE_BY
        if self.has_head:
            self.words.append(word)
            head = " ".join(self.words)
            self.is_routine, self.is_trigger = bool(_ROUTINE.match(head)), bool(_TRIGGER.match(head))
        if word:
            self.count_as_psql(word)
        if not self.depth:
            self.find_body(word)
        if kind == "sign":
            self.depth = max(0, self.depth + {"(": 1, ")": -1}.get(text, 0))
        self.previous = word or text or kind or "run"

    def count_as_psql(self, word: str) -> None:
        """Count what psql takes for the beginning and the end of a body, whatever it is."""
        if self.psqls_words < _MADE_BY:
            self.letters += _PSQLS_LETTERS.get(word, " ")
            self.is_psqls_routine = self.letters.startswith(_PSQLS_ROUTINES)
        self.psqls_words += 1
        if self.depth or not self.is_psqls_routine:
            return
        if word == "BEGIN" or (word == "CASE" and self.psqls_bodies):
            self.psqls_bodies += 1
        elif word == "END" and self.psqls_bodies:
            self.psqls_bodies -= 1

    def find_body(self, word: str) -> None:
        """Know where the server's grammar begins and ends a body."""
        if not self.body and self.previous == "BEGIN":
            if word == "ATOMIC" and self.is_routine:
                self.body = "routine"
            elif word in _TRIGGERED and self.is_trigger:
                self.body = "trigger"
        elif self.body and word == "END" and self.previous in (";", "ATOMIC"):
            self.body = ""

    def end(self) -> bool:
        """Tell whether a semicolon here ends the statement."""
        psql_ends = not self.depth and not self.psqls_bodies
        if self.depth or self.body == "trigger" or (self.body and not psql_ends):
            self.previous = ";"
            return False
        if psql_ends:
            self.letters, self.psqls_words, self.is_psqls_routine = "", 0, False
        self.begin()
        return True
