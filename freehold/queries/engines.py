"""What runs a statement, by the connection's dialect, and how that is watched: execute wrappers and the log of
queries, as for Django's own statements."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorDebugWrapper

from freehold.queries.errors import QueryError
from freehold.queries.joining import Dialect, Joined
from freehold.queries.values import Column
from freehold.redaction import say_safely


@dataclass(frozen=True)
class Statement:
    """A statement that is ready to go, with a value for each of its parameters."""

    file: str
    joined: Joined
    values: Sequence[Any]
    columns: Sequence[Column] = ()

    def name_place(self, place: int = 0) -> str:
        """Give file and line of a place in its text."""
        return f"{self.file}:{self.joined.find_line(place)}"


class Engine(Protocol):
    """Runs statements on one connection."""

    @property
    def dialect(self) -> Dialect:
        """Which it is."""

    def fetch(self, statement: Statement) -> list[tuple[Any, ...]]:
        """Give the rows as Python's values; JSON as bytes."""

    def execute(self, statement: Statement) -> int:
        """Give the number of rows that it changed."""

    def fetch_batch(self, statement: Statement, rows: Sequence[Sequence[Any]]) -> list[list[tuple[Any, ...]]]:
        """Run it for each row of values, all or none; give the rows of each."""

    def execute_batch(self, statement: Statement, rows: Sequence[Sequence[Any]]) -> list[int]:
        """Run it for each row of values, all or none; give how many rows each changed."""

    def load(self, statement: Statement, columns: Sequence[Sequence[Any]]) -> int:
        """Run the statement of a load for the values of each column; give the number of rows that it changed."""


def get_engine(connection: BaseDatabaseWrapper) -> Engine:
    """Give what runs statements on a connection.

    Raises:
        QueryError: its backend is none of Freehold's.
    """
    if connection.vendor == "postgresql" and hasattr(connection, "acting_context"):
        from freehold.queries.postgresql import PostgreSQLEngine  # with the driver, which SQLite does without

        return PostgreSQLEngine(connection)
    if connection.vendor == "sqlite":
        from freehold.queries.sqlite3 import SQLiteEngine

        return SQLiteEngine(connection)
    raise QueryError(
        f"typed SQL needs one of Freehold's backends, and the database {connection.alias!r} has another: set ENGINE to "
        "freehold.backends.postgresql or freehold.backends.sqlite3"
    )


def open_connection(connection: Any) -> None:
    """Connect where that has to be, as Django does before a cursor."""
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    connection.validate_thread_sharing()
    connection.validate_no_broken_transaction()


def run_wrapped(connection: Any, run: Callable[..., Any], text: str, params: Any, *, many: bool = False) -> Any:
    """Call `run` with text and values, inside whatever wraps the connection's statements."""
    if connection.queries_logged:
        run = _log(connection, run)
    if not connection.execute_wrappers:
        return run(text, params, many, None)
    context = {"connection": connection, "cursor": None}
    for wrapper in reversed(connection.execute_wrappers):
        run = functools.partial(wrapper, run)
    return run(text, params, many, context)


def _log(connection: Any, run: Callable[..., Any]) -> Callable[..., Any]:
    """Give the call that notes its statement for Django's log of queries; no value goes there."""

    def logged(text: str, params: Any, many: bool, context: Any) -> Any:
        with CursorDebugWrapper(None, connection).debug_sql(text, [None] * len(params) if many else None, many=many):
            return run(text, params, many, context)

    return logged


def put_place(error: Exception, place: str, words: str, cause: BaseException | None) -> None:
    """Let an error of the database say where the statement stands; it and its cause say no value beside."""
    error.args = (f"{place}: {words}",)
    if isinstance(cause, Exception):
        cause.args = (say_safely(cause),)
