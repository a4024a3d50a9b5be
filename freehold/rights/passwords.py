"""New passwords for the logins of an embedded server whose password file was lost: nothing else knows the old ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from freehold.passfile import find_password, generate_password, set_password


def restore_passwords(admin: psycopg.Connection, logins: Sequence[str], passfile: Path, host: str) -> list[str]:
    """Give each login that `passfile` does not know a new password; say what was done, a line each.

    `admin` is in autocommit mode.
    """

    def list_unknown() -> list[str]:
        return [login for login in logins if find_password(passfile, user=login, host=host) is None]

    if not list_unknown():
        return []
    with alone(admin):
        unknown = list_unknown()
        for login in unknown:
            _restore_password(admin, login, passfile, host)
    return [f"set a new password of {login}: {passfile} had none" for login in unknown]


@contextmanager
def alone(admin: psycopg.Connection) -> Iterator[None]:
    """Keep others who do the same out of the block: the last to set and the last to write would not be the same."""
    admin.execute("SELECT pg_catalog.pg_advisory_lock(pg_catalog.hashtext('freehold.passwords'))")
    try:
        yield
    finally:
        admin.execute("SELECT pg_catalog.pg_advisory_unlock(pg_catalog.hashtext('freehold.passwords'))")


def _restore_password(admin: psycopg.Connection, login: str, passfile: Path, host: str) -> None:
    """Give one login a new password.

    It is written down after it holds, so that a kill between the two leads to another new one. It is hashed here: the
    server's log may hold the statement, and must not hold the password.
    """
    password = generate_password()
    verifier = admin.pgconn.encrypt_password(password.encode(), login.encode(), b"scram-sha-256").decode()
    admin.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(login), sql.Literal(verifier)))
    set_password(passfile, user=login, password=password, host=host)
