"""Whether the database holds a process's login: looked at when the process starts, before its first query.

A login that owns something, may become another role or is not subject to policies would make every grant and policy
void without an error anywhere. So the process refuses to run.
"""

from __future__ import annotations

import logging
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final

import django.db
import psycopg
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.utils import InterfaceError, ProgrammingError
from psycopg import sql

from freehold.acting import acting
from freehold.databases.entries import name_entry
from freehold.errors import FreeholdError, StartError
from freehold.ownership import Ownership, Service, find_ownership, get_ownership
from freehold.ownership.compilation import Declared, compile_map
from freehold.ownership.spelling import split_name
from freehold.protected import iter_protected_models
from freehold.services import ALL, get_process
from freehold.services.login_faults import Login, LoginFault, iter_faults
from freehold.services.poolers import SAYS, hands_on
from freehold.services.privileges import STATEMENT, get_parameters
from freehold.sqlfiles import read_statement

GUARD: Final = "freehold.services.startup"
HELD: Final[set[str]] = set()  # the databases, by alias, whose logins were looked at and are held
_logger = logging.getLogger(__name__)

_OPEN_HINT: Final = "`manage.py ownership apply` puts row-level security and policies back"
_SECONDS: Final = 5  # to wait for a server at start; afterwards the process waits as its database's options say
# In one message. The planner takes it for a query worth compiling, which takes ten times as long as the query itself.
_LOGINS: Final = "SELECT pg_catalog.set_config('jit', 'off', true); " + read_statement(__file__, "logins").replace(
    "{privileges}", f"\n{STATEMENT}\n"
)
_OPEN: Final = sql.SQL(re.sub(r"%\((\w+)\)s", r"{\1}", read_statement(__file__, "open_tables")))
_BECOME: Final = sql.SQL("SELECT NULL FROM pg_catalog.set_config('role', {}, true)")


@dataclass(frozen=True)
class LoginReport:
    """What is wrong. It is not `complete` where no protected table was there to be looked at: before `migrate`."""

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


def _list_logins(declared: Declared) -> list[str]:
    """Give the logins that the process has, or may become."""
    combined = [declared.ownership.combined] if get_process() == ALL else []
    return combined + [each.login for each in _list_services(declared.ownership)]


def inspect(connection: BaseDatabaseWrapper) -> LoginReport:
    """Look at the login that the connection has, and at those it may become. Two queries."""
    declared = compile_map(get_ownership(), connection.settings_dict["NAME"])
    services = _list_services(declared.ownership)
    with acting(None):
        with connection.cursor() as cursor:
            parameters = get_parameters(declared.ownership, _list_logins(declared), inside=True)
            cursor.execute(psycopg.ClientCursor(connection.connection).mogrify(_LOGINS, parameters))
            cursor.nextset()
            rows = cursor.fetchall()
        found = {row[0]: Login(*row) for row in rows}
        faults = tuple(iter_faults(declared, services, found, name_entry(connection)))
        if any(fault.kind in ("login", "member") and not fault.tolerable for fault in faults):
            return LoginReport(faults, complete=False)
        tables = list_protected(declared.ownership)
        logins = [found[each.login] for each in services if each.login in found]
        try:
            rows = _ask_as_each(connection, logins, tables)
        except ProgrammingError as error:
            return LoginReport((*faults, _judge_refusal(found, error)), complete=False)
    return LoginReport((*faults, *_iter_open_faults(rows)), complete=bool(rows) or not tables)


def list_protected(ownership: Ownership) -> list[tuple[str, str]]:
    """Give the tables whose models declare policies, by schema and name."""
    tables = (split_name(model._meta.db_table, ownership.schema_names) for model in iter_protected_models())
    return [(schema, name) for schema, name in tables if schema]


def _ask_as_each(
    connection: BaseDatabaseWrapper, logins: list[Login], tables: list[tuple[str, str]]
) -> list[tuple[Any, ...]]:
    """Ask as each of the logins which of the tables are open to it, by becoming it where it is not the one at hand."""
    question = _OPEN.format(schemas=[schema for schema, _ in tables], tables=[name for _, name in tables])
    parts = [part for each in logins for part in (*(() if each.is_own else [_BECOME.format(each.name)]), question)]
    rows: list[tuple[Any, ...]] = []
    with connection.cursor() as cursor:  # one message is one transaction: at its end the role is the login's again
        cursor.execute(sql.SQL(";").join(parts))
        while True:
            rows += [row for row in cursor.fetchall() if row[0]]
            if not cursor.nextset():
                return rows


def _judge_refusal(found: dict[str, Login], error: ProgrammingError) -> LoginFault:
    own = next(login.name for login in found.values() if login.is_own)
    hint = "`manage.py ownership bootstrap` makes it a member of each service's login"
    return LoginFault("member", own, f"can't become a service ({str(error).splitlines()[0]})", hint)


def _iter_open_faults(rows: list[tuple[Any, ...]]) -> Iterator[LoginFault]:
    """Yield, for each login, a table that it may use and whose policies do not hold it."""
    seen: dict[str, list[str]] = defaultdict(list)
    for login, table, is_open in rows:
        if is_open:
            seen[login].append(table)
    for login, tables in seen.items():
        rest = f" and {len(tables) - 1} more" if len(tables) > 1 else ""
        yield LoginFault("open", login, f"may use {tables[0]}{rest}, whose policies do not hold it", _OPEN_HINT)


# --- Refusing ----------------------------------------------------------------------------------------------------
def guard(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Refuse a new connection where its login is not held, before a query runs on it. Receives `connection_created`.

    Each database is looked at when the process first connects; where `migrate` has made no protected table yet, with
    each new connection until it has.

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
        _logger.warning("%s; it runs all the same, since %s", fault, fault.excuse)


def start() -> None:
    """Guard this process, and look now. A database that does not answer is looked at with the first query.

    Raises:
        StartError: a login is not held.
    """
    connection_created.connect(guard, dispatch_uid=GUARD)
    for alias in connections:
        if is_guarded(connections[alias]):
            look_once(connections[alias])


def _copy(connection: BaseDatabaseWrapper) -> BaseDatabaseWrapper:
    found = type(connection)(deepcopy(connection.settings_dict), connection.alias)
    found.settings_dict["OPTIONS"].setdefault("connect_timeout", _SECONDS)
    found.settings_dict["OPTIONS"].pop("pool", None)
    return found


def look_once(connection: BaseDatabaseWrapper) -> None:
    """Connect, which the guard looks at, and let go. On a copy: later on a connection may be waited for longer. Of a
    pooler that hands on what sessions leave the log has a line."""
    found = _copy(connection)
    try:
        found.ensure_connection()
        if hands_on(found, lambda: _copy(connection)):
            _logger.error(SAYS, connection.alias)
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
