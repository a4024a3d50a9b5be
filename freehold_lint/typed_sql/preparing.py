"""Prepares each statement of a file as the login of its service, and has PostgreSQL plan it; nothing is executed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import psycopg
from psycopg import sql

from freehold.backends.postgresql.pipelines import Command, Naming, Unnaming, check_results, run
from freehold.ownership import Ownership
from freehold_lint.parsing import Tree
from freehold_lint.typed_sql.catalogue import Catalogue
from freehold_lint.typed_sql.rights import explain_denied, find_unread
from freehold_lint.typed_sql.sources import Source
from freehold_lint.typed_sql.statements import Choice, Statement, is_of_page

_NONE: Mapping[str, int] = {}
_SETTINGS = b"SET LOCAL search_path = pg_catalog, pg_temp; SET LOCAL plan_cache_mode = force_generic_plan"
_NAME = b"typed_sql"
_AGAIN = b"ROLLBACK TO typed_sql; DEALLOCATE ALL"  # what is prepared outlives a savepoint
_NO_NULL = ("23502", "23514")  # of a parameter whose domain takes none: then no value is tried
_GENERIC = 160_000  # from PostgreSQL 16 on
_HINTS = {
    "42P18": "say its type: @name::text",  # indeterminate_datatype
    "42P08": "say its type: @name::text",  # ambiguous_parameter
    "42883": "a function or operator of ours takes its schema: app.f(…), OPERATOR(app.+)",  # undefined_function
    "42P01": "migrations make no such table",  # undefined_table
    "42703": "migrations make no such column",  # undefined_column
}


@dataclass(frozen=True)
class Result:
    """A column of a result: its type, a number's modifier, and the column that it shows: its table and number, or 0."""

    name: str
    type: int
    modifier: int
    table: int
    number: int

    def shows(self, other: Result) -> bool:
        """Tell whether both show the same column."""
        return (self.table, self.number) == (other.table, other.number)

    def forget(self) -> Result:
        """Give the same of no column."""
        return replace(self, table=0, number=0)


@dataclass(frozen=True)
class Prepared:
    """What PostgreSQL says of a statement: types of its parameters by name, and columns."""

    parameters: dict[str, int]
    results: tuple[Result, ...]


class _Describing(NamedTuple):
    """What libpq asks of a statement that has a name."""

    name: bytes

    def send(self, pgconn: Any) -> None:
        pgconn.send_describe_prepared(self.name)


class Preparer:
    """One connection of the scratch database, on which each service's login prepares its statements."""

    def __init__(self, connection: psycopg.Connection, catalogue: Catalogue, ownership: Ownership) -> None:
        self.connection, self.catalogue, self.ownership = connection, catalogue, ownership

    @contextmanager
    def acting_as(self, login: str) -> Iterator[None]:
        """Be that login inside the block, in a transaction that is taken back."""
        with self.connection.transaction(force_rollback=True):
            self._run(_SETTINGS)
            if login:
                self._run(
                    sql.SQL("SET LOCAL SESSION AUTHORIZATION {}")
                    .format(sql.Identifier(login))
                    .as_bytes(self.connection)
                )
            self._run(b"SAVEPOINT typed_sql")
            yield

    def prepare_all(self, statements: Sequence[Statement]) -> list[Prepared] | None:
        """Give what PostgreSQL says of all, from one round trip; None where it refuses one: `prepare` says which."""
        pairs = [(each, _write_look(each)) for each in statements]
        messages = [message for each, look in pairs for message in _write_messages(each, _NONE, look)]
        try:
            found: Any = check_results(self.connection, run(self.connection, messages))
        except psycopg.Error:
            self._run(_AGAIN)
            return None
        step = len(messages) // len(statements)
        return [_read(statement, said) for statement, said in zip(statements, found[1::step], strict=True)]

    def prepare(self, source: Source, statement: Statement, choice: Choice, tree: Tree, service: str) -> Prepared:
        """Give what PostgreSQL says of it.

        Raises:
            TypedSQLError: it refuses the statement.
        """
        try:
            return self._ask(statement)
        except psycopg.Error as error:
            refused = error
        place = int(refused.diag.statement_position or 0)
        line = statement.find_line(place - 1) if place else source.pieces[0].line
        if refused.sqlstate == "42501":
            with self.connection.transaction(force_rollback=True):
                unread = find_unread(self.connection, tree, self.catalogue, service and self._get_login(service))
            raise explain_denied(source, statement, refused, tree, unread, service, self.ownership)
        words = refused.diag.message_primary or "PostgreSQL refuses it"
        for number, name in enumerate(statement.parameters, 1):
            if re.search(rf"\${number}\b", words):
                words = re.sub(rf"\${number}\b", f"@{name}", words)
                line = line if place or is_of_page(name) else source.get_line(name)
        hint = _HINTS.get(refused.sqlstate or "", "mend the statement")
        raise source.fail(line, f"{words} ({choice}): {hint}") from refused

    def find_refusal(self, statement: Statement, login: str, types: Mapping[str, int]) -> str:
        """Give what PostgreSQL says where the parameters are of these types, by name; empty where it takes it."""
        try:
            with self.acting_as(login):
                self._ask(statement, types)
        except psycopg.Error as error:
            return error.diag.message_primary or "PostgreSQL refuses it"
        return ""

    def _get_login(self, service: str) -> str:
        found = self.ownership.find_service(service)
        return found.login if found else ""

    def _ask(self, statement: Statement, types: Mapping[str, int] = _NONE) -> Prepared:
        try:
            return self._describe(statement, types, _write_look(statement))
        except psycopg.Error as error:
            self._run(_AGAIN)
            if error.sqlstate not in _NO_NULL or self.connection.info.server_version < _GENERIC:
                raise
        try:
            found = self._describe(statement, types)
            self._run(f"EXPLAIN (COSTS OFF, GENERIC_PLAN) {statement.text}".encode())
        except psycopg.Error:
            self._run(_AGAIN)
            raise
        return found

    def _describe(self, statement: Statement, types: Mapping[str, int], *more: Command) -> Prepared:
        messages = _write_messages(statement, types, *more)
        return _read(statement, check_results(self.connection, run(self.connection, messages))[1])

    def _run(self, text: bytes) -> Any:
        return self._check(self.connection.pgconn.exec_(text))

    def _check(self, result: Any) -> Any:
        if result.status not in (psycopg.pq.ExecStatus.COMMAND_OK, psycopg.pq.ExecStatus.TUPLES_OK):
            raise psycopg.errors.error_from_result(result, encoding="utf-8")
        return result


def _write_messages(statement: Statement, types: Mapping[str, int], *more: Command) -> list[Any]:
    given = [types.get(each, 0) for each in statement.parameters]
    return [Naming(_NAME, statement.text.encode(), given), _Describing(_NAME), *more, Unnaming(_NAME)]


def _write_look(statement: Statement) -> Command:
    """Give what has the server look at rights."""
    values = ", ".join(["NULL"] * len(statement.parameters))
    return Command(f"EXPLAIN (COSTS OFF) EXECUTE {_NAME.decode()}{values and f'({values})'}".encode())


def _read(statement: Statement, said: Any) -> Prepared:
    found = {each: said.param_type(number) for number, each in enumerate(statement.parameters)}
    columns = tuple(
        Result(
            (said.fname(number) or b"").decode(),
            said.ftype(number),
            said.fmod(number),
            said.ftable(number),
            said.ftablecol(number),
        )
        for number in range(said.nfields)
    )
    return Prepared(found, columns)
