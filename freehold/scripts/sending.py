"""Sends many short statements in one message: a round trip for each is what a long file of INSERT would take longest
by.

Each is still a statement of its own for the server, with its own limits, and one that fails is known by how many came
before it. PostgreSQL alone; and INSERT alone, which leaves the session as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from itertools import accumulate
from typing import Any, Final

import psycopg
from django.db import DatabaseError
from psycopg.abc import PQGen
from psycopg.errors import error_from_result
from psycopg.generators import execute
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGresult

_BETWEEN: Final = ";\n"
_MOST: Final = 200  # statements in a message
_LONGEST: Final = 1 << 16  # characters
Runnable = tuple[str, int]  # a statement and its line


def iter_messages(statements: Iterable[Runnable], connection: Any) -> Iterator[list[Runnable]]:
    """Yield the statements in lists of what goes into one message; one alone where it is no INSERT, outside of a
    transaction, and on SQLite."""
    message: list[Runnable] = []
    size = 0
    for text, line in statements:
        joins = text[:6].upper() == "INSERT" and connection.vendor == "postgresql" and connection.in_atomic_block
        if message and not (joins and len(message) < _MOST and size + len(text) < _LONGEST):
            yield message
            message, size = [], 0
        message.append((text, line))
        size += len(text)
        if not joins:
            yield message
            message, size = [], 0
    if message:
        yield message


def send(connection: Any, message: list[Runnable], naming: Callable[[int], AbstractContextManager[None]]) -> None:
    """Send the statements; those who look at what is sent see them as one. An error is raised inside of what `naming`
    gives for the line of the statement that failed."""
    done = 0

    def run(sql: str, *_: Any) -> None:
        nonlocal done
        with connection.wrap_database_errors:
            *before, last = _exchange(connection.connection, sql.encode())
            done = len(before)
            if last.status == ExecStatus.FATAL_ERROR:
                error = error_from_result(last, encoding="utf-8")
                done = _find_place(message, int(error.diag.statement_position or 0)) or done
                error.statement = message[done][0]  # type: ignore[attr-defined]  # for whoever tells what failed
                raise error

    try:
        with connection.cursor() as cursor:
            cursor._execute_with_wrappers(_BETWEEN.join(text for text, _ in message), None, False, run)
    except DatabaseError:
        with naming(message[done][1]):
            raise


def _find_place(message: list[Runnable], position: int) -> int:
    """Give which statement has the character, from 1, of the message in it; 0: the first, or it is not known. Where one
    is no SQL, none of the message ran."""
    ends = accumulate(len(text) + len(_BETWEEN) for text, _ in message)
    return next((place for place, end in enumerate(ends) if position <= end), 0)


def _exchange(raw: psycopg.Connection[Any], text: bytes) -> list[PGresult]:
    """Give what the server answers to each statement, up to the first that fails."""

    def communicate() -> PQGen[list[PGresult]]:
        yield from raw._start_query()  # BEGIN, which the driver sends before the first statement of a transaction
        raw.pgconn.send_query(text)
        found: list[Any] = yield from execute(raw.pgconn)
        return found

    with raw.lock:
        return raw.wait(communicate())
