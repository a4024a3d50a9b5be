"""Cuts SQL into tokens by the lexical rules of PostgreSQL (manual, "Lexical Structure"; psqlscan.l), which hold for
SQLite as well as far as people write it. What they mean is the server's to say.

As for the server, whatever is not ASCII is a letter, and a line ends at either of its ends. Texts are read as under
standard_conforming_strings = on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from freehold.errors import FreeholdError

_Kind = Literal["space", "comment", "text", "quoted", "word", "number", "sign"]

LETTER: Final = r"[A-Za-z_\x80-\U0010ffff]"
REST: Final = r"[A-Za-z_0-9$\x80-\U0010ffff]"  # of a word, after its first letter
TAG: Final = rf"{LETTER}[A-Za-z_0-9\x80-\U0010ffff]*+"  # between dollars
NUMBER: Final = r"[0-9][A-Za-z_0-9.\x80-\U0010ffff]*+"
STANDARD: Final = r"'[^']*+'"  # two of them in a row are one text with a quote in it
# A text in quotes goes on behind a line's end, and keeps its escapes then.
_ON: Final = r"(?:[ \t\f\v]|--[^\n\r]*+)*+[\n\r](?:[ \t\n\r\f\v]|--[^\n\r]*+[\n\r])*+"
ESCAPED: Final = rf"[eE]'(?:[^'\\]++|\\.|'')*+'(?:{_ON}'(?:[^'\\]++|\\.|'')*+')*+(?!{_ON}')"  # whole, its last part too

TOKEN: Final = re.compile(
    rf"""
    (?P<space>[ \t\n\r\f\v]++)
    | (?P<comment>--[^\n\r]*+)
    | (?P<block>/\*)
    | (?P<text>{ESCAPED}|(?:[bBxXnN]|[uU]&)?(?:{STANDARD})++)
    | (?P<quoted>(?:[uU]&)?(?:"[^"]*+")++)
    | (?P<open>[eE]?'|")
    | (?P<dollar>\$(?:{TAG})?\$)
    | (?P<word>{LETTER}{REST}*+)
    | (?P<number>{NUMBER})
    | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_TEXT: Final = re.compile(r"(\$[^$]*\$)(.*)\1|[eE]?'(.*)'", re.DOTALL)
_BLOCK = re.compile(r"/\*|\*/")
_CAPITALS: Final = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_UNENDED: Final = {"/*": "a comment", '"': "a name in quotes"}


class ScriptError(FreeholdError):
    """A script can't be cut into statements. `line` is where what has no end begins; `advice` is the way out."""

    def __init__(self, message: str, line: int, advice: str = "close it") -> None:
        super().__init__(f"line {line}: {message}")
        self.line, self.advice = line, advice


@dataclass(frozen=True)
class Token:
    """A piece of a script, as it is written."""

    kind: _Kind
    text: str

    @property
    def name(self) -> str:
        """The name that a word or a quoted text is, as PostgreSQL folds it; empty for any other token."""
        if self.kind == "word":
            return fold(self.text)
        return self.text[1:-1].replace('""', '"') if self.kind == "quoted" and self.text[0] == '"' else ""

    @classmethod
    def quote(cls, name: str) -> Token:
        """Give a name in double quotes, the opposite of `name`."""
        escaped = name.replace('"', '""')
        return cls("quoted", f'"{escaped}"')

    @property
    def body(self) -> str | None:
        """What a text in plain or dollar quotes holds; None for any other token."""
        found = _TEXT.fullmatch(self.text) if self.kind == "text" else None
        return (found[2] if found[1] else found[3].replace("''", "'")) if found else None

    @property
    def is_blank(self) -> bool:
        return self.kind in ("space", "comment")


def fold(name: str) -> str:
    """Give a name without quotes as the server has it: of a database in UTF-8, ASCII's letters alone are folded."""
    return name.translate(_CAPITALS)


def iter_tokens(script: str) -> Iterator[Token]:
    """Yield the tokens, which together are the whole script.

    Raises:
        ScriptError: a text, a name, a comment or a dollar-quoted body has no end.
    """
    position = 0
    while position < len(script):
        kind, end = find_token(script, position)
        if end < 0:
            line = script.count("\n", 0, position) + 1
            raise ScriptError(f"{describe_unended(script, position)} has no end", line)
        yield Token(kind, script[position:end])
        position = end


def find_token(script: str, start: int) -> tuple[_Kind, int]:
    """Give the kind of the token that begins there, and where it ends; -1: it has no end."""
    found: Any = TOKEN.match(script, start)  # anything is a token
    match found.lastgroup:
        case "block":
            return "comment", find_block_end(script, start)
        case "dollar":
            return "text", find_dollar_end(script, start, found.end())
        case "open":
            return "text", -1
    return found.lastgroup, found.end()


def describe_unended(script: str, start: int) -> str:
    """Say what it is that begins there and has no end."""
    beginning = TOKEN.match(script, start)[0]  # type: ignore[index]  # anything is a token
    if beginning.endswith("'"):
        return "a text in quotes"
    return _UNENDED.get(beginning) or f"what begins with {beginning}"


def find_dollar_end(script: str, start: int, begin: int) -> int:
    """Give where the body ends that the dollars from `start` to `begin` open; -1 where it has no end."""
    quote = script[start:begin]
    end = script.find(quote, begin)
    return end + len(quote) if end >= 0 else -1


def find_block_end(script: str, start: int) -> int:
    """Give where a comment that begins with /* ends: such comments nest; -1 where it has no end."""
    depth = 0
    for found in _BLOCK.finditer(script, start):
        depth += 1 if found[0] == "/*" else -1
        if not depth:
            return found.end()
    return -1
