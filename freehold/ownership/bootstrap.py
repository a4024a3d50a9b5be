"""Makes a server what the map says: roles, schemas and their owners, rights. A second run finds nothing to do.

Declare (the map) → compile (pure) → inspect the catalogue → compare as sets → apply, in one transaction.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from freehold.errors import OwnershipError
from freehold.ownership.changes import (
    GRANT_OPTIONS,
    iter_membership_changes,
    iter_right_changes,
    iter_role_changes,
    iter_schema_changes,
    iter_search_path_changes,
)
from freehold.ownership.compilation import compile_forbidden, compile_rights, compile_roles
from freehold.ownership.inspection import inspect_rights, inspect_roles, list_role_names
from freehold.ownership.map import Ownership
from freehold.ownership.statements import Change
from freehold.passfile import get_or_add_password

OLDEST = 150000
ATTEMPTS = 12
# Roles belong to the whole cluster: another bootstrap, in whatever database, may be making the same ones. The last
# is "tuple concurrently updated", which has no class of its own.
RACES = (
    psycopg.errors.DuplicateObject,
    psycopg.errors.DuplicateSchema,
    psycopg.errors.UniqueViolation,
    psycopg.errors.DeadlockDetected,
    psycopg.errors.InternalError_,
)


def bootstrap(admin: psycopg.Connection, ownership: Ownership, passfile: Path, *, host: str | None = None) -> list[str]:
    """Put in place what the map asks of the database that `admin` is connected to; say what was done, a line each.

    Empty where nothing was to do. All or nothing: it is one transaction. `admin` is a superuser, or owns the database
    and has CREATEROLE. Passwords of logins that are made come from `passfile`, which gets random ones where it has
    none; its lines are for `host`, by default the one that `admin` is connected to.

    Raises:
        OwnershipError: the server is too old, or `admin` lacks a right, which the message names.
    """
    check_admin(admin, ownership)
    for attempt in range(1, ATTEMPTS):
        try:
            return apply_once(admin, ownership, passfile, host or get_passfile_host(admin.info.host))
        except RACES as error:
            if isinstance(error, psycopg.errors.InternalError_) and "concurrently" not in str(error):
                raise
            time.sleep(random.uniform(0.02, 0.1) * attempt)  # noqa: S311 - to keep rivals apart, not to keep a secret
    return apply_once(admin, ownership, passfile, host or get_passfile_host(admin.info.host))


def check_admin(admin: psycopg.Connection, ownership: Ownership) -> None:
    """Refuse a server that lacks what is needed, and an admin that the map would strip of its rights."""
    if admin.info.server_version < OLDEST:
        major = admin.info.server_version // 10000
        raise OwnershipError(f"the server is PostgreSQL {major}, and PostgreSQL 15 or newer is needed: upgrade it")
    if admin.info.user in list_role_names(ownership):
        raise OwnershipError(
            f"{admin.info.user} is a role of the ownership map, which may make no roles: name a superuser, or the "
            f"database's owner with CREATEROLE, e.g. --admin-url postgresql://postgres@{get_passfile_host(admin.info.host)}/"
        )


def get_passfile_host(host: str) -> str:
    """Give a host as libpq looks it up in a password file: `localhost` for a socket in the usual directory."""
    return "localhost" if host in ("", "/tmp", "/var/run/postgresql", "/run/postgresql") else host  # noqa: S108


def apply_once(admin: psycopg.Connection, ownership: Ownership, passfile: Path, host: str) -> list[str]:
    """Compare and apply, in one transaction; say what was done."""

    def get_verifier(login: str) -> str:
        password = get_or_add_password(passfile, user=login, host=host)
        # Hashed here: the server's log may hold the statement, and must not hold the password.
        return admin.pgconn.encrypt_password(password.encode(), login.encode(), b"scram-sha-256").decode()

    with admin.transaction(), psycopg.Cursor(admin) as cursor:
        done = apply_changes(cursor, iter_role_phase(cursor, ownership, get_verifier))
        # Looked at only now: what a role grants by default is there as soon as the role is.
        if rest := list_rest(cursor, ownership):
            with able_to_become(cursor, ownership.migrator):
                done += apply_changes(cursor, rest)
        if done:
            check_applied(cursor, ownership)
    return done


def iter_role_phase(
    cursor: psycopg.Cursor, ownership: Ownership, get_verifier: Callable[[str], str] = str
) -> Iterator[Change]:
    """Yield what makes roles and memberships. One at a time: no password is kept for a login that can't be made."""
    wanted = compile_roles(ownership)
    found = inspect_roles(cursor, ownership)
    yield from iter_role_changes(wanted, found, get_verifier)
    yield from iter_membership_changes(wanted, found, cursor.connection.info.server_version)


