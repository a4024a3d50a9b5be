"""New passwords for logins: of an embedded server whose password file was lost, where nothing else knows the old ones,
and of any server, while services go on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
from psycopg import sql

from freehold.errors import OwnershipError
from freehold.passfile import PassfileError, find_password, generate_password, set_password

_Line = tuple[Path, str]  # a password file, and the host that the login's line there is for


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
        if not admin.closed:
            admin.execute("SELECT pg_catalog.pg_advisory_unlock(pg_catalog.hashtext('freehold.passwords'))")


def _restore_password(admin: psycopg.Connection, login: str, passfile: Path, host: str) -> None:
    """Give one login a new password.

    It is written down after it holds, so that a kill between the two leads to another new one.
    """
    password = generate_password()
    _set(admin, login, password)
    set_password(passfile, user=login, password=password, host=host)


def _set(admin: psycopg.Connection, login: str, password: str) -> None:
    """Set a password. It is hashed here: the server's log may hold the statement, and must not hold the password."""
    verifier = admin.pgconn.encrypt_password(password.encode(), login.encode(), b"scram-sha-256").decode()
    admin.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(login), sql.Literal(verifier)))


# --- Another password while services go on ---------------------------------------------------------------------------
def rotate_passwords(
    admin: psycopg.Connection,
    logins: Sequence[str],
    passfile: Path,
    host: str,
    directory: Path | None = None,
    own_host: str = "",
) -> list[str]:
    """Give each login another password, in `passfile` and in its own file below `directory`; say so, a line each. The
    own file's line is for `own_host`, where the login's process knows the server by another name.

    Each file has it just before the server does: a process that connects between the two reads it again
    (`freehold.backends.postgresql.rereading`). Where the server refuses, the files have the old one again; where it is
    lost, a second run sets both.

    Raises:
        OwnershipError: the server refuses, or a login has no password in `passfile`.
        PassfileError: a file can't be written.
    """
    with alone(admin):
        for login in logins:
            own = [(directory / login, own_host or host)] if directory else []
            _rotate_password(admin, login, [(passfile, host), *own])
    return [f"set another password of {login}" for login in logins]


def write_own_files(logins: Sequence[str], passfile: Path, host: str, directory: Path, own_host: str = "") -> list[str]:
    """Write a password file for each login, `directory`/web_rw, with its line alone, as above; say so, a line each.

    Raises:
        OwnershipError: `passfile` has no password of one.
        PassfileError: a file can't be written.
    """
    passwords = {login: _get(passfile, login, host) for login in logins}
    for login, password in passwords.items():
        set_password(directory / login, user=login, password=password, host=own_host or host)
    return [f"wrote {directory / login}" for login in logins]


def _get(passfile: Path, login: str, host: str) -> str:
    found = find_password(passfile, user=login, host=host)
    if found is None:
        raise OwnershipError(f"{passfile} has no password of {login}: name its file with --passfile")
    return found


def _rotate_password(admin: psycopg.Connection, login: str, lines: Sequence[_Line]) -> None:
    before, password = _get(lines[0][0], login, lines[0][1]), generate_password()
    try:
        with admin.transaction():
            _set(admin, login, password)
            for path, host in lines:
                set_password(path, user=login, password=password, host=host)
    except psycopg.Error as error:
        if admin.closed:  # of a COMMIT nobody knows whether it was done
            raise OwnershipError(
                f"the server was lost while it took another password of {login}: run it once more, so that both hold "
                "the same again"
            ) from error
        _put_back(lines, login, before)
        words = error.diag.message_primary or str(error).strip()
        raise OwnershipError(f"the password of {login} stays as it was: {words}") from error
    except BaseException:
        _put_back(lines, login, before)
        raise


def _put_back(lines: Sequence[_Line], login: str, password: str) -> None:
    """Write the password that still holds, wherever that can be written."""
    for path, host in lines:
        with suppress(PassfileError):
            set_password(path, user=login, password=password, host=host)
