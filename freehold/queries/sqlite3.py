"""Runs statements on SQLite, on the driver's connection, whose authorizer holds services to their rights; row policies
are the ORM's there and hold no SQL of a file. Values are stored as Django stores them, and come as on PostgreSQL."""

from __future__ import annotations

import datetime
import enum
import json
import sqlite3
from collections.abc import Callable, Sequence
from decimal import Context, Decimal
from functools import cache, partial
from typing import Any, Final
from uuid import UUID

import msgspec
from django.db import DatabaseError
from django.utils.duration import duration_microseconds

from freehold.queries.documents import write_as_django
from freehold.queries.engines import Statement, open_connection, put_place, run_wrapped
from freehold.queries.errors import ParameterError, ResultError
from freehold.queries.types import find_scale, get_kind, get_name, is_array
from freehold.queries.values import Parameter
from freehold.redaction import say_safely

_BITS: Final = {"int2": 15, "int4": 31, "int8": 63, "oid": 32}
_take_json: Final = msgspec.json.Decoder(msgspec.Raw).decode  # refuses NaN, and what is no JSON
_EXACT: Final = Context(prec=15)  # as Django reads a REAL (DatabaseOperations.get_decimalfield_converter)


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
        return max(int(self.run(statement, encode(statement, statement.values)).rowcount), 0)

    def fetch_batch(self, statement: Statement, rows: Sequence[Sequence[Any]]) -> list[list[tuple[Any, ...]]]:
        """Run it for each row of values; give the rows of each."""
        return [convert(statement, self.run(statement, encode(statement, each)).fetchall()) for each in rows]

    def execute_batch(self, statement: Statement, rows: Sequence[Sequence[Any]]) -> list[int]:
        """Run it for each row of values; give how many rows each changed."""
        return [max(int(self.run(statement, encode(statement, each)).rowcount), 0) for each in rows]

    def load(self, statement: Statement, columns: Sequence[Sequence[Any]]) -> int:
        """Run the statement of a load for each row; give the number of rows that it changed."""
        rows = [encode(statement, each) for each in zip(*columns, strict=True)]
        return max(int(self.run(statement, rows, many=True).rowcount), 0)

    def run(self, statement: Statement, values: Any, *, many: bool = False) -> Any:
        """Give the driver's cursor, behind the statement."""
        open_connection(self.connection)

        def send(text: str, params: Any, *ignored: Any) -> Any:
            with self.connection.wrap_database_errors:
                cursor = self.connection.connection.cursor()
                return cursor.executemany(text, params) if many else cursor.execute(text, params)

        try:
            return run_wrapped(self.connection, send, statement.joined.text, values, many=many)
        except (DatabaseError, OverflowError) as error:
            raise self.explain(error, statement) from error.__cause__

    def explain(self, error: Exception, statement: Statement) -> Exception:
        """Give the error with the file and the line where its statement begins."""
        cause = error.__cause__
        is_drivers = isinstance(cause, sqlite3.Error) and str(cause) == str(error)
        put_place(error, statement.name_place(), say_safely(error) if is_drivers else str(error), cause)
        return error


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
    if not wanted.is_finite() or _EXACT.create_decimal_from_float(found) != wanted:
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


# --- Values on their way back ----------------------------------------------------------------------------------------
def convert(statement: Statement, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Give the rows in the types that PostgreSQL would give.

    Raises:
        ResultError: a value is none of its column's type.
    """
    columns = statement.columns
    if not rows:
        return rows
    if len(rows[0]) != len(columns):
        raise ResultError(
            f"{statement.name_place()}: gives {len(rows[0])} columns where {len(columns)} were compiled: "
            "run manage.py compilesql"
        )
    found: list[Any] = []
    for column, values in zip(columns, zip(*rows, strict=True), strict=True):
        one = _get_converter(column.type)
        try:
            found.append([None if value is None else one(value) for value in values])
        except (TypeError, ValueError, AttributeError, ArithmeticError):
            raise ResultError(
                f"{statement.name_place()}: column {column.name} has a value that is no {column.type}: "
                "run manage.py compilesql"
            ) from None
    return list(zip(*found, strict=True))


@cache
def _get_converter(kind: str) -> Callable[[Any], Any]:
    if is_array(kind):
        is_json = get_kind(kind) in ("json", "jsonb")
        return partial(_read_list, _read_document if is_json else _get_converter(kind.removesuffix("[]")))
    if get_kind(kind) == "numeric":
        scale = find_scale(kind)
        return partial(_read_numeric, None if scale is None else Decimal(1).scaleb(-scale))
    return _CONVERTERS.get(get_kind(kind), _read_text)


def _read_list(one: Callable[[Any], Any], value: Any) -> list[Any]:
    return [None if each is None else one(each) for each in json.loads(value)]


def _read_document(value: Any) -> bytes:
    """Give an element of a list: a document's text, as JSON columns have it, or by json() the document itself."""
    return _read_json(value) if isinstance(value, str) else json.dumps(value).encode()


def _read_json(value: Any) -> bytes:
    if not isinstance(value, str):
        raise TypeError
    return bytes(_take_json(value))


def _read_numeric(step: Decimal | None, value: Any) -> Decimal:
    found = _EXACT.create_decimal_from_float(value) if isinstance(value, float) else Decimal(value)
    return found if step is None else found.quantize(step)


def _read_integer(value: Any) -> int:
    if not isinstance(value, int):
        raise TypeError
    return value


def _read_boolean(value: Any) -> bool:
    if value not in (0, 1):
        raise ValueError
    return bool(value)


def _read_moment(value: Any) -> datetime.datetime:
    found = value if isinstance(value, datetime.datetime) else datetime.datetime.fromisoformat(value)
    return found.replace(tzinfo=datetime.UTC) if found.tzinfo is None else found.astimezone(datetime.UTC)


def _read_naive(value: Any) -> datetime.datetime:
    return value if isinstance(value, datetime.datetime) else datetime.datetime.fromisoformat(value)


def _read_date(value: Any) -> datetime.date:
    return value if isinstance(value, datetime.date) else datetime.date.fromisoformat(value)


def _read_time(value: Any) -> datetime.time:
    return value if isinstance(value, datetime.time) else datetime.time.fromisoformat(value)


def _read_text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _read_float(value: Any) -> float:
    return float(_expect(value, (int, float)))


_CONVERTERS: Final[dict[str, Callable[[Any], Any]]] = {
    "integer": _read_integer,
    "float": _read_float,
    "boolean": _read_boolean,
    "text": _read_text,
    "uuid": lambda value: value if isinstance(value, UUID) else UUID(value),
    "timestamptz": _read_moment,
    "timestamp": _read_naive,
    "date": _read_date,
    "time": _read_time,
    "bytea": bytes,
    "interval": lambda value: datetime.timedelta(microseconds=_read_integer(value)),
    "json": _read_json,
    "jsonb": _read_json,
}