def list_rest(cursor: psycopg.Cursor, ownership: Ownership) -> list[Change]:
    """Give what makes schemas and rights, which takes the roles."""
    database = cursor.connection.info.dbname
    found, objects = inspect_rights(cursor, ownership)
    wanted = compile_rights(ownership, database=database, objects=objects)
    forbidden = compile_forbidden(ownership, database=database, objects=objects)
    return [
        *iter_schema_changes(wanted, found, database),
        *iter_right_changes(wanted, found, forbidden, ownership),
        *iter_search_path_changes(wanted, found, database),
    ]


def apply_changes(cursor: psycopg.Cursor, changes: Iterable[Change]) -> list[str]:
    """Run each change as its role; say what was done.

    Raises:
        OwnershipError: the admin lacks the right for one of them.
    """
    done = []
    acting = ""
    for change in changes:
        try:
            if change.role != acting:
                become(cursor, change.role)
                acting = change.role
            cursor.execute(change.statement)
        except psycopg.errors.InsufficientPrivilege as error:
            raise explain_refusal(cursor.connection.info.user, change.says, change.right, error) from error
        done.append(change.says)
    if acting:
        become(cursor, "")
    return done


def become(cursor: psycopg.Cursor, role: str) -> None:
    """Act as `role` for the rest of the transaction; empty: as the admin again."""
    cursor.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(role or "none")))


@contextmanager
def able_to_become(cursor: psycopg.Cursor, role: str) -> Iterator[None]:
    """Make the admin a member of `role`, and through it of the owner roles, for the block alone.

    A superuser needs nothing of the kind. An owner of the database with CREATEROLE must be able to become whom it
    hands a schema to, and should not be able to afterwards.
    """
    if can_become(cursor, role):
        yield
        return
    user = cursor.connection.info.user
    words = sql.Identifier(role), sql.Identifier(user)
    statement = sql.SQL("GRANT {} TO {}").format(*words)
    if cursor.connection.info.server_version >= GRANT_OPTIONS:
        statement += sql.SQL(" WITH INHERIT FALSE, SET TRUE")
    try:
        cursor.execute(statement)
    except psycopg.errors.InsufficientPrivilege as error:
        right = f"CREATEROLE and, from PostgreSQL 16, ADMIN OPTION on {role}"
        raise explain_refusal(user, f"become {role} for the while", right, error) from error
    yield
    cursor.execute(sql.SQL("REVOKE {} FROM {}").format(*words))


def can_become(cursor: psycopg.Cursor, role: str) -> bool:
    """Tell whether the admin may SET ROLE to `role`."""
    word = "SET" if cursor.connection.info.server_version >= GRANT_OPTIONS else "MEMBER"
    cursor.execute("SELECT pg_catalog.pg_has_role(session_user, %s, %s)", [role, word])
    row = cursor.fetchone()
    return bool(row and row[0])


def check_applied(cursor: psycopg.Cursor, ownership: Ownership) -> None:
    """Read the catalogue back: a GRANT may "succeed" with a warning and grant nothing.

    Raises:
        OwnershipError: something still differs.
    """
    if left := [change.says for change in (*iter_role_phase(cursor, ownership), *list_rest(cursor, ownership))]:
        raise OwnershipError(
            f"bootstrap as {cursor.connection.info.user} had no effect on: {', '.join(left)}; nothing was changed. "
            f"Run it as a superuser"
        )


def explain_refusal(user: str, says: str, right: str, error: psycopg.Error) -> OwnershipError:
    """Give the error for a right that the admin lacks."""
    return OwnershipError(
        f"bootstrap as {user} could not {says}: that needs {right} ({error.diag.message_primary}); nothing was "
        f"changed. Run it as a superuser, or as the owner of the database with CREATEROLE"
    )
