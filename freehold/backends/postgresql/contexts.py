"""Tells PostgreSQL who acts: role, proof, tenant and request, each local to the transaction at hand.

A transaction learns it with its first statement. Outside a transaction every statement brings it along, in one round
trip: a transaction of its own that ends with it, so that nothing is left for the next client of a pooler, and a commit
in mid-request loses nothing. Where the map has proofs, the service shows one and the database finds who it is; for a
principal without one the database makes a ticket on the same way. Where a service acts, no value stands in
the text of any statement (`pipelines.py`): other sessions of its login read those in `pg_stat_activity`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import psycopg
from django.db import DatabaseError, NotSupportedError, ProgrammingError
from django.db.backends.utils import CursorWrapper
from psycopg.pq import TransactionStatus

from freehold.acting import NOBODY, PROOF, Acting, Unset, get_acting
from freehold.acting.refusals import refuse_ticket
from freehold.backends.missing import explain_missing
from freehold.backends.postgresql.advice import COPY_HAS_VALUES, LATE_CURSOR, NAMES, NO_COPY, advise
from freehold.backends.postgresql.denials import explain
from freehold.backends.postgresql.named import HELD, STALE, Names, is_wanted, lay_out
from freehold.backends.postgresql.pipelines import (
    BoundQuery,
    Command,
    Named,
    check_results,
    execute_bound,
    run,
    run_checked,
)
from freehold.backends.postgresql.reports import report
from freehold.requests import count_statements

if TYPE_CHECKING:
    from freehold.backends.postgresql.base import DatabaseWrapper

IDLE, INTRANS = TransactionStatus.IDLE, TransactionStatus.INTRANS
_ENDS: Final = (b"COMMIT", b"ROLLBACK")  # tags of what ends a transaction, and may begin the next (AND CHAIN)
# What can't go behind a set-up: COPY ends the pipeline, and SET TRANSACTION has to come before any query.
_FIRST: Final = re.compile(r"\s*(?:(?P<copy>copy)|set\s+transaction)\b", re.IGNORECASE)
_ROLE: Final = "role"
_MINUTES: Final = b"10"  # that a ticket is good for; it is made anew with every set-up
# What a statement says before it, by the names of the settings.
_write_settings = cache(
    lambda names: (
        "SELECT "
        + ", ".join(f"pg_catalog.set_config('{name}', ${number}, true)" for number, name in enumerate(names, 1))
    ).encode()
)


@dataclass(slots=True)
class _Setup:
    """What goes before a statement: for whom, and whether the role is known."""

    wanted: Acting | None
    has_role: bool = False


class ActingContext:
    """What the transaction at hand of one connection was told."""

    def __init__(self, connection: DatabaseWrapper) -> None:
        self.connection = connection
        self.told: Acting | Unset | None = None
        self.is_used = False  # by a service, since it was last put in order

    def __del__(self) -> None:
        """Break the circle with the connection, as Django's own helpers do: no garbage collector is needed."""
        del self.connection

    @property
    def raw(self) -> psycopg.Connection:
        """The driver's connection, which is open."""
        found: psycopg.Connection = self.connection.connection
        return found

    @property
    def names(self) -> Names | None:
        """The names of the session, where it may have any."""
        found: Names | None = getattr(self.raw, HELD, None)
        return found

    @property
    def is_alone(self) -> bool:
        """Whether what is sent now is a transaction of its own."""
        return bool(self.raw.autocommit) and self.raw.pgconn.transaction_status == IDLE

    def use(self, found: Acting | None) -> None:
        """Note that a service uses the session, for whom."""
        if found is None:
            return
        self.is_used = True
        names = self.names
        if names is not None:
            names.meet(found)

    def forget(self) -> None:
        """Note that the transaction went back to a savepoint: settings are again what they were at that point."""
        if self.told is not None:
            self.told = Unset.UNSET

    def find_setup(self, found: Acting | None) -> _Setup | None:
        """Give what must be said before the next statement of `found`, or None."""
        login: str = self.connection.settings_dict["USER"]
        wanted = None if found is None or (found.role == login and found.is_plain) else found
        if wanted is None and self.told is None:
            return None
        status = self.raw.pgconn.transaction_status
        if status == IDLE:
            self.told = None  # what an earlier transaction was told ended with it
        if status not in (IDLE, INTRANS) or wanted == self.told:
            return None
        # What the login is to begin with, it need not become. Another it was made only by what was told.
        has_role = self.told is None and wanted is not None and wanted.role == login
        return _Setup(wanted, has_role)

    def find_acting(self) -> Acting | None:
        """Give who acts on this connection, or None where the login's own rights decide."""
        found = get_acting()
        return found if found is not None and found.applies_to(self.connection.settings_dict["USER"]) else None

    def note_told(self, setup: _Setup | None, tag: bytes | None = None) -> None:
        """Note what the transaction was told just now, if it goes on; `tag` is the server's of the statement."""
        if self.raw.pgconn.transaction_status == IDLE:
            self.told = None
        elif tag in _ENDS:
            self.forget()
        elif setup:
            self.told = setup.wanted

    def run(self, commands: Sequence[Command], *, leaves_nothing: bool = False) -> list[Any]:
        """Run commands as whoever acts, past any cursor, with what sets them up in one round trip; give the result of
        each. Where they leave nothing and are a transaction of their own, the session is in order behind them.

        Raises:
            DatabaseError: Django's, of what the server refused.
        """
        found = self.find_acting()
        count_statements(len(commands))
        self.connection.validate_no_broken_transaction()
        setup = self.find_setup(found)
        with self.connection.wrap_database_errors:
            if self.is_used or not (leaves_nothing and self.is_alone):
                self.use(found)
            before = self.write(setup)
            results = self.send([*before, *commands], self.names if found else None)
        self.note_told(setup, results[-1].command_status)
        return results[len(before) :]

    def send(self, commands: Sequence[Command], names: Names | None) -> list[Any]:
        """Send them, by name where the session may have names; give the result of each."""
        messages = lay_out(commands) if names is None else names.lay_out(commands)
        is_alone = self.is_alone
        found = run(self.raw, messages)
        try:
            if names is not None:
                names.learn(messages, found)
            results = check_results(self.raw, found)
        except psycopg.Error as error:
            if names is None or error.sqlstate not in STALE or not any(isinstance(each, Named) for each in messages):
                raise
            names.doubt()
            if not is_alone:
                raise
            return check_results(self.raw, run(self.raw, commands))  # nothing was done, and nothing else is in it
        return [each for message, each in zip(messages, results, strict=True) if is_wanted(message)]

    def write(self, setup: _Setup | None) -> list[Command]:
        """Give what says it, one command after the other."""
        if setup is None:
            return []
        wanted = setup.wanted
        settings = dict(wanted.settings if wanted else NOBODY)
        if not setup.has_role:
            settings[_ROLE] = wanted.role if wanted else "none"
        if wanted is None or not wanted.needs_ticket:
            return [_write_command(settings)]
        del settings[PROOF]
        # The login makes it, whatever role an earlier set-up of the transaction gave it.
        login = [_write_command({_ROLE: "none"})] if self.told is not None else []
        return [*login, write_ticket(wanted), _write_command(settings)]

    @contextmanager
    def telling(self, found: Acting | None) -> Iterator[None]:
        """Say it before what is done inside the block, and in one transaction with it."""
        setup = self.find_setup(found)
        if setup is None:
            yield
            return
        self.connection.validate_no_broken_transaction()
        ends = self.is_alone
        block = self.raw.transaction() if self.raw.autocommit else nullcontext()
        with self.connection.wrap_database_errors, block:
            run_checked(self.raw, self.write(setup))
            self.told = None if ends else setup.wanted
            yield


