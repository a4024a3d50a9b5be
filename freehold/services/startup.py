"""Whether the database holds a process's login: looked at when the process starts, before its first query.

A login that owns something, may become another role or is not subject to policies would make every grant and policy
void without an error anywhere. So the process refuses to run.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator, Sequence, Set
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final, Literal

import django.db
from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.utils import InterfaceError, ProgrammingError

from freehold.acting import acting
from freehold.databases.entries import URL, name_entry
from freehold.errors import FreeholdError, StartError
from freehold.ownership import Ownership, Service, find_ownership, get_ownership
from freehold.ownership.compilation import Declared, compile_map
from freehold.services import ALL, get_process
from freehold.sqlfiles import fetch_rows

GUARD: Final = "freehold.services.startup"
HELD: Final[set[str]] = set()  # the databases, by alias, whose logins were looked at and are held
_logger = logging.getLogger(__name__)

_Kind = Literal["login", "attribute", "owns", "member", "canary"]
_SECONDS: Final = 5  # to wait for a server at start; afterwards the process waits as its database's options say
_CANARY: Final = "EXISTS (SELECT FROM public.canary)"
_BECOME: Final = "SELECT NULL FROM pg_catalog.set_config('role', '{}', true)"


@dataclass(frozen=True)
class LoginFault:
    """What is wrong with a login, and the way out. A `tolerable` one is only told, since the project is in DEBUG."""

    kind: _Kind
    login: str
    message: str
    hint: str
    tolerable: bool = False

    def __str__(self) -> str:
        return f"login {self.login} {self.message}: {self.hint}"


@dataclass(frozen=True)
class Login:
    """What a role has that no grant gives. `reads_canary` is None where there is no such table yet."""

    name: str
    is_own: bool
    attributes: Sequence[str]
    owned: int
    example: str
    member_of: Sequence[str]
    inherits: Sequence[str]
    reads_canary: bool | None


@dataclass(frozen=True)
class LoginReport:
    """What is wrong. It is not `complete` where the canary was not there to be looked at: before `migrate`."""

    faults: tuple[LoginFault, ...]
    complete: bool


# --- Looking -----------------------------------------------------------------------------------------------------
def is_guarded(connection: BaseDatabaseWrapper) -> bool:
    """Tell whether there is anything to look at: PostgreSQL with the map's schemas, and a login that the map knows."""
    ownership = find_ownership() if connection.settings_dict["OPTIONS"].get("schemas") else None
    return bool(connection.vendor == "postgresql" and ownership and _list_services(ownership))


def _list_services(ownership: Ownership) -> list[Service]:
    """Give the services that this process is; none where the map has no login for all of them together."""
    process = get_process()
    return [each for each in ownership.services if process == each.name or (process == ALL and ownership.combined)]


def inspect(connection: BaseDatabaseWrapper) -> LoginReport:
    """Look at the login that the connection has, and at those it may become. Two queries."""
    declared = compile_map(get_ownership(), connection.settings_dict["NAME"])
    services = _list_services(declared.ownership)
    with acting(None):
        with connection.cursor() as cursor:
            rows = fetch_rows(cursor, __file__, "logins", roles=[each.login for each in services])
        found = {row[0]: Login(*row) for row in rows}
        faults = tuple(_iter_faults(declared, services, found, name_entry(connection)))
        to_ask = [each.login for each in services if each.login in found and found[each.login].reads_canary]
        if not any(fault.kind in ("login", "member") and not fault.tolerable for fault in faults):
            faults += tuple(_iter_canary_faults(connection, found, to_ask))
    return LoginReport(faults, complete=len(to_ask) == len(services))


def _iter_canary_faults(
    connection: BaseDatabaseWrapper, found: dict[str, Login], to_ask: list[str]
) -> Iterator[LoginFault]:
    """Ask each of the logins whether it sees the canary's row, by becoming it where it is not the one at hand."""
    if not to_ask:
        return
    words = [f"SELECT '{login}' WHERE {_CANARY}" for login in to_ask]
    if not found[to_ask[0]].is_own:  # one message is one transaction: at its end the role is the login's again
        words = [part for login, word in zip(to_ask, words, strict=True) for part in (_BECOME.format(login), word)]
    own = next(login.name for login in found.values() if login.is_own)
    try:
        seen = [name for (name,) in _list_results(connection, "; ".join(words)) if name]
    except ProgrammingError as error:
        hint = "`manage.py ownership bootstrap` makes it a member of each service's login"
        yield LoginFault("member", own, f"can't become a service ({str(error).splitlines()[0]})", hint)
        return
    hint = "`manage.py ownership apply` puts row-level security and policies back"
    for login in seen:
        yield LoginFault("canary", login, "sees the row of public.canary, so that policies do not hold it", hint)


def _list_results(connection: BaseDatabaseWrapper, statements: str) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    with connection.cursor() as cursor:
        cursor.execute(statements)
        while True:
            rows += cursor.fetchall()
            if not cursor.nextset():
                return rows


