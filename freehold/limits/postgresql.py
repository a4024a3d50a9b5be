"""Counters on PostgreSQL: asked by one connection of the process, beside every transaction that its threads are in.

One and not one a thread: a count takes a fraction of a millisecond, and a login has so many connections. It is made of
the default database's entry when it is first needed and kept until that changes, which is when tests go to another
database. It is in no `connections`, so that nothing that goes over those meets it: no command, no check, no router.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator
from contextlib import suppress
from copy import deepcopy
from functools import cache
from typing import Any, Final

import django.db
import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import postgres

from freehold.acting import ANONYMOUS, Acting, Sought, acting, get_acting
from freehold.backends.postgresql.pipelines import Command
from freehold.limits.turns import Turns
from freehold.limits.values import Limit, Taken

SECONDS: Final = 2  # to wait for a connection, and for an answer
# A server that is gone without a word is found by the kernel, where nothing else looks.
_OPTIONS: Final = {
    "connect_timeout": SECONDS,
    "tcp_user_timeout": SECONDS * 1000,
    "keepalives_idle": 5,
    "keepalives_interval": 1,
    "keepalives_count": 3,
}
_WHERE: Final = ("NAME", "USER", "HOST", "PORT")
_TAKE: Final = """
SELECT is_allowed, remaining, wait FROM limits.take($1::text, $2::bytea, $3::integer, $4::integer, $5::integer)
"""
_FORGET: Final = "SELECT limits.forget($1::text, $2::bytea)"
# Who asks is found by the statement that counts: a user, a tenant (of a key), or nobody. MATERIALIZED: else each look
# at an id would look for it again. Of a kind without a limit, NULLs come back, since the function is STRICT. The text
# holds what map and settings say, and no word of people's.
_TAKE_FOUND: Final = """
WITH f AS MATERIALIZED (SELECT {user} AS user_id, {tenant} AS tenant_id)
SELECT f.user_id, f.tenant_id, t.is_allowed, t.remaining, t.wait
FROM f CROSS JOIN LATERAL limits.take(
    CASE WHEN f.user_id IS NOT NULL THEN {names[0]} WHEN f.tenant_id IS NOT NULL THEN {names[1]} ELSE {names[2]} END,
    CASE
        WHEN f.user_id IS NOT NULL
        THEN pg_catalog.sha256(pg_catalog.convert_to('user:' || f.user_id::text, 'UTF8'))
        WHEN f.tenant_id IS NOT NULL THEN $1::bytea
        ELSE $2::bytea
    END,
    CASE WHEN f.user_id IS NOT NULL THEN {windows[0]} WHEN f.tenant_id IS NOT NULL THEN {windows[1]} ELSE {windows[2]}
    END,
    1,
    CASE WHEN f.user_id IS NOT NULL THEN {allowed[0]} WHEN f.tenant_id IS NOT NULL THEN {allowed[1]} ELSE {allowed[2]}
    END
) AS t
"""
_KINDS: Final[dict[int, Callable[[bytes], Any]]] = {
    postgres.types["bool"].oid: lambda value: value == b"t",
    postgres.types["int4"].oid: int,
}
Kinds = tuple[tuple[str, Limit | None], tuple[str, Limit | None], tuple[str, Limit | None]]


@cache
def write_take_found(user: str, tenant: str, kinds: Kinds) -> str:
    """Give the statement for what the map asks who it is by, and for the limits of a user, a key and nobody."""
    limits = [limit for _, limit in kinds]
    return _TAKE_FOUND.format(
        user=user or "NULL::uuid",
        tenant=tenant or "NULL::uuid",
        names=[f"'{name}'" for name, _ in kinds],
        windows=[each.seconds if each else "NULL" for each in limits],
        allowed=[each.allowed if each else "NULL" for each in limits],
    )


def _write(value: str | bytes | int) -> bytes:
    return b"\\x" + value.hex().encode() if isinstance(value, bytes) else str(value).encode()


def _read(result: Any, place: int) -> Any:
    """Give a boolean or a number as such, anything else as text."""
    value, kind = result.get_value(0, place), _KINDS.get(result.ftype(place), bytes.decode)
    return None if value is None else kind(value)


class SilenceError(psycopg.OperationalError):
    """The server has the question and gives no answer."""


class Line(Turns):
    """The connection, and what is asked by it."""

    def __init__(self) -> None:
        super().__init__()
        self.wrapper: Any = None
        self.key: tuple[Any, ...] = ()

    def take(self, name: str, whose: bytes, limit: Limit, amount: int) -> Taken:
        return Taken(*self.ask(_TAKE, [name, whose, limit.seconds, amount, limit.allowed], find_acting()))

    def forget(self, name: str, whose: bytes) -> None:
        self.ask(_FORGET, [name, whose], find_acting())

    def take_found(self, found: Acting, kinds: Kinds, key: bytes, address: bytes) -> tuple[Any, Any, Taken | None]:
        """Find who asks by their proof, and count one for them: for a user, whose digest the database makes, a key, or
        nobody; give the user's id, the tenant's, and how it ended, None for a kind that has no limit."""
        user, tenant = (found.asking.user, found.asking.tenant) if found.asking else ("", "")
        query = write_take_found(user, tenant, kinds)
        user_id, tenant_id, is_allowed, *rest = self.ask(query, [key, address], found)
        return user_id, tenant_id, None if is_allowed is None else Taken(is_allowed, *rest)

    def ask(self, query: str, values: list[Any], found: Acting | None) -> tuple[Any, ...]:
        """Give the row. A connection that was lost since it was last used is made anew, once.

        Raises:
            django.db.Error: the server can't be reached, or refuses.
            LimitsError: no turn came, or nobody is asked.
        """
        with self.turn(), acting(found):
            is_kept = self.open()
            try:
                return self.run(query, values)
            except django.db.Error as error:
                if not self.is_lost():
                    raise
                self.close()
                if not is_kept or isinstance(error.__cause__, SilenceError):
                    raise
            self.open()
            return self.run(query, values)

    def run(self, query: str, values: list[Any]) -> tuple[Any, ...]:
        """Give the row. Nothing but these statements, whose texts are fixed, ever runs here: they may have names."""
        assert self.wrapper is not None  # noqa: S101 - `open` came before
        self.wrapper.ensure_connection()
        bound_waits(self.wrapper.connection)
        command = Command(query.encode(), [_write(each) for each in values])
        (result,) = self.wrapper.acting_context.run([command], leaves_nothing=True)
        return tuple(_read(result, place) for place in range(result.nfields))

    def open(self) -> bool:
        """See that there is a connection to where the default one leads; tell whether it was there before."""
        entry = connections[DEFAULT_DB_ALIAS].settings_dict
        key = (os.getpid(), *(entry.get(each) for each in _WHERE))
        if self.wrapper is not None and key == self.key:
            return True
        self.close()
        self.key, self.wrapper = key, make_wrapper(connections[DEFAULT_DB_ALIAS])
        return False

    def is_lost(self) -> bool:
        """Tell whether there is no connection after an error; where there is, the server refused this one statement."""
        raw: Any = self.wrapper.connection if self.wrapper else None
        return raw is None or raw.closed

    def close(self) -> None:
        with self.lock:
            wrapper, self.wrapper = self.wrapper, None
            if wrapper is not None and self.key[0] == os.getpid():  # that of a parent process is the parent's
                with suppress(django.db.Error):
                    wrapper.close()


LINE: Final = Line()
os.register_at_fork(after_in_child=LINE.renew)


def make_wrapper(like: BaseDatabaseWrapper) -> BaseDatabaseWrapper:
    """Give a connection to the same database: without a pool, in autocommit, for any thread."""
    entry = deepcopy(like.settings_dict)
    entry["OPTIONS"].pop("pool", None)
    entry["OPTIONS"] = {**_OPTIONS, **entry["OPTIONS"]}
    found = type(like)({**entry, "AUTOCOMMIT": True, "CONN_MAX_AGE": None}, like.alias)
    found.inc_thread_sharing()
    return found


def find_acting(who: Sought | None = None) -> Acting | None:
    """Give the service that acts, for nobody: who asks is no concern of a counter."""
    found = get_acting()
    return found.working_for(who or ANONYMOUS, found.request_id) if found else None


def bound_waits(raw: Any) -> None:
    """Let the driver's connection wait for an answer for SECONDS at most, and be closed then.

    Where the process of the server stands still, no setting of its own does that, and its kernel answers for it.
    """
    if "wait" not in vars(raw):
        wait = raw.wait
        raw.wait = lambda gen, *args, **kwargs: wait(_end_in_time(raw, gen), *args, **kwargs)


def _end_in_time(raw: Any, gen: Generator[Any, Any, Any]) -> Generator[Any, Any, Any]:
    """Hand on what the driver waits for, which it looks at ten times a second."""
    until = time.monotonic() + SECONDS
    try:
        wanted = next(gen)
        while True:
            found = yield wanted
            if time.monotonic() > until and not found:
                raw.pgconn.finish()
                raise SilenceError(f"the server gave no answer in {SECONDS:g} seconds")
            wanted = gen.send(found)
    except StopIteration as end:
        return end.value


def hang_up(**kwargs: Any) -> None:
    """Let go of the database: tests are about to drop it."""
    LINE.close()
