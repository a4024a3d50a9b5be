"""What a service is told whose statement can't go the way that services' statements go: what to write instead."""

from __future__ import annotations

import re
from typing import Any, Final

from django.db import DatabaseError

NO_COPY: Final = 'COPY can\'t be sent by execute(): write `with cursor.copy("COPY …") as copy`'
COPY_HAS_VALUES: Final = (
    "COPY takes no values that the server binds, and a value in the text of a service's statement is read by others: "
    "copy rows in, or run a SELECT with its values by execute()"
)
LATE_CURSOR: Final = (
    "the cursor on the server was opened while no service acted: open it inside the block, where its values are bound"
)
NAMES: Final = (
    "prepare_threshold gives statements names, which other code on the connection can give to other statements: take "
    "it out of OPTIONS of the database, or set it to None, for a process that serves services"
)
_SEVERAL: Final = "a service sends one statement with each execute(): give each its own"
_LITERAL: Final = (
    "a service's values are bound by the server, which takes them inside SELECT, INSERT, UPDATE, DELETE, MERGE and "
    "VALUES: write set_config(%s, %s, true) for SET, %s::interval for INTERVAL %s, psycopg.sql.Identifier for a name"
)
_UNTYPED: Final = "the server binds a service's values and can't tell the type of this one: write it, as %s::text"
_LATE: Final = (
    "let SET TRANSACTION be the first words of the transaction's first statement, or set isolation_level in OPTIONS of "
    "the database: what says who acts is a query"
)
_MARK = re.compile(r'"\$\d+"')


def advise(error: DatabaseError) -> Exception | None:
    """Give the error with what to write instead; None for one that has nothing to do with how statements travel."""
    cause: Any = error.__cause__
    words = _find(getattr(cause, "sqlstate", None), getattr(cause, "diag", None))
    return type(error)(f"{cause.diag.message_primary}: {words}") if words else None


def _find(state: str | None, diag: Any) -> str:
    """Give the words for what the server said (manual, appendix A); the names of functions are in no language."""
    if state == "42601" and diag.source_function == "exec_parse_message":
        return _SEVERAL
    if state == "42601" and _MARK.search(diag.message_primary or ""):
        return _LITERAL
    if state == "42P18":
        return _UNTYPED
    return _LATE if state == "25001" and "TRANSACTION" in (diag.message_primary or "") else ""
