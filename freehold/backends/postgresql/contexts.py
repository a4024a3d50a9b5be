"""Tells PostgreSQL who acts: role, user, tenant and request, each local to the transaction at hand.

A transaction learns it with its first statement. Outside a transaction every statement brings it along, in the same
message where the driver can: a transaction of its own that ends with it, so that nothing is left for the next client
of a pooler, and a commit in mid-request loses nothing. Whoever is still sought is found in that message too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import psycopg
from django.db import ProgrammingError
from django.db.backends.utils import CursorWrapper
from psycopg import sql
from psycopg.pq import TransactionStatus

from freehold.acting import NOBODY, PRINCIPAL, REQUEST, TENANT, USER, Acting, Unset, get_acting
from freehold.acting.principals import SoughtPrincipal
from freehold.backends.postgresql.denials import explain

if TYPE_CHECKING:
    from freehold.backends.postgresql.base import DatabaseWrapper

_HARMLESS = re.compile(r"[A-Za-z0-9_.-]*")  # ids of users, tenants and requests, names of most roles
IDLE, INTRANS = TransactionStatus.IDLE, TransactionStatus.INTRANS
ROLE: Final = "SET LOCAL role TO {};"
# Statements without a plan or a result: half the server's time of one SELECT of set_config.
_BY_SET: Final = "".join(f"SET LOCAL {name} TO {{}};" for name in NOBODY)
# The same in one statement, for a pipeline, which takes no more at a time.
_BY_SELECT: Final = "SELECT " + ", ".join(f"pg_catalog.set_config('{name}', {{}}, true)" for name in ("role", *NOBODY))
# The same for a user who is found by it; gives `kind id`. What a CASE compares is there before what it gives.
_BY_FINDING: Final = (
    f"SELECT CASE pg_catalog.set_config('{USER}', coalesce(({{expression}})::text, ''), true) "
    f"WHEN '' THEN pg_catalog.set_config('{PRINCIPAL}', 'anonymous', true) "
    f"ELSE pg_catalog.set_config('{PRINCIPAL}', '{{kind}}', true) || ' ' || pg_catalog.current_setting('{USER}') END, "
    f"pg_catalog.set_config('{TENANT}', '', true), pg_catalog.set_config('{REQUEST}', {{request}}, true);"
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
        self.sent = ""  # what stood before the last statement that had to be set up

    def __del__(self) -> None:
        """Break the circle with the connection, as Django's own helpers do: no garbage collector is needed."""
        del self.connection

    @property
    def raw(self) -> psycopg.Connection:
        found: psycopg.Connection = self.connection.connection
        return found

    def forget(self) -> None:
        """Note that the transaction went back to a savepoint: settings are again what they were at that point."""
        if self.told is not None:
            self.told = Unset.UNSET

    def find_setup(self, *, seeks: bool = False) -> _Setup | None:
        """Give what must be said before the next statement, or None. Whoever is sought is found now, unless `seeks`:
        then the same message looks for them."""
        wanted = self.get_wanted()
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
        has_role = self.told is None and wanted is not None and wanted.role == self.connection.settings_dict["USER"]
        return _Setup(wanted, sought, has_role)

    def get_wanted(self) -> Acting | None:
        """Give who is to act on this connection, or None where the login itself is enough."""
        found = get_acting()
        if found is None:
            return None
        login: str = self.connection.settings_dict["USER"]
        is_enough = (found.role == login and found.is_plain) or not found.applies_to(login)
        return None if is_enough else found

    def write(self, setup: _Setup) -> str:
        """Give the statements that say it, each with its end."""
        wanted = setup.wanted
        role = "" if setup.has_role else ROLE.format(*self.quote(wanted.role if wanted else "none"))
        if wanted and setup.sought:
            (request,) = self.quote(wanted.request_id)
            expression = setup.sought.expression % tuple(self.quote(*setup.sought.params))
            return role + _BY_FINDING.format(expression=expression, kind=setup.sought.kind, request=request)
        return role + _BY_SET.format(*self.quote(*(wanted.settings if wanted else NOBODY).values()))

    def quote(self, *values: str) -> list[str]:
        """Give texts as literals; what could be one of a hundred kinds of trouble goes to the driver."""
        if _HARMLESS.fullmatch("".join(values)):
            return [f"'{value}'" for value in values]
        return [sql.Literal(value).as_string(self.raw) for value in values]

    @contextmanager
    def telling(self, setup: _Setup, *, piped: bool = False) -> Iterator[None]:
        """Say it before what is done inside the block, and in one transaction with it; `piped`: in one round trip."""
        self.connection.validate_no_broken_transaction()
        ends = self.raw.autocommit and self.raw.pgconn.transaction_status == IDLE
        block: AbstractContextManager[Any] = nullcontext()
        if piped:
            block = self.raw.pipeline()
        elif self.raw.autocommit:
            block = self.raw.transaction()
        with self.connection.wrap_database_errors, block:
            who = setup.wanted
            settings = who.settings if who else NOBODY
            self.raw.execute(_BY_SELECT.format(*self.quote(who.role if who else "none", *settings.values())))
            self.told = None if ends else setup.wanted
            yield


