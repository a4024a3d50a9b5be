"""What SQL on a way down loses: nothing that is known, the tables and columns that it names, or nobody knows what.

The lists are closed: a statement that they don't have is one of which nobody knows, be it harmless. Functions may do
anything, and so may whatever calls them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from freehold.lexer import ScriptError, Token, fold
from freehold.scripts.cutting import Statement, list_statements

_NAME: Final = r'(?:"(?:[^"]|"")*"|[^\W\d][\w$]*)'
_PATH: Final = rf"{_NAME}(?: \. {_NAME})*"
_IF: Final = "(?:IF EXISTS )?"
_DROP_TABLES: Final = re.compile(rf"DROP TABLE {_IF}(?P<tables>{_PATH}(?: , {_PATH})*)(?: RESTRICT)?", re.I)
_ALTER_TABLE: Final = re.compile(rf"ALTER TABLE {_IF}(?:ONLY )?(?P<table>{_PATH}) (?P<actions>\w.*)", re.I | re.DOTALL)
_DROP_COLUMN: Final = re.compile(rf"DROP (?:COLUMN )?{_IF}(?P<column>{_NAME})(?: RESTRICT)?", re.I)
_ADD: Final = re.compile(r"ADD\b.*", re.I | re.DOTALL)
_RENAMES: Final = re.compile(r"ALTER\b.*\b(?:RENAME|SET SCHEMA)\b.*", re.I | re.DOTALL)
_TABLE_AS: Final = re.compile(r"CREATE (?:UNLOGGED )?TABLE\b.* AS\b.*", re.I | re.DOTALL)
# Parts of an ALTER TABLE, beside ADD and a dropped column.
_HARMLESS_ACTIONS: Final = re.compile(
    rf"DROP CONSTRAINT {_IF}{_NAME}(?: RESTRICT)?"
    rf"|ALTER (?:COLUMN )?{_NAME} (?:SET DEFAULT .+|DROP DEFAULT|(?:SET|DROP) NOT NULL|SET STATISTICS .+)"
    rf"|RENAME (?:(?:COLUMN |CONSTRAINT )?{_NAME} )?TO {_NAME}|SET SCHEMA {_NAME}|OWNER TO {_NAME}"
    rf"|(?:ENABLE|DISABLE|FORCE|NO FORCE) ROW LEVEL SECURITY|(?:ENABLE|DISABLE) (?:ALWAYS |REPLICA )?TRIGGER {_NAME}",
    re.IGNORECASE | re.DOTALL,
)
# Whole statements. What they make is code or empty; what they drop is code, or refused by the server while it is used.
_HARMLESS: Final = re.compile(
    r"CREATE (?:OR REPLACE )?(?:UNIQUE INDEX|INDEX|VIEW|FUNCTION|PROCEDURE|TRIGGER|CONSTRAINT TRIGGER|RULE|AGGREGATE"
    r"|TYPE|DOMAIN|SEQUENCE|POLICY|STATISTICS|COLLATION|CAST|OPERATOR|SCHEMA|TABLE|UNLOGGED TABLE) .+"
    r"|DROP (?:INDEX|VIEW|TRIGGER|FUNCTION|PROCEDURE|ROUTINE|AGGREGATE|POLICY|RULE|TYPE|DOMAIN|STATISTICS|COLLATION"
    r"|CAST|OPERATOR|SCHEMA) .+"
    rf"|ALTER (?:INDEX|VIEW|FUNCTION|PROCEDURE|TYPE|DOMAIN|SEQUENCE|SCHEMA) {_IF}{_PATH}(?: \(\))? "
    rf"(?:RENAME TO|SET SCHEMA|OWNER TO) {_NAME}"
    rf"|ALTER TYPE {_PATH} (?:ADD|RENAME) VALUE .+"
    r"|(?:COMMENT ON|GRANT|REVOKE) .+|SET (?:LOCAL |SESSION )?(?:lock|statement)_timeout (?:=|TO) .+|SELECT \d+",
    re.IGNORECASE | re.DOTALL,
)
_CASCADE: Final = re.compile(r"DROP\b.*\bCASCADE\b.*", re.IGNORECASE | re.DOTALL)
# What may stand before a parenthesis where a column or constraint is added: any other function runs for each row.
_KNOWN_CALLS: Final = frozenset(
    {
        *("bit", "char", "character", "varying", "varchar", "decimal", "numeric", "float", "time", "timestamp"),
        *(
            "timestamptz",
            "interval",
            "identity",
            "add",
            "and",
            "any",
            "as",
            "check",
            "coalesce",
            "default",
            "key",
            "in",
        ),
        *("include", "not", "null", "or", "unique", "where", "with", "char_length", "length", "lower", "upper", "now"),
        *("gen_random_uuid", "uuidv7", "nextval"),
    }
)


_MOST: Final = 100  # statements that nobody knows: as many as a person may read


@dataclass(frozen=True)
class Drop:
    """A table that a statement drops, or a column of it; names as Django writes them: `app.items`."""

    table: str
    column: str = ""


@dataclass
class DownSQL:
    """What a way down drops and can be counted, the statements of which nobody knows, and whether it changes names."""

    drops: list[Drop] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    renames: bool = False


def read_down_sql(texts: Iterable[str]) -> DownSQL:
    """Judge each statement of a way down."""
    found = DownSQL()
    for text in texts:
        try:
            statements = list_statements(text)
        except ScriptError:  # the server would not take it, or reads it otherwise
            found.unknown.append(text)
            continue
        for statement in statements:
            _judge(statement, found)
    return found


def _judge(statement: Statement, found: DownSQL) -> None:
    outline = _outline(statement.tokens)
    drops = _list_drops(statement, outline)
    if drops is None:
        found.unknown += [statement.text] if len(found.unknown) < _MOST else []
    else:
        found.drops += drops
    found.renames = found.renames or bool(_RENAMES.fullmatch(outline))


def _list_drops(statement: Statement, outline: str) -> list[Drop] | None:
    """Give what a statement drops; nothing where it loses none, None where nobody knows."""
    if _CASCADE.fullmatch(outline):
        return None
    if found := _DROP_TABLES.fullmatch(outline):
        return [Drop(_read_name(name)) for name in found["tables"].split(" , ")]
    if found := _ALTER_TABLE.fullmatch(outline):
        if _calls_unknown(statement.tokens):
            return None
        return _list_dropped_columns(_read_name(found["table"]), found["actions"].split(" , "))
    return [] if _HARMLESS.fullmatch(outline) and not _TABLE_AS.fullmatch(outline) else None


def _list_dropped_columns(table: str, actions: list[str]) -> list[Drop] | None:
    drops = []
    for action in actions:
        if found := _DROP_COLUMN.fullmatch(action):
            drops.append(Drop(table, _read_name(found["column"])))
        elif not (_HARMLESS_ACTIONS.fullmatch(action) or _ADD.fullmatch(action)):
            return None
    return drops


def _outline(tokens: tuple[Token, ...]) -> str:
    """Give a statement's tokens with one space between them, and of each text and parenthesis only that it is there."""
    words: list[str] = []
    depth = 0
    for token in tokens:
        depth += token.text == "("
        if not depth and not token.is_blank:
            words.append("''" if token.kind == "text" else token.text)
        if token.text == ")" and depth:
            depth -= 1
            words += ["()"] * (not depth)
    return " ".join(words)


def _calls_unknown(tokens: tuple[Token, ...]) -> bool:
    """Tell whether a function is called that may do anything; `REFERENCES app.items (id)` calls none."""
    words = [token for token in tokens if not token.is_blank]
    return any(
        token.text == "(" and words[place - 1].name and not _is_known(words[:place])
        for place, token in enumerate(words)
        if place
    )


def _is_known(before: list[Token]) -> bool:
    """Tell whether a name before a parenthesis is one of a table, an access method, or a function that is known."""
    start = len(before) - 1
    while start >= 2 and before[start - 1].text == ".":
        start -= 2
    if start and before[start - 1].text.upper() in ("REFERENCES", "USING"):
        return True
    return len(before) - 1 == start and before[start].name in _KNOWN_CALLS


def _read_name(path: str) -> str:
    """Give a name with its schema, folded as PostgreSQL folds it."""
    parts = re.findall(_NAME, path)
    return ".".join(each[1:-1].replace('""', '"') if each.startswith('"') else fold(each) for each in parts)
