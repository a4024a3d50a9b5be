"""Connects as whoever may bootstrap: the embedded server's superuser, DATABASE_URL's own user, or --admin-url."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.conninfo import conninfo_to_dict

from freehold.errors import OwnershipError
from freehold.logins import SUPERUSER
from freehold.ownership.bootstrap import bootstrap, get_passfile_host
from freehold.ownership.map import Ownership
from freehold.passfile import find_password

DJANGO_PARAMETERS = {"cursor_factory", "context", "prepare_threshold"}  # of get_connection_params, unknown to libpq


def bootstrap_database(
    connection: BaseDatabaseWrapper, ownership: Ownership, *, admin_url: str = "", passfile: Path | None = None
) -> list[str]:
    """Bootstrap the database of `connection`; say what was done, a line each.

    Raises:
        OwnershipError: there is no admin to do it as, it can't connect, or it lacks a right.
    """
    with connect_as_admin(connection, admin_url) as admin:
        return bootstrap(admin, ownership, passfile or get_passfile(connection), host=get_service_host(connection))


def list_unknown_logins(connection: BaseDatabaseWrapper, ownership: Ownership, passfile: Path) -> list[str]:
    """Give the logins whose password `passfile` does not hold: someone else set it, and keeps it."""
    host = get_service_host(connection)
    return [login for login in ownership.iter_logins() if find_password(passfile, user=login, host=host) is None]


@contextmanager
def connect_as_admin(connection: BaseDatabaseWrapper, admin_url: str = "") -> Iterator[psycopg.Connection]:
    """Give a connection of the admin's own to the database of `connection`, closed after the block.

    Raises:
        OwnershipError: no admin is named, or it can't connect.
    """
    parameters = get_admin_parameters(connection, admin_url)
    try:
        admin = psycopg.connect(**parameters, autocommit=True)
    except psycopg.OperationalError as error:
        reason = "; ".join(line.strip() for line in str(error).splitlines() if line.strip())
        raise OwnershipError(f"can't connect to bootstrap: {reason}") from error
    with admin:
        yield admin


def get_admin_parameters(connection: BaseDatabaseWrapper, admin_url: str) -> dict[str, Any]:
    """Give libpq's parameters for the admin. What `admin_url` leaves out, DATABASE_URL fills in."""
    parameters = get_parameters(connection)
    if admin_url:
        return {**without_login(parameters), **parse_admin_url(admin_url)}
    if is_embedded(connection):
        return {**parameters, "user": SUPERUSER}
    if connection.settings_dict.get("SWITCH_LOGIN"):
        raise OwnershipError(
            "DATABASE_URL names no user, and an embedded server it is not: name who may make roles, e.g. "
            f"--admin-url postgresql://postgres@{parameters.get('host') or 'localhost'}/{parameters.get('dbname')}"
        )
    return parameters


def parse_admin_url(admin_url: str) -> dict[str, Any]:
    """Give the parameters in the URL. The message for a bad one leaves the URL out: it may hold a password."""
    try:
        return dict(conninfo_to_dict(admin_url))
    except psycopg.ProgrammingError as error:
        raise OwnershipError(
            "--admin-url can't be read: write it as postgresql://USER:PASSWORD@HOST:PORT/DATABASE"
        ) from error


def get_parameters(connection: BaseDatabaseWrapper) -> dict[str, Any]:
    """Give libpq's parameters for the login at hand, without Django's own."""
    parameters = connection.get_connection_params()
    return {name: value for name, value in parameters.items() if name not in DJANGO_PARAMETERS}


def without_login(parameters: dict[str, Any]) -> dict[str, Any]:
    """Give the parameters without the login: a service's user, password and password file are not the admin's."""
    return {name: value for name, value in parameters.items() if name not in {"user", "password", "passfile"}}


def is_embedded(connection: BaseDatabaseWrapper) -> bool:
    """Tell whether DATABASE_URL is an `embedded:` one."""
    return bool(connection.settings_dict["OPTIONS"].get("embedded"))


def get_passfile(connection: BaseDatabaseWrapper) -> Path:
    """Give the password file that services read: the database's own, PGPASSFILE, or `var/pgpass` below the project."""
    named = get_parameters(connection).get("passfile") or os.environ.get("PGPASSFILE")
    return Path(named) if named else Path(getattr(settings, "BASE_DIR", ".")) / "var" / "pgpass"


def get_service_host(connection: BaseDatabaseWrapper) -> str:
    """Give the host that services connect to, as libpq looks it up in a password file. The admin may go another way,
    past a pooler for instance."""
    return get_passfile_host(str(get_parameters(connection).get("host") or ""))
