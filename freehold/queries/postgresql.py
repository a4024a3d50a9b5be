"""Runs statements on PostgreSQL past Django's cursor: values and results in binary, in one round trip with what says
who asks. A name it has only on a connection that is known clean."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

import psycopg
from django.db import DatabaseError
from psycopg import postgres
from psycopg.adapt import AdaptersMap, Loader, Transformer
from psycopg.pq import Format

from freehold.backends.postgresql.contexts import put_into_words
from freehold.backends.postgresql.pipelines import MOST_VALUES, Command
from freehold.queries.encoding import BINARY, TEXT, UNFIT, Encoder, get_encoder
from freehold.queries.engines import Statement, open_connection, put_place, run_wrapped
from freehold.queries.errors import ParameterError, ResultError
from freehold.queries.joining import Joined
from freehold.queries.leavings import leaves_nothing
from freehold.queries.types import get_name, is_array
from freehold.queries.values import Column, Parameter
from freehold.redaction import say_safely

if TYPE_CHECKING:
    from freehold.backends.postgresql.base import DatabaseWrapper

_MADE: Final = "postgresql"
_REVALIDATES: Final = (
    "RevalidateCachedQuery"  # of the server, where a statement's columns are others than when it was named
)
_CHANGED: Final = (
    "the schema changed under the transaction, and its columns are others: begin the transaction anew, and where that "
    "does not help, run manage.py compilesql"
)


class _JsonbLoader(Loader):
    """Gives a document as it came; its first byte is the format's version (jsonb_send)."""

    format = Format.BINARY

    def load(self, data: Any) -> bytes:
        return bytes(data)[1:]


class _JsonLoader(Loader):
    format = Format.BINARY

    def load(self, data: Any) -> bytes:
        return bytes(data)


class _JsonTextLoader(_JsonLoader):
    format = Format.TEXT


def _make_adapters() -> AdaptersMap:
    """Give the driver's adapters, not those of the connection, which Django changes: times are of UTC."""
    found = AdaptersMap(psycopg.adapters)
    found.register_loader("jsonb", _JsonbLoader)
    found.register_loader("json", _JsonLoader)
    found.register_loader("jsonb", _JsonTextLoader)
    found.register_loader("json", _JsonTextLoader)
    return found


class _Local(threading.local):
    """The driver's converter, which keeps what it looked up, one for each thread."""

    def __init__(self) -> None:
        context: Any = SimpleNamespace(adapters=_make_adapters(), connection=None)
        self.transformer = Transformer(context)


_local = _Local()


class _Prepared:
    """What is made of a statement once: how its values go out, and what its columns must be."""

    __slots__ = ("encoders", "formats", "leaves_nothing", "lists", "oids", "result_format", "types")

    def __init__(self, joined: Joined, columns: Sequence[Column]) -> None:
        self.encoders = [get_encoder(each.type, is_list=each.is_list) for each in joined.parameters]
        self.types = [each.oid for each in self.encoders]
        self.formats = [each.format for each in self.encoders]
        self.oids = [_find_oid(each.type) for each in columns]
        self.result_format = BINARY if all(self.oids) else TEXT  # a type of the project's own comes as its text
        self.leaves_nothing = leaves_nothing(joined.text)
        self.lists = [place for place, each in enumerate(columns) if is_array(each.type) and not self.oids[place]]


def _find_oid(kind: str) -> int:
    info = postgres.types.get(get_name(kind))
    return 0 if info is None else info.array_oid if is_array(kind) else info.oid


