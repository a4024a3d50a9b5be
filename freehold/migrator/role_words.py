"""Finds in a statement the words by which a migration would leave its role. Function bodies and DO blocks are read too;
what a text puts together at run time is not, and shows by what it did (freehold/migrator/boundaries.py)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from freehold.acting.roles import SWITCH
from freehold.lexer import ScriptError, Token, iter_tokens

# Without it there are no such words. What may stand between two of them is for the lexer to tell.
_HINT: Final = re.compile(
    r"\b(?:SET|RESET|LOCAL|SESSION)\s*(?:--|/\*|\s(?:ROLE|AUTHORIZATION|ALL)\b|\"role\")|\b(?:DISCARD|pg_settings)\b|"
    r"['$](?:role|session_authorization)['$]",
    re.I,
)
_WORDS: Final = re.compile(
    r"\b(?:SET (?:LOCAL |SESSION )?(?:ROLE\b|\"role\")|SET (?:LOCAL |SESSION )?SESSION AUTHORIZATION|"
    r"RESET (?:(?:ROLE|SESSION AUTHORIZATION|ALL)\b|\"role\")|DISCARD ALL|UPDATE (?:pg_catalog \. )?pg_settings|"
    r"SET_CONFIG \( (?:SETTING_NAME (?:: =|= >) )?'(?:role|session_authorization)')",
    re.I,
)
_NAME: Final = r'(?:"(?:[^"]|"")*"|(?!(?:THEN|ELSE|LOOP|BEGIN|WHEN|SET)\b)[^\W\d][\w$]*)'
# A column of that name, which an UPDATE sets first; `FOR UPDATE LOOP SET role = …` is none.
_COLUMN: Final = re.compile(
    rf"((?:DO|THEN) UPDATE |(?<!FOR )(?<!KEY )\bUPDATE (?:ONLY )?{_NAME}(?: \. {_NAME})*(?: \*)?(?: (?:AS )?{_NAME})? )"
    rf"SET (?=(?:role|\"role\") =)",
    re.I,
)
# One statement by which nothing runs that could set a role. What it makes may run later.
_QUIET: Final = re.compile(
    r"\s*(?:CREATE\s+(?:OR\s+REPLACE\s+)?(?:FUNCTION|PROCEDURE)\b[^;$']*\$(\w*)\$(?:(?!\$\1\$).)*\$\1\$[^;$']*;?\s*|"
    r"(?:CREATE\s+(?:OR\s+REPLACE\s+)?(?:CONSTRAINT\s+)?TRIGGER|COMMENT\s+ON|GRANT|REVOKE|DROP\s+(?:FUNCTION|INDEX|TRIGGER))"
    r"\b[^;]*;?\s*)\Z",
    re.I | re.S,
)
_BODY: Final = re.compile(r"(?:DO|CREATE (?:OR REPLACE )?(?:FUNCTION|PROCEDURE))\b", re.I)


def find_role_words(statement: str) -> str:
    """Give the words as the statement has them, in capitals; empty where it has none, or is the engine's own."""
    if statement == SWITCH or not _HINT.search(statement):
        return ""
    try:
        texts = (_COLUMN.sub(r"\1", text) for text in _iter_texts(statement))
        found = next((match[0] for text in texts for match in _WORDS.finditer(text)), "")
    except ScriptError:
        return ""  # for the server to refuse
    return found.upper().replace(" ( ", "(")


def may_become(statement: str) -> bool:
    """Tell whether the role may be another once the statement has run, as far as its kind says: a function that it
    calls may set one."""
    return not _QUIET.match(statement)


def _iter_texts(script: str) -> Iterator[str]:
    """Yield the script with one space between tokens and no comments, then each body in it so."""
    tokens = [token for token in iter_tokens(script) if not token.is_blank]
    text = " ".join(_shorten(token) if token.kind == "text" else token.text for token in tokens)
    yield text
    if _BODY.search(text):
        for token in tokens:
            if body := token.body:
                yield from _iter_texts(body)


def _shorten(text: Token) -> str:
    """Give a text as it is compared: what names a setting in plain quotes, and nothing else that it holds."""
    inner = (text.body or "").lower()
    return f"'{inner}'" if inner in ("role", "session_authorization") else "''"