def _find_sought(wanted: Acting | None) -> SoughtPrincipal | None:
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
        try:
            return self.run_acting(query, params, run)
        except ProgrammingError as error:
            raise (explain(self.db, error, query) or error) from error.__cause__

    def run_acting(self, query: Any, params: Any, run: Callable[..., Any]) -> Any:
        """Run a statement as whoever acts, set up where it has to be."""
        context = self.db.acting_context
        in_one = isinstance(self.cursor, psycopg.ClientCursor) and isinstance(query, str)
        setup = context.find_setup(seeks=in_one)
        if setup is None:
            return run(query, params)
        if in_one:
            return self.run_behind(setup, query, params, run)
        with context.telling(setup, piped=not isinstance(self.cursor, psycopg.ServerCursor)):
            return run(query, params)

    def run_behind(self, setup: _Setup, query: str, params: Any, run: Callable[..., Any]) -> Any:
        """Run a statement behind what sets it up, in one message: together they are one transaction (manual, "Multiple
        Statements in a Simple Query")."""
        context = self.db.acting_context
        with self.db.wrap_database_errors:
            # Bound by itself: the driver keeps what it knows of a text, and the one before it differs each time.
            text = query if params is None else self.cursor.mogrify(query, params)
            context.sent = context.write(setup) + "\n"
        result = run(context.sent + text, None)
        context.told = None if context.raw.pgconn.transaction_status == IDLE else setup.wanted  # if it goes on
        with self.db.wrap_database_errors:
            self.skip_results(setup)
        return result

    def skip_results(self, setup: _Setup) -> None:
        """Go to the statement's own result; on the way, learn who was found."""
        number = 0 if setup.has_role else 1
        if setup.sought:
            found = (self.cursor.set_result(number) if number else self.cursor).fetchone()[0]
            setup.sought.note(found.partition(" ")[2])
            number += 1
        else:
            number += len(NOBODY)
        with suppress(IndexError):  # a statement of nothing but a comment has no result
            self.cursor.set_result(number)

    def _executemany(self, query: Any, params: Any, *ignored: Any) -> Any:
        run: Callable[..., Any] = super()._executemany  # type: ignore[misc]  # the stubs leave it out
        setup = self.db.acting_context.find_setup()
        try:
            with self.db.acting_context.telling(setup) if setup else nullcontext():
                return run(query, params)
        except ProgrammingError as error:
            raise (explain(self.db, error, query) or error) from error.__cause__

    @contextmanager
    def copy(self, *args: Any, **options: Any) -> Iterator[Any]:
        """Give the driver's COPY, run as whoever acts."""
        setup = self.db.acting_context.find_setup()
        run = getattr(super(), "copy", self.cursor.copy)  # the logging cursor has one of its own
        block = self.db.acting_context.telling(setup) if setup else nullcontext()
        with block, run(*args, **options) as copy:
            yield copy
