"""Tells PostgreSQL who acts: role, user, tenant and request, each local to the transaction at hand.

A transaction learns it with its first statement. Outside a transaction every statement brings it along, in one round
trip: a transaction of its own that ends with it, so that nothing is left for the next client of a pooler, and a commit
in mid-request loses nothing. Whoever is still sought is found on that way too. Where a service acts, no value stands in
the text of any statement (`pipelines.py`): other sessions of its login read those in `pg_stat_activity`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import psycopg
from django.db import DatabaseError, NotSupportedError, ProgrammingError
from django.db.backends.utils import CursorWrapper
from psycopg.pq import TransactionStatus

from freehold.acting import NOBODY, PRINCIPAL, REQUEST, TENANT, USER, Acting, Unset, get_acting
from freehold.acting.principals import SoughtPrincipal
from freehold.backends.postgresql.advice import COPY_HAS_VALUES, LATE_CURSOR, NAMES, NO_COPY, advise
from freehold.backends.postgresql.denials import explain
from freehold.backends.postgresql.pipelines import BoundQuery, Command, bind, execute_bound, run_checked

if TYPE_CHECKING:
    from freehold.backends.postgresql.base import DatabaseWrapper

IDLE, INTRANS = TransactionStatus.IDLE, TransactionStatus.INTRANS
_ENDS: Final = (b"COMMIT", b"ROLLBACK")  # tags of what ends a transaction, and may begin the next (AND CHAIN)
# What can't go behind a set-up: COPY ends the pipeline, and SET TRANSACTION has to come before any query.
_FIRST: Final = re.compile(r"\s*(?:(?P<copy>copy)|set\s+transaction)\b", re.IGNORECASE)
_BY_ROLE: Final = b"SELECT pg_catalog.set_config('role', $1, true)"
_BY_SETTING: Final = "SELECT " + ", ".join(
    f"pg_catalog.set_config('{name}', ${number}, true)" for number, name in enumerate(NOBODY, 1)
)
_WITHOUT_ROLE: Final = _BY_SETTING.encode()
_WITH_ROLE: Final = f"{_BY_SETTING}, pg_catalog.set_config('role', ${len(NOBODY) + 1}, true)".encode()
# The same for a user who is found by it; gives `kind id`. What a CASE compares is there before what it gives. The role
# comes before: rights are looked at when a statement begins.
_BY_FINDING: Final = (
    f"SELECT CASE pg_catalog.set_config('{USER}', coalesce(({{expression}})::text, ''), true) "
    f"WHEN '' THEN pg_catalog.set_config('{PRINCIPAL}', 'anonymous', true) "
    f"ELSE pg_catalog.set_config('{PRINCIPAL}', '{{kind}}', true) || ' ' || pg_catalog.current_setting('{USER}') END, "
    f"pg_catalog.set_config('{TENANT}', '', true), pg_catalog.set_config('{REQUEST}', %s, true)"
)


@dataclass(slots=True)
class _Setup:
    """What goes before a statement: for whom, who is looked for by it, if anybody, and whether the role is known."""

    wanted: Acting | None
    sought: SoughtPrincipal | None = None
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

    def forget(self) -> None:
        """Note that the transaction went back to a savepoint: settings are again what they were at that point."""
        if self.told is not None:
            self.told = Unset.UNSET

    def find_setup(self, found: Acting | None, *, seeks: bool = False) -> _Setup | None:
        """Give what must be said before the next statement of `found`, or None. Whoever is sought is found now, unless
        `seeks`: then the same message looks for them."""
        login: str = self.connection.settings_dict["USER"]
        wanted = None if found is None or (found.role == login and found.is_plain) else found
        if wanted is None and self.told is None:
            return None
        sought = _find_sought(wanted)
        if sought is not None and not (seeks and sought.using == self.connection.alias):
            sought.find()
            sought = None
        status = self.raw.pgconn.transaction_status
        if status == IDLE:
            self.told = None  # what an earlier transaction was told ended with it
        if status not in (IDLE, INTRANS) or wanted == self.told:
            return None
        # What the login is to begin with, it need not become. Another it was made only by what was told.
        has_role = self.told is None and wanted is not None and wanted.role == login
        return _Setup(wanted, sought, has_role)

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

    def write(self, setup: _Setup | None) -> list[Command]:
        """Give what says it, one command after the other."""
        if setup is None:
            return []
        wanted = setup.wanted
        if wanted and setup.sought:
            role = [] if setup.has_role else [Command(_BY_ROLE, [wanted.role.encode()])]
            return [*role, self.write_search(setup.sought, wanted.request_id)]
        values = [value.encode() for value in (wanted.settings if wanted else NOBODY).values()]
        if not setup.has_role:
            values.append(wanted.role.encode() if wanted else b"none")
        if any(b"\0" in value for value in values):
            raise psycopg.DataError("who acts can't be told with a NUL (0x00) in a text")
        return [Command(_WITHOUT_ROLE if setup.has_role else _WITH_ROLE, values)]

    def write_search(self, sought: SoughtPrincipal, request_id: str) -> Command:
        """Give the statement that finds a user and tells who it is."""
        text = _BY_FINDING.format(expression=sought.expression, kind=sought.kind)
        return bind(self.raw, text, [*sought.params, request_id]).command

    @contextmanager
    def telling(self, found: Acting | None) -> Iterator[None]:
        """Say it before what is done inside the block, and in one transaction with it."""
        setup = self.find_setup(found)
        if setup is None:
            yield
            return
        self.connection.validate_no_broken_transaction()
        ends = self.raw.autocommit and self.raw.pgconn.transaction_status == IDLE
        block = self.raw.transaction() if self.raw.autocommit else nullcontext()
        with self.connection.wrap_database_errors, block:
            run_checked(self.raw, self.write(setup))
            self.told = None if ends else setup.wanted
            yield


def _find_sought(wanted: Acting | None) -> SoughtPrincipal | None:
    """Give whom the database has yet to find, or None."""
    who = wanted.who if wanted else None
    return who if isinstance(who, SoughtPrincipal) and who.found is None else None


class ActingCursor(CursorWrapper):
    """Django's cursor, whose statements run as whoever acts. `callproc` does not exist in the driver."""

    db: DatabaseWrapper

    def _execute(self, query: Any, params: Any = None, *ignored: Any) -> Any:
        run: Callable[..., Any] = super()._execute  # type: ignore[misc]  # the stubs leave it out
        # This line is the whole cost of a statement where nobody acts: benchmarks/orm.py.
        if self.db.acting_context.told is None and get_acting() is None:
            return run(query, params)
        found = self.db.acting_context.find_acting()
        try:
            if found is None or isinstance(self.cursor, psycopg.ServerCursor):
                return self.run_behind(found, run, query, params)
            return self.run_bound(found, query, [params])
        except DatabaseError as error:
            raise self.explain(error, query) from error.__cause__

    def explain(self, error: DatabaseError, query: Any) -> Exception:
        """Give the error in words where it refuses whoever acts, or how the statement came; otherwise as it is."""
        refusal = explain(self.db, error, query) if isinstance(error, ProgrammingError) else None
        return refusal or advise(error) or error

    def run_behind(self, found: Acting | None, run: Callable[..., Any], query: Any, params: Any) -> Any:
        """Run a statement behind what sets it up, where it has to be: a cursor on the server, or what is nobody's."""
        if found is not None:
            self.db.acting_context.is_used = True
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
        setup = context.find_setup(found, seeks=True)
        if setup and first and context.told is None:
            setup = None  # the next statement brings it
        with self.db.wrap_database_errors:
            if context.raw.prepare_threshold is not None:
                raise psycopg.NotSupportedError(NAMES)
            context.is_used = True
            results = execute_bound(self.cursor, query, rows, context.write(setup), many=many)
        context.note_told(setup, self.cursor._statusmessage)
        if setup and setup.sought:
            setup.sought.note(results[-1][0].get_value(0, 0).decode().partition(" ")[2])
        return self.cursor

    def _executemany(self, query: Any, params: Any, *ignored: Any) -> Any:
        run: Callable[..., Any] = super()._executemany  # type: ignore[misc]  # the stubs leave it out
        found = self.db.acting_context.find_acting()
        try:
            if found is not None:
                return self.run_bound(found, query, params, many=True)
            with self.db.acting_context.telling(None):
                return run(query, params)
        except DatabaseError as error:
            raise self.explain(error, query) from error.__cause__

    @contextmanager
    def copy(self, statement: Any, params: Any = None, **options: Any) -> Iterator[Any]:
        """Give the driver's COPY, run as whoever acts."""
        found = self.db.acting_context.find_acting()
        if found is not None:
            self.db.acting_context.is_used = True
            if params:
                raise NotSupportedError(COPY_HAS_VALUES)
        arguments = (statement,) if params is None else (statement, params)
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
