"""Runs changes, each as the role that may make it."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeVar

import psycopg
from psycopg import sql

from freehold.errors import OwnershipError
from freehold.ownership.comparable import DatabasePolicy
from freehold.passfile import get_or_add_password
from freehold.rights.drift import Change, Phase
from freehold.rights.inspection import GRANT_OPTIONS, pinned_path
from freehold.rights.statements import write_seal

_ATTEMPTS: Final = 12
# Roles belong to the whole cluster: another bootstrap, in whatever database, may be making the same ones. The last
# is "tuple concurrently updated", which has no class of its own.
_RACES: Final = (
    psycopg.errors.DuplicateObject,
    psycopg.errors.DuplicateSchema,
    psycopg.errors.UniqueViolation,
    psycopg.errors.DeadlockDetected,
    psycopg.errors.InternalError_,
)
_ABSENT: Final = (
    psycopg.errors.UndefinedColumn,
    psycopg.errors.UndefinedFunction,
    psycopg.errors.UndefinedObject,
    psycopg.errors.UndefinedTable,
)
GetPassword = Callable[[str], str]
Waiting = dict[DatabasePolicy, str]  # each policy that can't be made yet, and why
_Result = TypeVar("_Result")


def outlast_races(attempt: Callable[[], _Result]) -> _Result:
    """Give what `attempt` gives, which is a transaction of its own, once nobody else does the same at the same time."""
    for number in range(1, _ATTEMPTS):
        try:
            return attempt()
        except _RACES as error:
            if isinstance(error, psycopg.errors.InternalError_) and "concurrently" not in str(error):
                raise
            time.sleep(random.uniform(0.02, 0.1) * number)  # noqa: S311 - to keep rivals apart, not to keep a secret
    return attempt()


def apply_all(
    cursor: psycopg.Cursor,
    changes: Iterable[Change],
    migrator: str,
    get_password: GetPassword | None = None,
    doing: str = "bootstrap",
    waiting: Waiting | None = None,
) -> list[str]:
    """Run changes of roles first, then the others, for which the login becomes the migrator; say what was done."""
    changes = list(changes)
    done = apply_changes(cursor, [change for change in changes if change.is_of_roles], get_password, doing)
    if rest := [change for change in changes if not change.is_of_roles]:
        with _able_to_become(cursor, migrator, doing):
            done += apply_changes(cursor, rest, doing=doing, waiting=waiting)
    return done


def apply_changes(
    cursor: psycopg.Cursor,
    changes: Iterable[Change],
    get_password: GetPassword | None = None,
    doing: str = "bootstrap",
    waiting: Waiting | None = None,
) -> list[str]:
    """Run each change as its role, inside the transaction at hand; say what was done.

    `get_password` gives the password of a login that is made, as the server stores it; it is asked only once the
    role before it is there, so that none is kept for a login that can't be made. `waiting` gets each policy that names
    what does not exist yet, with what the server says: it is left out.

    All is tried together first, in one message where no password is asked for: a round trip for each statement, and a
    savepoint for each policy, take longer than all the rest. What the server refuses of it is then run one by one, so
    that the error says what it was.

    Raises:
        OwnershipError: the login lacks the right for one of them.
    """
    changes = list(changes)
    waiting = {} if waiting is None else waiting
    if not changes:
        return []
    try:
        with cursor.connection.transaction():
            if not any(change.login for change in changes):
                return _run_together(cursor, changes, waiting)
            return _run_changes(cursor, changes, get_password, doing, waiting, one_by_one=False)
    except (*_ABSENT, psycopg.errors.InsufficientPrivilege):
        return _run_changes(cursor, changes, get_password, doing, waiting, one_by_one=True)


def _run_together(cursor: psycopg.Cursor, changes: list[Change], waiting: Waiting) -> list[str]:
    before = _get_role(cursor)
    with pinned_path(cursor):
        cursor.execute(sql.SQL(";\n").join(_iter_statements(changes, waiting, before)))
    return [change.says for change in changes if change.phase != Phase.SEAL]


def _iter_statements(changes: list[Change], waiting: Waiting, before: str) -> Iterator[sql.SQL | sql.Composed]:
    # With those that switch the role, `before` at both ends.
    acting = before
    for change in changes:
        statement = _find_statement(change, waiting)
        if statement is None:
            continue
        if (change.role or "none") != acting:
            acting = change.role or "none"
            yield _write_becoming(acting)
        yield statement
    if acting != before:
        yield _write_becoming(before)


def _find_statement(change: Change, waiting: Waiting) -> sql.SQL | sql.Composed | None:
    # None for a seal of policies that are all waiting.
    if change.phase != Phase.SEAL:
        return change.statement
    sealed = [policy for policy in change.policies if policy not in waiting]
    return write_seal(sealed) if sealed else None


def _run_changes(
    cursor: psycopg.Cursor,
    changes: list[Change],
    get_password: GetPassword | None,
    doing: str,
    waiting: Waiting,
    *,
    one_by_one: bool,
) -> list[str]:
    # With `one_by_one`, policies that can't be made yet are left out.
    done = []
    before = acting = _get_role(cursor)
    with pinned_path(cursor):
        for change in changes:
            try:
                if (change.role or "none") != acting:
                    acting = _become(cursor, change.role or "none")
                if _run_change(cursor, change, get_password, waiting, one_by_one=one_by_one):
                    done.append(change.says)
            except psycopg.errors.InsufficientPrivilege as error:
                raise _explain_refusal(cursor.connection.info.user, change.says, change.right, error, doing) from error
        if acting != before:
            _become(cursor, before)
    return done


def _run_change(
    cursor: psycopg.Cursor, change: Change, get_password: GetPassword | None, waiting: Waiting, *, one_by_one: bool
) -> bool:
    # Tells whether it is worth a word. A policy may name a column or function of a migration that is still to come.
    # Without it, a permissive policy lets nobody see more; a restrictive one is not left out.
    if change.phase == Phase.SEAL:
        if (seal := _find_statement(change, waiting)) is not None:
            cursor.execute(seal)
        return False
    if not one_by_one or not change.policies or not change.policies[0].permissive:
        cursor.execute(_complete(change, get_password))
        return True
    try:
        with cursor.connection.transaction():
            cursor.execute(change.statement)
    except _ABSENT as error:
        waiting.update(dict.fromkeys(change.policies, str(error.diag.message_primary)))
        return False
    return True


def _complete(change: Change, get_password: GetPassword | None) -> sql.SQL | sql.Composed:
    if not change.login or get_password is None:
        return change.statement
    return sql.SQL("{} PASSWORD {}").format(change.statement, sql.Literal(get_password(change.login)))


def _get_role(cursor: psycopg.Cursor) -> str:
    row = cursor.execute("SELECT pg_catalog.current_setting('role')").fetchone()
    return str(row[0]) if row else "none"


def _become(cursor: psycopg.Cursor, role: str) -> str:
    cursor.execute(_write_becoming(role))
    return role


def _write_becoming(role: str) -> sql.Composed:
    return sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(role))


@contextmanager
def _able_to_become(cursor: psycopg.Cursor, role: str, doing: str = "bootstrap") -> Iterator[None]:
    # Makes the admin a member of `role`, and through it of the owner roles, for the block alone. A superuser needs
    # nothing of the kind. An owner of the database with CREATEROLE must be able to become whom it hands a schema to,
    # and should not be able to afterwards.
    if can_become(cursor, role):
        yield
        return
    user = cursor.connection.info.user
    join, leave = write_joining(role, user, cursor.connection.info.server_version)
    try:
        cursor.execute(join)
    except psycopg.errors.InsufficientPrivilege as error:
        right = f"CREATEROLE and, from PostgreSQL 16, ADMIN OPTION on {role}"
        raise _explain_refusal(user, f"become {role} for the while", right, error, doing) from error
    yield
    cursor.execute(leave)


def write_joining(role: str, user: str, version: int) -> tuple[sql.Composed, sql.Composed]:
    """Give the statements by which an admin can become `role`, and can't any more."""
    words = sql.Identifier(role), sql.Identifier(user)
    join = sql.SQL("GRANT {} TO {}").format(*words)
    if version >= GRANT_OPTIONS:
        join += sql.SQL(" WITH INHERIT FALSE, SET TRUE")
    return join, sql.SQL("REVOKE {} FROM {}").format(*words)


