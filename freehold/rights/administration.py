"""Connects as whoever may bootstrap: the embedded server's superuser, the user whom the database's entry names, or
--admin-url."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper

from freehold.acting import acting
from freehold.acting.logins import SUPERUSER
from freehold.cli.announcing import announce
from freehold.databases.entries import URL, name_entry
from freehold.databases.urls import parse_server, split_url
from freehold.errors import DatabaseURLError, OwnershipError
from freehold.ownership.map import Ownership
from freehold.passfile import find_password
from freehold.rights.bootstrap import bootstrap, get_passfile_host
from freehold.rights.passwords import restore_passwords, rotate_passwords

_DJANGO_PARAMETERS = {"cursor_factory", "context", "prepare_threshold"}  # of get_connection_params, unknown to libpq
_ANY_TABLE = """
    SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
    LIMIT 1
"""
_ADMIN_FORM = "postgresql://USER:PASSWORD@HOST:PORT/DATABASE"


def bootstrap_database(
    connection: BaseDatabaseWrapper, ownership: Ownership, *, admin_url: str = "", passfile: Path | None = None
) -> list[str]:
    """Bootstrap the database of `connection`; say what was done, a line each.

    Raises:
        OwnershipError: there is no admin to do it as, it can't connect, or it lacks a right.
    """
    passfile = passfile or get_passfile(connection)
    host = get_service_host(connection)
    with _connect_as_admin(connection, admin_url) as admin:
        done = bootstrap(admin, ownership, passfile, host=host, is_server_ours=is_embedded(connection))
        if is_embedded(connection) and passfile == get_passfile(connection):
            done += restore_passwords(admin, list(ownership.iter_logins()), passfile, host)
        return done


def change_passwords(
    connection: BaseDatabaseWrapper,
    logins: Sequence[str],
    *,
    admin_url: str = "",
    passfile: Path | None = None,
    directory: Path | None = None,
    own_host: str = "",
) -> list[str]:
    """Give each login another password; say so, a line each.

    Raises:
        OwnershipError: there is no admin to do it as, it can't connect, or it lacks a right.
    """
    host = get_service_host(connection)
    with _connect_as_admin(connection, admin_url) as admin:
        return rotate_passwords(admin, logins, passfile or get_passfile(connection), host, directory, own_host)


def is_without_tables(connection: BaseDatabaseWrapper) -> bool:
    """Tell whether the database has no table of anybody's yet."""
    with acting(None), connection.cursor() as cursor:
        cursor.execute(_ANY_TABLE)
        return cursor.fetchone() is None


def list_unknown_logins(connection: BaseDatabaseWrapper, ownership: Ownership, passfile: Path) -> list[str]:
    """Give the logins whose password `passfile` does not hold: someone else set it, and keeps it."""
    host = get_service_host(connection)
    return [login for login in ownership.iter_logins() if find_password(passfile, user=login, host=host) is None]


@contextmanager
def _connect_as_admin(connection: BaseDatabaseWrapper, admin_url: str = "") -> Iterator[psycopg.Connection]:
    """Give a connection of the admin's own to the database of `connection`, closed after the block.

    Raises:
        OwnershipError: no admin is named, or it can't connect.
    """
    with connect(_get_admin_parameters(connection, admin_url), "bootstrap") as admin:
        announce(connection)
        yield admin


@contextmanager
def connect(parameters: dict[str, Any], doing: str) -> Iterator[psycopg.Connection]:
    """Give a connection, closed after the block.

    Raises:
        OwnershipError: it can't connect.
    """
    try:
        session = psycopg.connect(**parameters, autocommit=True)
    except psycopg.OperationalError as error:
        reason = "; ".join(line.strip() for line in str(error).splitlines() if line.strip())
        raise OwnershipError(
            f"can't connect to {doing}: {reason}. Name who may make roles, and where, with --admin-url"
        ) from error
    with session:
        yield session


