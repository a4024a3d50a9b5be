"""Runs statements on SQLite, on the driver's connection, whose authorizer holds services to their rights. Values are
stored as Django stores them, and come as on PostgreSQL."""

from __future__ import annotations

import datetime
import enum
import json
import sqlite3
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import cache, partial
from typing import Any, Final
from uuid import UUID

from django.db import DatabaseError
from django.utils.duration import duration_microseconds

from freehold.queries.documents import write_as_django
from freehold.queries.engines import Statement, open_connection, put_place, run_wrapped
from freehold.queries.errors import ParameterError, QueryError
from freehold.queries.held import hold_rows
from freehold.queries.sqlite_rows import EXACT, convert
from freehold.queries.types import get_kind, get_name, is_array
from freehold.queries.values import Parameter
from freehold.redaction import say_safely

_BITS: Final = {"int2": 15, "int4": 31, "int8": 63, "oid": 32}


class SQLiteEngine:
    """Runs statements on one connection."""

    dialect: Final = "sqlite"

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def fetch(self, statement: Statement) -> list[tuple[Any, ...]]:
        """Give the rows as Python's values; JSON as bytes.

        Raises:
            ResultError: a column is not what the file was compiled against.
        """
        rows = self.run(statement, encode(statement, statement.values)).fetchall()
        return convert(statement, rows)

    def execute(self, statement: Statement) -> int:
        """Give the number of rows that it changed."""
        return _count(self.run(statement, encode(statement, statement.values)))

    def fetch_batch(self, statement: Statement, rows: Sequence[Sequence[Any]]) -> list[list[tuple[Any, ...]]]:
        """Run it for each row of values; give the rows of each."""
        return [convert(statement, self.run(statement, encode(statement, each)).fetchall()) for each in rows]

    def execute_batch(self, statement: Statement, rows: Sequence[Sequence[Any]]) -> list[int]:
        """Run it for each row of values; give how many rows each changed."""
        return [_count(self.run(statement, encode(statement, each))) for each in rows]

    def load(self, statement: Statement, columns: Sequence[Sequence[Any]]) -> int:
        """Run the statement of a load for each row; give the number of rows that it changed."""
        rows = [encode(statement, each) for each in zip(*columns, strict=True)]
        return max(int(self.run(statement, rows, many=True).rowcount), 0)  # INSERT it begins with

    def run(self, statement: Statement, values: Any, *, many: bool = False) -> Any:
        """Give the driver's cursor, behind the statement."""
        open_connection(self.connection)
        try:
            text, more = hold_rows(self.connection, statement.joined.text, len(statement.joined.parameters))
        except QueryError as error:
            raise QueryError(f"{statement.name_place()}: {error}") from None
        values = [[*each, *more] for each in values] if many else [*values, *more]

        def send(text: str, params: Any, *ignored: Any) -> Any:
            with self.connection.wrap_database_errors:
                cursor = self.connection.connection.cursor()
                return cursor.executemany(text, params) if many else cursor.execute(text, params)

        try:
            return run_wrapped(self.connection, send, text, values, many=many)
        except (DatabaseError, OverflowError) as error:
            raise self.explain(error, statement) from error.__cause__

    def explain(self, error: Exception, statement: Statement) -> Exception:
        """Give the error with the file and the line where its statement begins."""
        cause = error.__cause__
        is_drivers = isinstance(cause, sqlite3.Error) and str(cause) == str(error)
        put_place(error, statement.name_place(), say_safely(error) if is_drivers else str(error), cause)
        return error


def _count(cursor: Any) -> int:
    """Give how many rows the statement changed; the driver does not say it of one that begins with WITH."""
    if cursor.rowcount >= 0:
        return int(cursor.rowcount)
    return int(cursor.execute("SELECT changes()").fetchone()[0])


# --- Values on their way ---------------------------------------------------------------------------------------------
def encode(statement: Statement, values: Sequence[Any]) -> list[Any]:
    """Give the values as SQLite keeps them.

    Raises:
        ParameterError: one does not fit its parameter.
    """
    return [_encode(statement, *each) for each in zip(statement.joined.parameters, values, strict=True)]


def _encode(statement: Statement, parameter: Parameter, value: Any) -> Any:
    if value is None:
        if parameter.is_nullable:
            return None
        raise ParameterError(f"{statement.name_place()}: parameter {parameter.name} is None, and can't be NULL")
    single = _get_encoder(parameter.type)
    try:
        if parameter.is_list or is_array(parameter.type):
            if not isinstance(value, (list, tuple)):
                raise TypeError
            return json.dumps([None if each is None else single(each) for each in value])
        return single(value)
    except (TypeError, ValueError, AttributeError, OverflowError):
        kind = f"a list of {parameter.type}" if parameter.is_list else parameter.type
        raise ParameterError(
            f"{statement.name_place()}: parameter {parameter.name} gets what is no {kind} of PostgreSQL"
        ) from None


@cache
def _get_encoder(kind: str) -> Callable[[Any], Any]:
    name = get_name(kind)
    if name in _BITS:
        return partial(_encode_integer, _BITS[name])
    return _ENCODERS.get(get_kind(kind), _encode_text)


def _encode_integer(bits: int, value: Any) -> int:
    found = int(_expect(value, int))
    if not -(2**bits) <= found < 2**bits:
        raise OverflowError
    return found


def _encode_text(value: Any) -> str:
    found: str = _expect(value, str)
    if isinstance(found, enum.Enum):
        found = found.value
    found.encode()  # half of a surrogate pair is no text
    if "\0" in found:
        raise ValueError("NUL")
    return str(found)


def _encode_moment(value: Any) -> str:
    if value.tzinfo is None:
        raise ValueError("naive")
    return str(value.astimezone(datetime.UTC).replace(tzinfo=None))


def _encode_naive(kind: type) -> Callable[[Any], str]:
    def encode(value: Any) -> str:
        if _expect(value, kind).tzinfo is not None:
            raise ValueError("aware")
        return str(value)

    return encode


def _encode_numeric(value: Any) -> int | float:
    """Give the number that a numeric column makes of its text: beside what has no affinity a text would be compared as
    one."""
    wanted = Decimal(_expect(value, (Decimal, int)))
    found = float(wanted)
    if not wanted.is_finite() or EXACT.create_decimal_from_float(found) != wanted:
        raise ValueError  # SQLite would keep another number
    return int(wanted) if found.is_integer() and abs(found) < 2**53 else found


def _expect(value: Any, kind: Any) -> Any:
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise TypeError
    if kind is datetime.date and isinstance(value, datetime.datetime):
        raise TypeError
    return value


_ENCODERS: Final[dict[str, Callable[[Any], Any]]] = {
    "float": lambda value: float(_expect(value, (float, int))),
    "numeric": _encode_numeric,
    "boolean": lambda value: int(_expect(value, bool)),
    "uuid": lambda value: _expect(value, UUID).hex,
    "timestamptz": _encode_moment,
    "timestamp": _encode_naive(datetime.datetime),
    "date": lambda value: str(_expect(value, datetime.date)),
    "time": _encode_naive(datetime.time),
    "interval": lambda value: duration_microseconds(_expect(value, datetime.timedelta)),
    "bytea": lambda value: bytes(_expect(value, (bytes, bytearray, memoryview))),
    "json": write_as_django,
    "jsonb": write_as_django,
}