def can_become(cursor: psycopg.Cursor, role: str) -> bool:
    """Tell whether the login may SET ROLE to `role`; it may not where there is no such role."""
    word = "SET" if cursor.connection.info.server_version >= GRANT_OPTIONS else "MEMBER"
    cursor.execute(
        "SELECT pg_catalog.pg_has_role(session_user, r.oid, %s) FROM pg_catalog.pg_roles r WHERE r.rolname = %s",
        [word, role],
    )
    row = cursor.fetchone()
    return bool(row and row[0])


def make_passwords(admin: psycopg.Connection, passfile: Path, host: str) -> GetPassword:
    """Give what finds or makes a login's password in the file, and gives it as the server stores it.

    It is hashed here: the server's log may hold the statement, and must not hold the password.
    """

    def get_password(login: str) -> str:
        password = get_or_add_password(passfile, user=login, host=host)
        return admin.pgconn.encrypt_password(password.encode(), login.encode(), b"scram-sha-256").decode()

    return get_password


def _explain_refusal(user: str, says: str, right: str, error: psycopg.Error, doing: str) -> OwnershipError:
    return OwnershipError(
        f"{doing} as {user} could not {says}: that needs {right} ({error.diag.message_primary}); nothing was "
        f"changed. Run it as a superuser, or as the owner of the database with CREATEROLE"
    )
