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

PLAIN: dict[str, Any] = {"sslmode": "disable", "gssencmode": "disable"}  # on the loopback, whatever PGSSLMODE says
QUESTION = """
select pg_catalog.current_setting('data_directory'),
       pg_catalog.current_setting('server_version'),
       exists (select from pg_catalog.pg_database where datname = %s)
"""


@dataclass(frozen=True)
class Answer:
    """What the server says of itself."""

    data: Path
    version: str
    has_database: bool


def connect(directory: Directory, port: int) -> psycopg.Connection:
    """Connect as the superuser, whatever PG* variables the environment holds.

    The server must prove that it knows the password, too (SCRAM): a stranger on the port learns nothing.
    """
    parameters = {**PLAIN, "require_auth": "scram-sha-256"} if psycopg.pq.version() >= 160000 else PLAIN
    return psycopg.connect(
        host=HOST,
        hostaddr=HOST,
        port=port,
        user=SUPERUSER,
        password=find_password(directory.passfile, user=SUPERUSER, host=HOST) or "",
        dbname="postgres",  # no session of ours may keep `freehold` from being used as a template
        options="",
        connect_timeout=10,
        autocommit=True,
        **parameters,
    )


def ask(directory: Directory, port: int) -> Answer:
    """Ask the server on this port.

    Raises:
        psycopg.OperationalError: there is none, it refuses our password, or it is not ready.
    """
    with connect(directory, port) as connection:
        row = connection.execute(QUESTION, [DATABASE]).fetchone()
    if row is None:
        raise psycopg.OperationalError("the server gave no answer")
    return Answer(Path(row[0]), str(row[1]).split(" ")[0], bool(row[2]))


def make_database(directory: Directory, port: int) -> None:
    """Make the database, unless it came into being meanwhile."""
    with connect(directory, port) as connection:
        try:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(DATABASE)))
        except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
            return
