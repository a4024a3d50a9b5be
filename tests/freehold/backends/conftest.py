"""A scratch database on the suite's server, and connections to it that need none of the project's migrations.

`alpha` and `beta` are known schemas; `beta` is on the search path, so that a bare name finds the decoys in it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from itertools import count
from typing import Any

import pytest
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from pytest_django import DjangoDbBlocker

from freehold.acting.logins import SUPERUSER

NUMBERS = count()  # the fixture may be made anew where tests of other packages come in between
SCHEMAS = ("alpha", "beta")
SERVER = ("host", "port", "user", "password", "passfile", "sslmode", "gssencmode")

Connect = Callable[..., Any]


@contextmanager
def open_alias(alias: str, entry: dict[str, Any]) -> Iterator[BaseDatabaseWrapper]:
    """Give a connection that Django knows by its alias inside the block."""
    connections.settings[alias] = entry
    try:
        yield connections[alias]
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.settings[alias]


def get_server_entry() -> dict[str, Any]:
    """Give the settings of the suite's server, as its superuser and with no option of the project's own."""
    entry = deepcopy(connections.settings["default"])
    if entry.get("SWITCH_LOGIN"):
        entry |= {"USER": SUPERUSER, "SWITCH_LOGIN": False}
    params = type(connections["default"])(entry, "default").get_connection_params()
    entry["OPTIONS"] = {name: str(params[name]) for name in SERVER if name in params}
    return entry | {"HOST": "", "PORT": "", "USER": "", "PASSWORD": ""}


@pytest.fixture(scope="package")
def server(django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Any]]:
    """Settings of the suite's server; NAME is a database of this process's own that holds nothing yet."""
    name = f"scratch_{os.getpid()}_{next(NUMBERS)}"
    with django_db_blocker.unblock():
        entry = get_server_entry() | {"NAME": "postgres"}
        execute(entry, f"CREATE DATABASE {name}")
    yield entry | {"NAME": name}
    with django_db_blocker.unblock():
        execute(entry, f"DROP DATABASE {name} WITH (FORCE)")


def execute(entry: dict[str, Any], statement: str) -> None:
    """Run a statement on a connection of its own: tests in between may close whatever Django has open."""
    with open_alias("server", entry) as connection, connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture
def connect(server: dict[str, Any], django_db_blocker: DjangoDbBlocker) -> Iterator[Connect]:
    """Give a function that opens the scratch database under an alias: `connect("x", search_path="beta", schemas=[])`.

    Further arguments are OPTIONS of the entry. What was open is closed at the end of the test.
    """
    opened = []

    def open_(alias: str, *, engine: str = "freehold.backends.postgresql", search_path: str, **options: Any) -> Any:
        entry = deepcopy(server) | {"ENGINE": engine}
        settings = f"-c search_path={search_path} -c synchronous_commit=off"
        entry["OPTIONS"] |= {"options": settings, **options}
        opened.append(open_alias(alias, entry))
        return opened[-1].__enter__()

    with django_db_blocker.unblock():
        yield open_
        for context in reversed(opened):
            context.__exit__(None, None, None)


@pytest.fixture
def scratch(connect: Connect) -> BaseDatabaseWrapper:
    """A connection of the engine's with empty schemas alpha and beta, of which only beta is on the search path."""
    connection = connect("scratch", search_path="beta", schemas=list(SCHEMAS))
    make_schemas(connection, *SCHEMAS)
    return connection


def make_schemas(connection: BaseDatabaseWrapper, *schemas: str) -> None:
    """Make the schemas, empty."""
    with connection.cursor() as cursor:
        for schema in schemas:
            cursor.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}")
