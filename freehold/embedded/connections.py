"""Asks a server over its port who it is: the one test that can't be fooled."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from freehold.embedded.directories import Directory
from freehold.embedded.names import DATABASE, HOST, SUPERUSER
from freehold.passfile import find_password

_KNOWN = {option.keyword.decode() for option in psycopg.pq.Conninfo.get_defaults()}  # to the libpq in use
PLAIN: dict[str, Any] = {  # on the loopback, with SCRAM, whatever PGSSLMODE, PGHOSTADDR and their like say
    name: value
    for name, value in {
        "hostaddr": HOST,
        "password": "",  # looked up in the password file, although PGPASSWORD is set
        "require_auth": "scram-sha-256",  # the server proves that it knows it: a stranger learns nothing
        "channel_binding": "disable",
        "gssencmode": "disable",
        "sslmode": "disable",
        "sslnegotiation": "postgres",
        "sslcertmode": "disable",
        "sslrootcert": "",
        "target_session_attrs": "any",
    }.items()
    if name in _KNOWN
}
_QUESTION = """
select pg_catalog.current_setting('data_directory'),
       pg_catalog.current_setting('server_version'),
       exists (select from pg_catalog.pg_database where datname = %s)
"""
OTHERS = """
select exists (
    select from pg_catalog.pg_stat_activity where backend_type = 'client backend' and pid <> pg_catalog.pg_backend_pid()
)
"""


@dataclass(frozen=True)
class _Answer:
    """What the server says of itself."""

    data: Path
    version: str
    has_database: bool


def connect(directory: Directory, port: int) -> psycopg.Connection:
    """Connect as the superuser, whatever PG* variables the environment holds."""
    password = find_password(directory.passfile, user=SUPERUSER, host=HOST) or ""
    return psycopg.connect(
        host=HOST,
        port=port,
        user=SUPERUSER,
        dbname="postgres",  # no session of ours may keep `freehold` from being used as a template
        options="",
        connect_timeout=10,
        autocommit=True,
        **{**PLAIN, "password": password},
    )


def ask(directory: Directory, port: int) -> _Answer:
    """Ask the server on this port.

    Raises:
        psycopg.OperationalError: there is none, it refuses our password, or it is not ready.
    """
    with connect(directory, port) as connection:
        row = connection.execute(_QUESTION, [DATABASE]).fetchone()
    if row is None:
        raise psycopg.OperationalError("the server gave no answer")
    return _Answer(Path(row[0]), str(row[1]).split(" ")[0], bool(row[2]))


def has_clients(directory: Directory, port: int) -> bool:
    """Tell whether anyone but the caller is connected.

    Raises:
        psycopg.OperationalError: there is no server, or it takes no more connections.
    """
    with connect(directory, port) as connection:
        row = connection.execute(OTHERS).fetchone()
    return bool(row and row[0])


def make_database(directory: Directory, port: int) -> None:
    """Make the database, unless it came into being meanwhile."""
    with connect(directory, port) as connection:
        try:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(DATABASE)))
        except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
            return
