"""The connection that a migration needs: as the migrator, to a database that is ready, and alone."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext

from django.db import OperationalError, ProgrammingError
from django.db.backends.base.base import BaseDatabaseWrapper

from freehold.acting import acting
from freehold.acting.logins import using_login
from freehold.acting.roles import can_switch, switch_role
from freehold.errors import MigrationError
from freehold.migrator.filelock import FileLock
from freehold.migrator.limits import INSUFFICIENT_PRIVILEGE, get_sqlstate
from freehold.migrator.lock import MigrationLock, is_held
from freehold.migrator.poolers import refuse_pooler
from freehold.migrator.timeouts import without_timeouts
from freehold.ownership import Ownership, find_ownership
from freehold.ownership.map import list_role_names
from freehold.rights.administration import bootstrap_database, is_embedded
from freehold.rights.queries import list_rows

_MISSING = """
    SELECT name FROM pg_catalog.unnest(%s::text[]) AS name
    WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = name)
"""
Say = Callable[[str], object]
_Problem = tuple[str, str, str, str]  # as sql/problems.sql gives them

_BOOTSTRAP = "`manage.py ownership bootstrap`"
_PROBLEMS = {  # by the kind that sql/problems.sql gives
    "role": "role {name} is missing on the server of database {database!r}: {bootstrap} makes it",
    "schema": "schema {name} is missing in database {database!r}: {bootstrap} makes it, owned by {expected}",
    "owner": "schema {name} belongs to {found}, and {expected} is expected: {bootstrap} hands it over",
    "member": "{found} can't become {name}, as whom migrations run: connect as a superuser or the migrator, whom "
    "`manage.py ownership apply` lets become every owner",
    "create": "{found}, as whom migrations run, lacks {expected} on its own schema {name}: GRANT {expected} ON SCHEMA "
    "{name} TO {found} mends it",
    "right": "{found} lacks {expected} on {name}, where it writes down what is applied: GRANT {expected} ON {name} TO "
    "{found} mends it",
    "table": "table {name} belongs to {found}, and {expected} is expected: ALTER TABLE {name} OWNER TO {expected} "
    "mends it",
}
# One round trip for both: the target list is evaluated from left to right.
_SEARCH_PATH = "SELECT pg_catalog.current_setting('search_path'), pg_catalog.set_config('search_path', %s, false)"
# A login that is missing, or may not enter, is refused in these words. A server that is not there has others.
_REFUSED = re.compile(r"password|role \"|authentication|permission denied for database|pg_hba")


@contextmanager
def migrator_session(
    connection: BaseDatabaseWrapper, ownership: Ownership, say: Say, *, changes: bool, alone: bool = False
) -> Iterator[MigrationLock | FileLock]:
    """Act as the migrator inside the block, and as no service. The block gets the migration lock; on SQLite, which has
    no roles, that of a file.

    Where the block `changes` something and another migrator is at work, nothing is read before that one has ended. The
    lock is then held from the beginning, as it is where `alone` asks for it. Otherwise it is for the block to take
    before it applies anything. An embedded server that lacks roles or schemas is bootstrapped first.

    Raises:
        MigrationError: the map asks for no roles, something is missing that a bootstrap makes, the login may not do
            what a migrator must, or a pooler gives it no session of its own.
    """
    if connection.vendor != "postgresql":
        with acting(None), FileLock(connection, say) as lock:  # an owner's work, which no service's policies hold back
            if changes and alone:
                connection.ensure_connection()  # which says what is wrong with the file
                lock.acquire()
            yield lock
        return
    if not ownership.has_roles:
        raise MigrationError(
            "the ownership map has no services, so that it is for placement alone and has no migrator: add a Service"
        )
    settings = connection.settings_dict
    reconnects = bool(settings.get("SWITCH_LOGIN")) and settings["USER"] != ownership.migrator
    if reconnects and connection.in_atomic_block:
        raise MigrationError(
            f"migrate reconnects as {ownership.migrator} and can't do so inside a transaction: end it first "
            f"(in a test: transaction=True)"
        )
    with using_login(connection, ownership.migrator):
        _prepare(connection, ownership, say)
        refuse_pooler(connection)
        with (
            nullcontext() if reconnects else _as_migrator(connection, ownership),
            without_timeouts(connection, ends=reconnects),
            with_public_in_sight(connection, ends=reconnects),
            MigrationLock(connection, say) as held,
            connection.execute_wrapper(held.guard),
        ):
            if changes and (alone or is_held(connection)):
                held.acquire()
            yield held


@contextmanager
def reading_as_migrator(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Be the migrator's login inside the block, for commands of Django's that ask what is applied: services need no
    right to that. It is the user that DATABASE_URL names, where it names one. A database that is not the map's stays.

    Raises:
        MigrationError: the login is refused, or may not read what is applied.
    """
    ownership = find_ownership() if connection.settings_dict["OPTIONS"].get("schemas") else None
    if ownership is None or not ownership.has_roles or connection.in_atomic_block:  # as a test's, which can't reconnect
        yield
        return
    with using_login(connection, ownership.migrator):
        if connection.vendor != "postgresql":
            yield
            return
        connect(connection, ownership)
        refuse_pooler(connection)
        try:
            with with_public_in_sight(connection):
                yield
        except ProgrammingError as error:
            if get_sqlstate(error) != INSUFFICIENT_PRIVILEGE:
                raise
            raise MigrationError(
                f"{connection.settings_dict['USER']} may not read what is applied ({str(error).splitlines()[0]}): name "
                f"{ownership.migrator} in DATABASE_URL, or no user, so that the command chooses it"
            ) from error