# --- Judging -----------------------------------------------------------------------------------------------------
def _iter_faults(
    declared: Declared, services: list[Service], found: dict[str, Login], entry: str
) -> Iterator[LoginFault]:
    """Yield what the catalogue alone tells. `entry` is where the login stands."""
    ownership = declared.ownership
    logins = [each.login for each in services]
    expected = ownership.combined if get_process() == ALL else logins[0]
    own = next(login for login in found.values() if login.is_own)
    if own.name != expected:
        yield _judge_foreign(own, expected, entry)
    elif expected == ownership.combined:
        through = {role for name in logins if name in found for role in found[name].member_of}
        yield from _iter_held_faults(own, declared, through)
    for name in logins:
        if name in found:
            yield from _iter_held_faults(found[name], declared)
        else:
            yield LoginFault("login", name, "does not exist", "`manage.py ownership bootstrap` makes it")


def _judge_foreign(own: Login, expected: str, entry: str) -> LoginFault:
    words = f"(which is {' '.join(own.attributes)}) " if own.attributes else ""
    return LoginFault(
        "login",
        own.name,
        f"{words}is not {expected}, which SERVICE={get_process()} connects as",
        f"take the user out of {entry}, or put {expected} there" if entry == URL else f"put {expected} into {entry}",
        tolerable=get_process() == ALL and settings.DEBUG,
    )


def _iter_held_faults(login: Login, declared: Declared, through: Set[str] = frozenset()) -> Iterator[LoginFault]:
    """Yield what lets a login past its grants.

    It must have the attributes and memberships that are declared, and inherit from none. Roles that it is a member of
    `through` those are their fault.
    """
    name = login.name
    becomes = {each.role for each in declared.memberships if each.member == name}
    if attributes := [word for word in login.attributes if word not in declared.roles[name].attributes]:
        words = " ".join(f"NO{word}" for word in attributes)
        yield LoginFault("attribute", name, f"is {', '.join(attributes)}", f"ALTER ROLE {name} {words}")
    if login.owned:
        rest = f" and {login.owned - 1} more" if login.owned > 1 else ""
        hint = f"REASSIGN OWNED BY {name} TO a role that nobody logs in as, such as the schema's owner"
        yield LoginFault("owns", name, f"owns {login.example}{rest}", hint)
    if extra := sorted(set(login.member_of) - becomes - through):
        yield LoginFault("member", name, f"is a member of {', '.join(extra)}", f"REVOKE {', '.join(extra)} FROM {name}")
    if "SUPERUSER" not in login.attributes and (missing := sorted(becomes - set(login.member_of))):
        hint = "`manage.py ownership bootstrap` makes it one"
        yield LoginFault("member", name, f"is no member of {', '.join(missing)}", hint)
    if inherited := sorted(set(login.inherits) & becomes):
        names = ", ".join(inherited)
        hint = f"ALTER ROLE {name} NOINHERIT; from PostgreSQL 16 on also GRANT {names} TO {name} WITH INHERIT FALSE"
        yield LoginFault("member", name, f"has the rights of {names} at all times", hint)


# --- Refusing ----------------------------------------------------------------------------------------------------
def guard(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Refuse a new connection where its login is not held, before a query runs on it. Receives `connection_created`.

    Each database is looked at when the process first connects; where `migrate` has not made the canary yet, with each
    new connection until it has.

    Raises:
        StartError: it is not.
    """
    if connection.alias in HELD or not is_guarded(connection):
        return
    try:
        report = inspect(connection)
        refuse(report)
    except BaseException:
        connection.close()  # else the next query would find it open
        raise
    if report.complete:
        HELD.add(connection.alias)


def refuse(report: LoginReport) -> None:
    """Raise the first fault that is not tolerable, and log the others.

    Raises:
        StartError: there is one.
    """
    faults = [fault for fault in report.faults if not fault.tolerable]
    if faults:
        more = f" ({len(faults) - 1} more: `manage.py check --database default`)" if len(faults) > 1 else ""
        raise StartError(f"SERVICE={get_process()} may not run: {faults[0]}{more}")
    for fault in report.faults:
        _logger.warning("%s; it runs all the same, since DEBUG is on", fault)


def start() -> None:
    """Guard this process, and look now. A database that does not answer is looked at with the first query.

    Raises:
        StartError: a login is not held.
    """
    connection_created.connect(guard, dispatch_uid=GUARD)
    for alias in connections:
        if is_guarded(connections[alias]):
            look_once(connections[alias])


def look_once(connection: BaseDatabaseWrapper) -> None:
    """Connect, which the guard looks at, and let go. On a copy: later on a connection may be waited for longer."""
    found = type(connection)(deepcopy(connection.settings_dict), connection.alias)
    found.settings_dict["OPTIONS"].setdefault("connect_timeout", _SECONDS)
    found.settings_dict["OPTIONS"].pop("pool", None)
    try:
        found.ensure_connection()
    except StartError:
        raise
    except (django.db.Error, InterfaceError, FreeholdError) as error:
        _logger.warning("The database %r can't be looked at yet: %s", connection.alias, str(error).splitlines()[0])
    finally:
        found.close()


def start_or_exit() -> None:
    """Do the same for a server that imports the application: a refusal is one line on stderr and exit status 1."""
    from freehold.cli import one_line

    try:
        start()
    except StartError as error:
        print(one_line(error), file=sys.stderr, flush=True)  # noqa: T201 - servers print a traceback for anything else
        raise SystemExit(1) from None
