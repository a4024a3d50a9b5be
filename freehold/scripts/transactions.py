"""Keeps what runs inside a transaction from ending it: by the words that begin a statement, and by what the driver
knows of the session afterwards, without asking the server."""

from __future__ import annotations

import re
from typing import Any, Final

from psycopg.pq import TransactionStatus

from freehold.lexer import REST, ScriptError
from freehold.scripts.cutting import Statement, list_statements

# What ends or begins a transaction. (END is COMMIT by another name.)
_WORDS: Final = ("BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE", "PREPARE")
_TRANSACTION: Final = re.compile(rf"(?:{'|'.join(_WORDS)})(?!{REST})", re.IGNORECASE)
# Where such a word may begin a statement: at the beginning, behind another, behind a comment.
_MAY_BEGIN: Final = re.compile(
    rf"(?:\A|;|\*/|(?<!-)--[^\r\n]*[\r\n])\s*(?:{'|'.join(_WORDS)})(?!{REST})", re.IGNORECASE
)
_OWN: Final = re.compile(r"(?:ROLLBACK (?:WORK |TRANSACTION )?TO|SAVEPOINT|RELEASE)\b")  # as Django writes them
_PREPARES: Final = "PREPARE TRANSACTION"


def find_word(statement: str) -> str:
    """Give the word by which a statement, that begins with it, begins or ends a transaction or a part of one, in
    capitals; empty where it does neither."""
    if not _TRANSACTION.match(statement):
        return ""
    head = Statement(statement, 1).head
    if head.startswith("PREPARE"):
        return _PREPARES if head.startswith(_PREPARES) else ""
    return head.partition(" ")[0]


def find_ending(script: str) -> str:
    """Give the first word in some statements that would end the transaction around them, in capitals; empty where there
    is none, or where they are none for the server either. Savepoints are nobody's loss."""
    capitals = script.upper()  # many times as fast as a look for words
    if not any(word in capitals for word in _WORDS) or not _MAY_BEGIN.search(script):
        return ""
    try:
        statements = [each.text for each in list_statements(script)]
    except ScriptError:
        return ""
    words = (find_word(text) for text in statements if not _OWN.match(Statement(text, 1).head))
    return next(filter(None, words), "")


def is_open(connection: Any) -> bool:
    """Tell whether a transaction is open on the connection, by what the driver knows."""
    if connection.connection is None:
        return False
    if connection.vendor == "sqlite":
        return bool(connection.connection.in_transaction)
    return bool(connection.connection.info.transaction_status != TransactionStatus.IDLE)