@contextmanager
def connect_to_apply(
    connection: BaseDatabaseWrapper, ownership: Ownership, admin_url: str, doing: str
) -> Iterator[psycopg.Connection]:
    """Give a connection of whoever applies the map, closed after the block: the admin that is named, the embedded
    server's superuser, the entry's own user, or the migrator.

    Raises:
        OwnershipError: it can't connect.
    """
    if admin_url or is_embedded(connection) or not connection.settings_dict.get("SWITCH_LOGIN"):
        parameters = _get_admin_parameters(connection, admin_url)
    else:
        parameters = {**get_parameters(connection), "user": ownership.migrator}
    with connect(parameters, doing) as session:
        announce(connection)
        yield session


def _get_admin_parameters(connection: BaseDatabaseWrapper, admin_url: str) -> dict[str, Any]:
    """Give libpq's parameters for the admin. What `admin_url` leaves out, the database's entry fills in.

    Raises:
        OwnershipError: it names another database, can't be read, or is missing where it is needed.
    """
    parameters = get_parameters(connection)
    if admin_url:
        found = _parse_admin_url(admin_url)
        _check_database(found.get("dbname"), parameters.get("dbname"), name_entry(connection))
        return {**_without_login(parameters), **found}
    if is_embedded(connection):
        return {**parameters, "user": SUPERUSER}
    if connection.settings_dict.get("SWITCH_LOGIN"):
        raise OwnershipError(
            f"{_explain_login(connection)}: name who may make roles, e.g. "
            f"--admin-url postgresql://postgres@{parameters.get('host') or 'localhost'}/{parameters.get('dbname')}"
        )
    return parameters


def _explain_login(connection: BaseDatabaseWrapper) -> str:
    entry = name_entry(connection)
    if entry == URL:
        return f"{entry} names no user, and an embedded server it is not"
    return f"{entry} has SWITCH_LOGIN, so that its user is a service's login"


def _parse_admin_url(admin_url: str) -> dict[str, Any]:
    """Give the parameters in the URL. It is read as DATABASE_URL is, by a parser whose errors hold no password."""
    try:
        parts = split_url(admin_url)
        if parts.scheme not in ("postgresql", "postgres"):
            raise OwnershipError(f"--admin-url has the scheme {parts.scheme!r}: write {_ADMIN_FORM}")
        entry = parse_server(parts)
    except DatabaseURLError as error:
        fault = str(error).replace("DATABASE_URL", "--admin-url")
        raise OwnershipError(f"{fault} (the form is {_ADMIN_FORM})") from None
    named = {"dbname": "NAME", "host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
    return {**entry["OPTIONS"], **{name: entry[key] for name, key in named.items() if entry[key]}}


def _check_database(named: str | None, wanted: str | None, entry: str) -> None:
    """Refuse an admin's URL that leads to another database: its roles would be made, and its rights taken away."""
    if named and named != wanted:
        raise OwnershipError(
            f"--admin-url names database {named!r}, and {entry} names {wanted!r}: write the same one, or none"
        )


def get_parameters(connection: BaseDatabaseWrapper) -> dict[str, Any]:
    """Give libpq's parameters for the login at hand, without Django's own."""
    parameters = connection.get_connection_params()
    return {name: value for name, value in parameters.items() if name not in _DJANGO_PARAMETERS}


def _without_login(parameters: dict[str, Any]) -> dict[str, Any]:
    # A service's user, password and password file are not the admin's.
    return {name: value for name, value in parameters.items() if name not in {"user", "password", "passfile"}}


def is_embedded(connection: BaseDatabaseWrapper) -> bool:
    """Tell whether the server is an embedded one."""
    return bool(connection.settings_dict["OPTIONS"].get("embedded"))


def get_passfile(connection: BaseDatabaseWrapper) -> Path:
    """Give the password file that services read: the database's own, PGPASSFILE, or `var/pgpass` below the project."""
    named = get_parameters(connection).get("passfile") or os.environ.get("PGPASSFILE")
    return Path(named) if named else Path(getattr(settings, "BASE_DIR", ".")) / "var" / "pgpass"


def get_service_host(connection: BaseDatabaseWrapper) -> str:
    """Give the host that services connect to, as libpq looks it up in a password file. The admin may go another way,
    past a pooler for instance."""
    return get_passfile_host(str(get_parameters(connection).get("host") or ""))