def _write_command(settings: dict[str, str]) -> Command:
    values = [value.encode() for value in settings.values()]
    if any(b"\0" in value for value in values):
        raise psycopg.DataError("who acts can't be told with a NUL (0x00) in a text")
    return Command(_write_settings(tuple(settings)), values)


def write_ticket(wanted: Acting) -> Command:
    """Give the statement that makes the proof of a principal inside the database, where it stays.

    Raises:
        psycopg.NotSupportedError: the map names no function that makes one.
    """
    asking, who = wanted.asking, wanted.principal
    if asking is None or not asking.seal:
        raise psycopg.NotSupportedError(refuse_ticket(wanted))
    text = f"SELECT pg_catalog.set_config('{PROOF}', {asking.seal}($1, $2, $3, $4, $5), true)"
    values = [each.encode() for each in (who.kind, who.user_id, who.tenant_id, wanted.role)]
    return Command(text.encode(), [*values, _MINUTES])


def put_into_words(connection: DatabaseWrapper, error: DatabaseError, query: Any) -> Exception:
    """Log the error where it is a refusal; give it in words where it refuses whoever acts, or how the statement came,
    otherwise as it is."""
    refusal = explain(connection, error, query) if isinstance(error, ProgrammingError) else None
    report(connection, error, refusal)
    acting = connection.acting_context.find_acting()
    missing = explain_missing(error, query, acting.role if acting else "", connection.schemas)
    return refusal or missing or advise(error) or error


