"""Says in SQLite's words what a script says in PostgreSQL's, where that takes no more than reading its tokens.

- `app.items`, where `app` is a schema of the project, becomes `"app.items"`: a bare `app.items` would be a table of an
  attached database. Indexes have no schema here, so that the one of `DROP INDEX app.items_idx` goes.
- `ADD COLUMN IF NOT EXISTS` and `DROP COLUMN IF EXISTS`, which SQLite lacks, become a look at the table's columns.
- CONCURRENTLY goes: there is one writer.

Whatever else differs is for a variant of the file.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from freehold.lexer import Token
from freehold.scripts.cutting import Statement

_DROP_INDEX = re.compile(r"DROP INDEX\b")
_COLUMN_CHANGES: Final = (("ADD", False), ("DROP", True))  # the verb, and whether the column is there before


@dataclass(frozen=True)
class ColumnGuard:
    """A statement's condition: the column is there (`exists`) or is not."""

    table: str
    column: str
    exists: bool


@dataclass(frozen=True)
class Translation:
    """A statement for SQLite, and on which condition it runs; None: always."""

    text: str
    guard: ColumnGuard | None = None


def translate(statement: Statement, schemas: Collection[str]) -> Translation:
    """Give the statement in SQLite's words; `schemas` are the names that stand before a table's."""
    is_drop = bool(_DROP_INDEX.match(statement.head))
    tokens = _join_names(list(statement.tokens), schemas, keeps_schema=not is_drop)
    if statement.head.startswith(("CREATE INDEX", "CREATE UNIQUE INDEX", "DROP INDEX")):
        tokens = _drop_word(tokens, "CONCURRENTLY")
    guard = None
    if statement.head.startswith("ALTER TABLE"):
        tokens, guard = _take_guard(tokens)
    return Translation("".join(token.text for token in tokens), guard)


def _join_names(tokens: list[Token], schemas: Collection[str], *, keeps_schema: bool) -> list[Token]:
    """Give the tokens with one quoted name for each schema, dot and name."""
    found: list[Token] = []
    position = 0
    while position < len(tokens):
        token = tokens[position]
        if token.name in schemas and not _follows_dot(found) and (end := _find_name_end(tokens, position)):
            bare = tokens[end].name
            found.append(Token.quote(f"{token.name}.{bare}" if keeps_schema else bare))
            position = end + 1
            continue
        found.append(token)
        position += 1
    return found


def _follows_dot(tokens: list[Token]) -> bool:
    return next((token.text == "." for token in reversed(tokens) if not token.is_blank), False)


def _find_name_end(tokens: list[Token], position: int) -> int:
    """Give where the name behind a schema and its dot stands; 0 where there is none."""
    rest = [index for index in range(position + 1, len(tokens)) if not tokens[index].is_blank][:2]
    is_name = len(rest) == 2 and tokens[rest[0]].text == "." and bool(tokens[rest[1]].name)
    return rest[1] if is_name else 0


def _drop_word(tokens: list[Token], word: str) -> list[Token]:
    place = next((index for index, token in enumerate(tokens) if token.text.upper() == word), None)
    return tokens if place is None else tokens[:place] + tokens[place + 1 :]


def _take_guard(tokens: list[Token]) -> tuple[list[Token], ColumnGuard | None]:
    """Give the tokens of an ALTER TABLE without the IF [NOT] EXISTS of its column, and what that asked for."""
    places = [index for index, token in enumerate(tokens) if not token.is_blank]
    words = [tokens[index].text.upper() for index in places]
    for verb, exists in _COLUMN_CHANGES:
        condition = ["IF", "EXISTS"] if exists else ["IF", "NOT", "EXISTS"]
        for start in (index for index, word in enumerate(words) if word == verb and index >= 3):
            begin = start + 1 + (words[start + 1 : start + 2] == ["COLUMN"])
            end = begin + len(condition)
            if words[begin:end] == condition and end < len(places):
                # Blanks between the words stay: one would do, and none is in the way.
                gone = set(places[begin:end])
                kept = [token for index, token in enumerate(tokens) if index not in gone]
                table = tokens[places[start - 1]].name
                return kept, ColumnGuard(table, tokens[places[end]].name, exists)
    return tokens, None