class PostgreSQLEngine:
    """Runs statements on one connection of Freehold's backend."""

    dialect: Final = "postgresql"

    def __init__(self, connection: Any) -> None:
        self.connection: DatabaseWrapper = connection

    def fetch(self, statement: Statement) -> list[tuple[Any, ...]]:
        """Give the rows as Python's values; JSON as bytes.

        Raises:
            ResultError: the columns are not those that the file was compiled against.
        """
        prepared = _prepare(statement)
        return self.read(statement, prepared, self.run(statement, prepared, [statement.values])[0])

    def execute(self, statement: Statement) -> int:
        """Give the number of rows that it changed."""
        (result,) = self.run(statement, _prepare(statement), [statement.values])
        return result.command_tuples or 0

    def fetch_batch(self, statement: Statement, rows: Sequence[Sequence[Any]]) -> list[list[tuple[Any, ...]]]:
        """Run it for each row of values, all or none; give the rows of each."""
        prepared = _prepare(statement)
        return [self.read(statement, prepared, each) for each in self.run(statement, prepared, rows)]

    def execute_batch(self, statement: Statement, rows: Sequence[Sequence[Any]]) -> list[int]:
        """Run it for each row of values, all or none; give how many rows each changed."""
        return [each.command_tuples or 0 for each in self.run(statement, _prepare(statement), rows)]

    def load(self, statement: Statement, columns: Sequence[Sequence[Any]]) -> int:
        """Run the statement of a load for the values of each column; give the number of rows that it changed."""
        (result,) = self.run(statement, _prepare(statement), [columns])
        return result.command_tuples or 0

    def run(self, statement: Statement, prepared: _Prepared, rows: Sequence[Sequence[Any]]) -> list[Any]:
        """Send the statement for each row of values, all in one round trip; give the results."""
        open_connection(self.connection)
        many = len(rows) != 1

        def send(text: str, params: Any, *ignored: Any) -> list[Any]:
            query = text.encode()
            return self.connection.acting_context.run(
                [
                    Command(
                        query,
                        encode(statement, prepared, row),
                        prepared.types,
                        prepared.formats,
                        prepared.result_format,
                    )
                    for row in (params if many else [params])
                ],
                leaves_nothing=prepared.leaves_nothing,
            )

        try:
            found: list[Any] = run_wrapped(
                self.connection, send, statement.joined.text, rows if many else rows[0], many=many
            )
        except DatabaseError as error:
            if isinstance(error, ParameterError):
                raise
            raise self.explain(error, statement) from error.__cause__
        return found

    def explain(self, error: DatabaseError, statement: Statement) -> Exception:
        """Give the error with file and line, in Freehold's words where it refuses whoever acts."""
        cause: Any = error.__cause__
        found = put_into_words(self.connection, error, statement.joined.text)
        if isinstance(cause, psycopg.errors.FeatureNotSupported) and cause.diag.source_function == _REVALIDATES:
            return ResultError(f"{statement.name_place()}: {_CHANGED}")
        place = getattr(getattr(cause, "diag", None), "statement_position", None)
        words = say_safely(cause) if found is error and cause is not None else str(found)
        put_place(found, statement.name_place(int(place) - 1 if place else 0), words, cause)
        return found

    def read(self, statement: Statement, prepared: _Prepared, result: Any) -> list[tuple[Any, ...]]:
        """Give a result's rows.

        Raises:
            ResultError: see `fetch`.
        """
        _check_columns(statement, prepared, result)
        transformer = _local.transformer
        transformer.set_pgresult(result, set_loaders=True, format=None)
        try:
            rows: list[tuple[Any, ...]] = transformer.load_rows(0, result.ntuples, tuple)
        except UNFIT:  # infinity, a year before Christ
            raise ResultError(f"{statement.name_place()}: gives a value that Python can't hold") from None
        finally:
            transformer.set_pgresult(None)
        return _read_lists(rows, prepared.lists) if prepared.lists else rows


def _read_lists(rows: list[tuple[Any, ...]], places: Sequence[int]) -> list[tuple[Any, ...]]:
    """Give the rows with lists for arrays of a type of the project's own, which come as a text."""
    load = _local.transformer.get_loader(postgres.types["text"].array_oid, Format.TEXT).load
    columns: list[Any] = list(zip(*rows, strict=True))
    for place in places if rows else ():
        columns[place] = [None if each is None else load(each.encode()) for each in columns[place]]
    return list(zip(*columns, strict=True))


def _prepare(statement: Statement) -> _Prepared:
    made = statement.joined.made
    found = made.get(_MADE)
    if found is None:
        if len(statement.joined.parameters) > MOST_VALUES:
            raise ParameterError(f"{statement.name_place()}: more than {MOST_VALUES:,} parameters")
        found = made[_MADE] = _Prepared(statement.joined, statement.columns)
    prepared: _Prepared = found
    return prepared


def encode(statement: Statement, prepared: _Prepared, values: Sequence[Any]) -> list[bytes | None]:
    """Give the values as bytes.

    Raises:
        ParameterError: one does not fit its parameter.
    """
    pairs = zip(statement.joined.parameters, prepared.encoders, values, strict=True)
    return [_encode(statement, *each) for each in pairs]


def _encode(statement: Statement, parameter: Parameter, encoder: Encoder, value: Any) -> bytes | None:
    if value is None:
        if parameter.is_nullable:
            return None
        raise ParameterError(f"{statement.name_place()}: parameter {parameter.name} is None, and can't be NULL")
    try:
        return encoder.encode(value)
    except UNFIT:
        kind = f"a list of {parameter.type}" if parameter.is_list else parameter.type
        raise ParameterError(
            f"{statement.name_place()}: parameter {parameter.name} gets what is no {kind} of PostgreSQL"
        ) from None


def _check_columns(statement: Statement, prepared: _Prepared, result: Any) -> None:
    """Refuse a result of other columns.

    Raises:
        ResultError: it is one.
    """
    oids = prepared.oids
    if result.nfields != len(oids):
        raise ResultError(
            f"{statement.name_place()}: gives {result.nfields} columns where {len(oids)} were compiled: "
            "run manage.py compilesql"
        )
    for place, oid in enumerate(oids):
        if oid and result.ftype(place) != oid:
            column, found = statement.columns[place], postgres.types.get(result.ftype(place))
            raise ResultError(
                f"{statement.name_place()}: column {column.name or place + 1} is "
                f"{found.name if found else 'of another type'} where {column.type} was compiled: "
                "run manage.py compilesql"
            )
