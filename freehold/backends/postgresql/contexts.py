"""Tells PostgreSQL who acts: role, user, tenant and request, each local to the transaction at hand.

A transaction learns it with its first statement. Outside a transaction every statement brings it along, in the same
message where the driver can: a transaction of its own that ends with it, so that nothing is left for the next client
of a pooler, and a commit in mid-request loses nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

import psycopg
from django.db.backends.utils import CursorWrapper
from psycopg import sql
from psycopg.pq import TransactionStatus

from freehold.acting import NOBODY, Acting, Unset, get_acting

if TYPE_CHECKING:
    from freehold.backends.postgresql.base import DatabaseWrapper

HARMLESS = re.compile(r"[A-Za-z0-9_.-]*")  # ids of users, tenants and requests, names of most roles
USABLE = (TransactionStatus.IDLE, TransactionStatus.INTRANS)


class ActingContext:
    """What the transaction at hand of one connection was told."""

    def __init__(self, connection: DatabaseWrapper) -> None:
        self.connection = connection
        self.told: Acting | Unset | None = None
        self.written: tuple[Acting | None, str] = (None, "")

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

    def find_setup(self) -> str:
        """Give the statement that must go before the next one, or an empty text; from now on it counts as said."""
        wanted = self.get_wanted()
        if wanted is None and self.told is None:
            return ""
        status = self.raw.info.transaction_status
        if status == TransactionStatus.IDLE:
            self.told = None  # what an earlier transaction was told ended with it
        if wanted == self.told or status not in USABLE:
            return ""
        self.connection.validate_no_broken_transaction()
        if not (status == TransactionStatus.IDLE and self.raw.autocommit):
            self.told = wanted
        return self.write_setup(wanted)

    def get_wanted(self) -> Acting | None:
        """Give who is to act on this connection, or None where the login itself is enough."""
        found = get_acting()
        if found is None:
            return None
        login: str = self.connection.settings_dict["USER"]
        is_enough = (found.role == login and found.is_plain) or not found.applies_to(login)
        return None if is_enough else found

    def write_setup(self, wanted: Acting | None) -> str:
        """Give the statement that says who acts; the last one is kept."""
        if not self.written[1] or self.written[0] != wanted:
            settings = {"role": wanted.role if wanted else "none", **(wanted.settings if wanted else NOBODY)}
            words = ", ".join(
                f"pg_catalog.set_config('{name}', {self.quote(value)}, true)" for name, value in settings.items()
            )
            self.written = (wanted, f"SELECT {words}")
        return self.written[1]

    def quote(self, value: str) -> str:
        """Give the text as a literal; what could be one of a hundred kinds of trouble goes to the driver."""
        return f"'{value}'" if HARMLESS.fullmatch(value) else sql.Literal(value).as_string(self.raw)

    @contextmanager
    def telling(self, setup: str, *, piped: bool = False) -> Iterator[None]:
        """Say it before what is done inside the block, and in one transaction with it; `piped`: in one round trip."""
        block: AbstractContextManager[Any] = nullcontext()
        if piped:
            block = self.raw.pipeline()
        elif self.raw.autocommit:
            block = self.raw.transaction()
        with self.connection.wrap_database_errors, block:
            self.raw.execute(setup)
            yield


class ActingCursor(CursorWrapper):
    """Django's cursor, whose statements run as whoever acts. `callproc` does not exist in the driver."""

    db: DatabaseWrapper

    def _execute(self, query: Any, params: Any = None, *ignored: Any) -> Any:
        run: Callable[..., Any] = super()._execute  # type: ignore[misc]  # the stubs leave it out
        context = self.db.acting_context
        # The first half is the whole cost of a statement where nobody acts: benchmarks/orm.py.
        if (context.told is None and get_acting() is None) or not (setup := context.find_setup()):
            return run(query, params)
        if isinstance(self.cursor, psycopg.ClientCursor) and isinstance(query, str):
            result = run(prefix(setup, query, params), params)
            self.cursor.nextset()
            return result
        with self.db.acting_context.telling(setup, piped=not isinstance(self.cursor, psycopg.ServerCursor)):
            return run(query, params)

    def _executemany(self, query: Any, params: Any, *ignored: Any) -> Any:
        run: Callable[..., Any] = super()._executemany  # type: ignore[misc]  # the stubs leave it out
        setup = self.db.acting_context.find_setup()
        with self.db.acting_context.telling(setup) if setup else nullcontext():
            return run(query, params)

    @contextmanager
    def copy(self, *args: Any, **options: Any) -> Iterator[Any]:
        """Give the driver's COPY, run as whoever acts."""
        setup = self.db.acting_context.find_setup()
        run = getattr(super(), "copy", self.cursor.copy)  # the logging cursor has one of its own
        block = self.db.acting_context.telling(setup) if setup else nullcontext()
        with block, run(*args, **options) as copy:
            yield copy


def prefix(setup: str, query: str, params: Any) -> str:
    """Put one statement before the other, in one message: together they are one transaction (manual, "Multiple
    Statements in a Simple Query")."""
    return f"{setup.replace('%', '%%') if params is not None else setup}; {query}"