class ActingCursor(CursorWrapper):
    """Django's cursor, whose statements run as whoever acts. `callproc` does not exist in the driver."""

    db: DatabaseWrapper

    def _execute(self, query: Any, params: Any = None, *ignored: Any) -> Any:
        run: Callable[..., Any] = super()._execute  # type: ignore[misc]  # the stubs leave it out
        count_statements()
        # This line is the whole cost of a statement where nobody acts: benchmarks/orm.py.
        if self.db.acting_context.told is None and get_acting() is None:
            try:
                return run(query, params)
            except ProgrammingError as error:
                report(self.db, error)
                missing = explain_missing(error, query, "", self.db.schemas)
                raise missing or error from error.__cause__
        found = self.db.acting_context.find_acting()
        try:
            if found is None or isinstance(self.cursor, psycopg.ServerCursor):
                return self.run_behind(found, run, query, params)
            return self.run_bound(found, query, [params])
        except DatabaseError as error:
            raise self.explain(error, query) from error.__cause__

    def explain(self, error: DatabaseError, query: Any) -> Exception:
        return put_into_words(self.db, error, query)

    def run_behind(self, found: Acting | None, run: Callable[..., Any], query: Any, params: Any) -> Any:
        """Run a statement behind what sets it up, where it has to be: a cursor on the server, or what is nobody's."""
        if found is not None:
            self.db.acting_context.use(found)
            if not issubclass(self.cursor._query_cls, BoundQuery):
                raise NotSupportedError(LATE_CURSOR)
        with self.db.acting_context.telling(found):
            return run(query, params)

    def run_bound(self, found: Acting, query: Any, rows: Iterable[Any], *, many: bool = False) -> Any:
        """Run a service's statement for each row of values, set up where it has to be, in one round trip."""
        context = self.db.acting_context
        self.db.validate_no_broken_transaction()
        first = _FIRST.match(query) if isinstance(query, str) else None
        if first and first["copy"]:
            raise NotSupportedError(NO_COPY)
        setup = context.find_setup(found)
        if setup and first and context.told is None:
            setup = None  # the next statement brings it
        with self.db.wrap_database_errors:
            if context.raw.prepare_threshold is not None:
                raise psycopg.NotSupportedError(NAMES)
            context.use(found)
            execute_bound(self.cursor, query, rows, context.write(setup), many=many)
        context.note_told(setup, self.cursor._statusmessage)
        return self.cursor

    def _executemany(self, query: Any, params: Any, *ignored: Any) -> Any:
        run: Callable[..., Any] = super()._executemany  # type: ignore[misc]  # the stubs leave it out
        count_statements()
        found = self.db.acting_context.find_acting()
        try:
            if found is not None:
                return self.run_bound(found, query, params, many=True)
            with self.db.acting_context.telling(None):
                return run(query, params)
        except DatabaseError as error:
            raise self.explain(error, query) from error.__cause__

    def __getattr__(self, name: str) -> Any:
        found = super().__getattr__(name)
        is_fetch = name in self.WRAP_ERROR_ATTRS and isinstance(self.cursor, psycopg.ServerCursor)
        return self.report_from(found) if is_fetch else found

    def report_from(self, fetch: Callable[..., Any]) -> Callable[..., Any]:
        """Give the method that logs what is refused while rows come: a function, say, that a policy calls."""

        def run(*args: Any, **options: Any) -> Any:
            try:
                return fetch(*args, **options)
            except ProgrammingError as error:
                report(self.db, error)
                raise

        return run

    def __iter__(self) -> Iterator[Any]:
        try:
            yield from super().__iter__()
        except ProgrammingError as error:
            report(self.db, error)
            raise

    @contextmanager
    def copy(self, statement: Any, params: Any = None, **options: Any) -> Iterator[Any]:
        """Give the driver's COPY, run as whoever acts."""
        found = self.db.acting_context.find_acting()
        if found is not None:
            self.db.acting_context.use(found)
            if params:
                raise NotSupportedError(COPY_HAS_VALUES)
        arguments = (statement,) if params is None else (statement, params)
        count_statements()
        run = getattr(super(), "copy", self.cursor.copy)  # the logging cursor has one of its own
        try:
            with (
                self.db.acting_context.telling(found),
                self.db.wrap_database_errors,
                run(*arguments, **options) as copy,
            ):
                yield copy
        except ProgrammingError as error:
            raise self.explain(error, statement) from error.__cause__
