"""A database with as many rows as an index is for, on the suite's own server and on a PostgreSQL 15."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from copy import deepcopy
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections
from pytest_django import DjangoDbBlocker

from tests.dialect import DIALECT
from tests.freehold.estates import Parameters, get_server
from tests.freehold.ownership.conftest import PROGRAMS_15, run_server
from tests.searches.planner import Planner

ALIAS = "searched"
FILL = Path(__file__).with_name("fill.sql").read_text(encoding="utf-8")


@pytest.fixture(scope="package", params=["own", "15"])
def planner(request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker) -> Iterator[Planner]:
    """The login of service api, who asks what PostgreSQL does with a statement."""
    if DIALECT != "postgresql":
        pytest.skip("is about postgresql")
    if request.param == "own":
        yield from open_planner(get_server(), django_db_blocker)
        return
    if not (PROGRAMS_15 / "postgres").exists():
        pytest.skip(f"PostgreSQL 15 is not installed in {PROGRAMS_15}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PG_BIN", str(PROGRAMS_15))
        for server in run_server():
            yield from open_planner(server, django_db_blocker)


def open_planner(server: Parameters, django_db_blocker: DjangoDbBlocker) -> Iterator[Planner]:
    """Make the database, fill it, and take it away again."""
    name = f"searched_{os.getpid()}"
    default = deepcopy(connections.settings["default"])
    path = str(Path(server["passfile"]).parent)
    connections.settings[ALIAS] = {**default, "NAME": name, "OPTIONS": {**default["OPTIONS"], "embedded": path}}
    with django_db_blocker.unblock(), psycopg.connect(**server, autocommit=True) as root:
        root.execute(f"CREATE DATABASE {name}")
        try:
            call_command("migrate", database=ALIAS, verbosity=0)
            with closing(psycopg.connect(**{**server, "dbname": name}, autocommit=True)) as session:
                yield Planner(session, FILL)
        finally:
            connections[ALIAS].close()
            del connections[ALIAS]
            del connections.settings[ALIAS]
            root.execute(f"DROP DATABASE {name} WITH (FORCE)")
