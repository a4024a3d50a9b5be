"""The canary of earlier releases is gone, and is there again, empty, for a release before."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections
from pytest_django import DjangoDbBlocker

from tests.freehold.backends.conftest import open_alias
from tests.freehold.estates import get_server
from tests.seeded import execute_as_superuser

pytestmark = pytest.mark.postgresql


@pytest.fixture
def copy(seeded_database: str, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A copy of the filled database that one test may spoil; give its alias."""
    name = f"{seeded_database}_canary"
    with django_db_blocker.unblock():
        connections["seeded"].close()
        execute_as_superuser(f"CREATE DATABASE {name} TEMPLATE {seeded_database}")
        with open_alias("copy", {**deepcopy(connections.settings["seeded"]), "NAME": name}):
            yield "copy"
        execute_as_superuser(f"DROP DATABASE {name} WITH (FORCE)")


def ask(statement: str, database: str) -> list[tuple[Any, ...]]:
    """Run a statement as the superuser; give its rows."""
    with psycopg.connect(**{**get_server(), "dbname": database}, autocommit=True) as connection:
        return connection.execute(statement).fetchall()


def test_it_is_there_for_a_release_before_and_taken_away_again(copy: str) -> None:
    name = connections[copy].settings_dict["NAME"]
    gone = [ask("SELECT to_regclass('public.canary')", name)]
    call_command("migrate", "freehold", "0006", database=copy, verbosity=0)
    made = ask("SELECT message FROM public.canary", name)
    call_command("migrate", "freehold", "0004", database=copy, verbosity=0)  # before, no row tells of parts
    call_command("migrate", database=copy, verbosity=0)
    gone.append(ask("SELECT to_regclass('public.canary')", name))

    assert gone == [[(None,)], [(None,)]]
    assert made == []  # a release before does not start where its services see a row
