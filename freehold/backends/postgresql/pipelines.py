"""Statements of a service on their way to the server: one a message, its values apart from its text, without a name,
and what sets it up in one round trip with it (manual, libpq, "Pipeline Mode").

The driver's own pipeline costs more than the rest of a request's set-up together, so that libpq is driven by hand.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import takewhile
from typing import Any, Final, NamedTuple

import psycopg
from django.db.backends.postgresql import base
from psycopg import errors, postgres
from psycopg._queries import PostgresQuery
from psycopg.abc import PQGen
from psycopg.adapt import PyFormat, Transformer
from psycopg.generators import execute, fetch_many, send
from psycopg.pq import ExecStatus, TransactionStatus

from freehold.backends.postgresql.advice import NO_COPY

MOST_VALUES: Final = 2**16 - 1  # that the protocol takes beside one statement
_COPIES: Final = (ExecStatus.COPY_IN, ExecStatus.COPY_OUT, ExecStatus.COPY_BOTH)
_TOO_MANY: Final = (
    "the statement has {count:,} values, and the server takes {most:,} beside one: give them as one list, "
    "`= ANY (%s)` in place of `IN (…)`, or in several statements"
)
# What a number is where it stands in the text: a value beside it is to be no other type, or `30000 + 30000` overflows.
_BY_NAME = postgres.types
_AS_WRITTEN: Final[dict[int, int]] = {
    _BY_NAME["int2"].oid: _BY_NAME["int4"].oid,
    _BY_NAME["int2"].array_oid: _BY_NAME["int4"].array_oid,
}
_FLOAT, _NUMERIC = _BY_NAME["float8"].oid, _BY_NAME["numeric"].oid
# Where the server holds one expression of a statement against another, the same value must be the same parameter.
_COMPARES: Final = re.compile(rb"\b(?:group\s+by|distinct)\b", re.IGNORECASE)

_WORD: Final = re.compile(rb"\W\w+\W")


class Command(NamedTuple):
    """What libpq sends as one message: arguments of `send_query_params`."""

    text: bytes
    params: Sequence[Any] | None = None
    types: Sequence[int] | None = None
    formats: Sequence[int] | None = None
    result_format: int = 0

    def send(self, pgconn: Any) -> None:
        pgconn.send_query_params(*self)

    def by_name(self, name: bytes) -> Named:
        """Give the execution of the same, where it has this name."""
        return Named(name, self.params, self.formats, self.result_format)


class Named(NamedTuple):
    """The execution of a statement that has a name. The empty name is that of the last statement without one."""

    name: bytes
    params: Sequence[Any] | None = None
    formats: Sequence[int] | None = None
    result_format: int = 0

    def send(self, pgconn: Any) -> None:
        pgconn.send_query_prepared(*self)


class Naming(NamedTuple):
    """A statement gets a name. Its result is nothing to whoever asks for rows."""

    name: bytes
    text: bytes
    types: Sequence[int] = ()

    def send(self, pgconn: Any) -> None:
        pgconn.send_prepare(*self)


class Unnaming(NamedTuple):
    """A name goes, one that was made here."""

    name: bytes

    def send(self, pgconn: Any) -> None:
        pgconn.send_query_params(b"DEALLOCATE " + self.name, None)


Message = Command | Named | Naming | Unnaming


class BoundQuery(PostgresQuery):
    """A statement and its values, each of the type that it would have if it stood in the text."""

    __slots__ = ()

    def dump(self, vars: Sequence[Any] | Mapping[str, Any] | None) -> None:  # noqa: A002 - the driver's name
        """Take the values of one execution."""
        if vars is None or not vars:
            super().dump(vars)
            return
        values = self.validate_and_reorder_params(self._parts, vars, self._order)
        if len(values) > MOST_VALUES:
            raise errors.ProgrammingError(_TOO_MANY.format(count=len(values), most=MOST_VALUES))
        wanted = [PyFormat.TEXT if each is PyFormat.AUTO else each for each in self._want_formats or ()]
        self.params = found = self._tx.dump_sequence(values, wanted)
        self.types = tuple(map(_choose_type, self._tx.types or (), found))
        self.formats = self._tx.formats
        if len(found) > 1 and _COMPARES.search(self.query) and isinstance(self._parts[0].item, int):
            self._share()

    @property
    def command(self) -> Command:
        """The message that it is."""
        return Command(self.query, self.params, self.types or None, self.formats)

    def _share(self) -> None:
        """Let equal values that stand in equal places be one parameter: `GROUP BY a || $2` is no `a || $1`.

        A text has the type that its place gives it: where other words stand before it, it stays another parameter.
        """
        places: dict[object, list[_Place]] = defaultdict(list)
        kept: list[int] = []
        texts: list[bytes] = []
        number = 0
        for index, (value, oid) in enumerate(zip(self.params or (), self.types, strict=True)):
            here = _Place(self._parts[index].pre, number, len(kept) + 1)
            those = places[None if value is None else bytes(value), oid]
            number = next((each.number for each in those if oid or each.is_like(here)), here.number)
            if number == here.number:
                kept.append(index)
            those.append(_Place(here.before, here.behind, number))
            texts.append(here.before + b"$%d" % number)
        self.query = b"".join(texts) + self._parts[-1].pre
        self.params = [(self.params or ())[index] for index in kept]
        self.types = tuple(self.types[index] for index in kept)
        self.formats = [(self.formats or ())[index] for index in kept]


class _Place(NamedTuple):
    """Where a value stands: what is before it, the number of the parameter before that, and its own."""

    before: bytes
    behind: int
    number: int

    def is_like(self, other: _Place) -> bool:
        """Tell whether the same word stands before both, or the same signs behind the same parameter."""
        pairs = zip(reversed(self.before), reversed(other.before), strict=False)
        common = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        ends_alike = common > 0 and _WORD.search(self.before[-common:])
        return bool(ends_alike) or (self.before, self.behind) == (other.before, other.behind)


class BoundServerCursor(base.CursorMixin, psycopg.ServerCursor[Any]):
    """A cursor on the server, inside a transaction, whose statement is bound like any other of a service."""

    _query_cls = BoundQuery


def _choose_type(oid: int, value: Any) -> int:
    if oid == _FLOAT and bytes(value[-1:]).isdigit():  # the text of Infinity and NaN has its type beside it
        return _NUMERIC
    return _AS_WRITTEN.get(oid, oid)


def bind(context: psycopg.Cursor[Any] | psycopg.Connection[Any], query: Any, params: Any) -> BoundQuery:
    """Give a statement with its values apart, as the connection or cursor adapts them."""
    found = BoundQuery(Transformer(context))
    found.convert(query, params)
    return found


def run(raw: psycopg.Connection[Any], commands: Sequence[Message]) -> list[list[Any]]:
    """Send the commands in one round trip, one transaction where none is open; give the results of each.

    Raises:
        psycopg.Error: the server can't be reached, or what was sent can't go this way. A command that the server
            refused is in the results.
    """
    begins = not raw.autocommit and raw.pgconn.transaction_status == TransactionStatus.IDLE
    if begins:
        commands = [Command(raw._get_tx_start_command()), *commands]  # with isolation level and access mode
    with raw.lock:
        found: list[list[Any]] = raw.wait(_communicate(raw, commands))
    return found[1:] if begins else found


def run_checked(raw: psycopg.Connection[Any], commands: Sequence[Command]) -> None:
    """Send the commands, whose results are of no interest.

    Raises:
        psycopg.Error: also where the server refuses one of them.
    """
    check_results(raw, run(raw, commands))


def check_results(raw: psycopg.Connection[Any], found: Iterable[list[Any]]) -> list[Any]:
    """Give the last result of each command.

    Raises:
        psycopg.Error: the server refused one of them.
    """
    results = [each[-1] for each in found]
    for result in results:
        if result.status == ExecStatus.FATAL_ERROR:
            raise errors.error_from_result(result, encoding=raw.info.encoding)
    return results


def _communicate(raw: psycopg.Connection[Any], commands: Sequence[Message]) -> PQGen[list[list[Any]]]:
    """Send and fetch, for the driver to wait on. What remains of a fault belongs to nobody: the connection ends."""
    raw._check_connection_ok()
    pgconn = raw.pgconn
    if pgconn.pipeline_status:
        raise errors.NotSupportedError(
            "a service's statements go in a pipeline of their own: end connection.pipeline()"
        )
    try:
        if len(commands) == 1:
            commands[0].send(pgconn)
            return [_refuse_copy((yield from execute(pgconn)))]
        pgconn.enter_pipeline_mode()
        for command in commands:
            command.send(pgconn)
        pgconn.pipeline_sync()
        yield from send(pgconn)
        found = []
        for _ in commands:
            found.append(_refuse_copy((yield from fetch_many(pgconn))))
        while (rest := (yield from fetch_many(pgconn)))[-1].status != ExecStatus.PIPELINE_SYNC:
            found[-1] = rest  # the commit at the end was refused: a deferred constraint
        pgconn.exit_pipeline_mode()
    except BaseException:
        pgconn.finish()
        raise
    return found


def _refuse_copy(results: list[Any]) -> list[Any]:
    if results and results[-1].status in _COPIES:
        raise errors.ProgrammingError(NO_COPY)
    return results


def execute_bound(
    cursor: psycopg.Cursor[Any], query: Any, rows: Iterable[Any], before: Sequence[Command] = (), *, many: bool = False
) -> None:
    """Run a statement on a cursor for each of the rows of values, behind other commands.

    The cursor is then as after its own `execute`, or `executemany`.
    """
    if cursor.closed:
        raise errors.InterfaceError("the cursor is closed")
    cursor._reset()
    if cursor._last_query is not query:
        cursor._last_query, cursor._tx = None, Transformer(cursor)
    queries = [bind(cursor, query, params) for params in rows]
    found = run(cursor.connection, [*before, *(each.command for each in queries)]) if queries else []
    for results in found:
        cursor._check_results(results)
    if queries:
        cursor._query, cursor._last_query = queries[-1], query
    if many:
        cursor._rowcount, cursor._execmany_returning = 0, False
    for results in found[len(before) :]:
        cursor._set_results(results)