@contextmanager
def _as_migrator(connection: BaseDatabaseWrapper, ownership: Ownership) -> Iterator[None]:
    """Become the migrator on a connection that outlives the block, and afterwards whoever it was before."""
    before = switch_role(connection, ownership.migrator)
    try:
        yield
    finally:
        if can_switch(connection):
            switch_role(connection, before)
        else:
            connection.close()


@contextmanager
def with_public_in_sight(connection: BaseDatabaseWrapper, *, ends: bool = False) -> Iterator[None]:
    """Let bare names lie in `public` inside the block, whatever search_path the login has: Django's own table of
    applied migrations has such a name. Where the session `ends` with the block, nothing is put back."""
    before = _set_search_path(connection, "public")
    try:
        yield
    finally:
        if not can_switch(connection):
            connection.close()
        elif not ends:
            _set_search_path(connection, before)


def _set_search_path(connection: BaseDatabaseWrapper, path: str) -> str:
    """Set it for the session and give what it was."""
    with connection.cursor() as cursor:
        cursor.execute(_SEARCH_PATH, [path])
        before: str = cursor.fetchone()[0]
    return before


def _prepare(connection: BaseDatabaseWrapper, ownership: Ownership, say: Say) -> None:
    if not is_embedded(connection):
        connect(connection, ownership)
        if problems := _list_problems(connection, ownership):
            raise MigrationError(explain(problems[0], connection))
        return
    if _is_ready(connection, ownership):
        return
    done = bootstrap_database(connection, ownership)
    say(f"Roles or schemas were missing: bootstrapped the embedded server first ({len(done)} changes).")
    connection.ensure_connection()
    if problems := _list_problems(connection, ownership):
        raise MigrationError(explain(problems[0], connection))


def _is_ready(connection: BaseDatabaseWrapper, ownership: Ownership) -> bool:
    """Tell whether the migrator can connect and finds all that it needs."""
    try:
        connection.ensure_connection()
    except OperationalError as error:
        if not _REFUSED.search(str(error)):
            raise
        return False
    return not _list_problems(connection, ownership)


def connect(connection: BaseDatabaseWrapper, ownership: Ownership) -> None:
    """Connect; where the login is refused, say what may be missing."""
    try:
        connection.ensure_connection()
    except OperationalError as error:
        if not _REFUSED.search(str(error)) or not connection.settings_dict.get("SWITCH_LOGIN"):
            raise
        reason = "; ".join(line.strip() for line in str(error).splitlines() if line.strip())
        raise MigrationError(
            f"can't connect as {ownership.migrator}: {reason}. If the role is missing, {_BOOTSTRAP} with --admin-url "
            f"makes it; if it is there, its password belongs into the password file"
        ) from error


def _list_problems(connection: BaseDatabaseWrapper, ownership: Ownership) -> list[_Problem]:
    """Give what is missing or belongs to someone else. One query."""
    with connection.cursor() as cursor:
        return list_rows(
            cursor,
            "problems",
            roles=list_role_names(ownership),
            schemas=list(ownership.schema_names),
            owners=[schema.owner for schema in ownership.schemas],
            migrator=ownership.migrator,
        )


def explain(problem: _Problem, connection: BaseDatabaseWrapper) -> str:
    """Say what a problem is and which command mends it."""
    kind, name, found, expected = problem
    bootstrap = _BOOTSTRAP if not connection.settings_dict.get("SWITCH_LOGIN") else f"{_BOOTSTRAP} with --admin-url"
    database = connection.settings_dict["NAME"]
    return _PROBLEMS[kind].format(name=name, found=found, expected=expected, bootstrap=bootstrap, database=database)


def make_schemas(connection: BaseDatabaseWrapper, ownership: Ownership, say: Callable[[str], object]) -> None:
    """Make the schemas of a map that is for placement alone, as the login at hand: such a map has no owners.

    Raises:
        MigrationError: the login may not.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(_MISSING, [list(ownership.schema_names)])
        # Names of a map need no quotes. Two that migrate at once may find the same one missing.
        for (name,) in cursor.fetchall():
            try:
                cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {name}")
            except ProgrammingError as error:
                raise MigrationError(_explain_refusal(name, connection, error)) from error
            say(f"  Made schema {name}")


def _explain_refusal(name: str, connection: BaseDatabaseWrapper, error: ProgrammingError) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_user")
        (login,) = cursor.fetchone()
    reason = str(error).splitlines()[0]
    return (
        f"schema {name} is missing in database {connection.settings_dict['NAME']!r}, and {login} can't make it "
        f"({reason}): let whoever owns the database run CREATE SCHEMA {name} AUTHORIZATION {login}"
    )


@contextmanager
def imports_frozen() -> Iterator[None]:
    """Leave what is there before the block out of collections inside it: modules, models, settings.

    A migrate makes so many objects that the collector looks through all of them, and finds nothing there.
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
