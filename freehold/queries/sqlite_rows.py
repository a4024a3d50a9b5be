"""Makes of what SQLite keeps what PostgreSQL would give."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from decimal import Context, Decimal
from functools import cache, partial
from typing import Any, Final
from uuid import UUID

import msgspec

from freehold.queries.engines import Statement
from freehold.queries.errors import ResultError
from freehold.queries.types import find_scale, get_kind, is_array

EXACT: Final = Context(prec=15)  # as Django reads a REAL (DatabaseOperations.get_decimalfield_converter)
_take_json: Final = msgspec.json.Decoder(msgspec.Raw).decode  # refuses NaN, and what is no JSON


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
    found = EXACT.create_decimal_from_float(value) if isinstance(value, float) else Decimal(value)
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
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        raise TypeError
    return float(value)


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
