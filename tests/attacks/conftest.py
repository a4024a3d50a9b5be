"""Connections to attack with."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import psycopg
import pytest

from config.ownership import OWNERSHIP
from tests.freehold.estates import get_server

LOGINS = [service.login for service in OWNERSHIP.services]


@pytest.fixture(params=LOGINS)
def login(request: pytest.FixtureRequest, connect_as: Callable[[str], psycopg.Connection]) -> psycopg.Connection:
    """A service's own connection."""
    request.node.user_properties.append(("attempts", 1))
    return connect_as(request.param)


@pytest.fixture
def connect_seeded(seeded_database: str, db: None) -> Iterator[Callable[[str], psycopg.Connection]]:
    """Give a function that connects as a login to the database with every seed's rows."""
    opened: list[psycopg.Connection] = []

    def connect(login: str) -> psycopg.Connection:
        parameters = {**get_server(), "dbname": seeded_database, "user": login}
        opened.append(psycopg.connect(**parameters, autocommit=True))
        return opened[-1]

    yield connect
    for each in opened:
        each.close()
