"""A database of its own in which every seed is up: migrated and filled once a run, when a test first asks for it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from copy import deepcopy
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from tests.dialect import DIALECT
from tests.freehold.estates import get_server

ALIAS = "seeded"


def run_seed(*arguments: str, **options: Any) -> str:
    """Run `manage.py seed` on the database; give what it prints."""
    output = StringIO()
    call_command("seed", *arguments, **{"database": ALIAS, "stdout": output, "no_color": True, **options})
    return output.getvalue()


@pytest.fixture(scope="session")
def seeded_database(django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Make the database; give its name, on SQLite its path."""
    path = tmp_path_factory.mktemp("seeded") / "seeded.db"
    name = f"seeded_{os.getpid()}" if DIALECT == "postgresql" else str(path)
    connections.settings[ALIAS] = {**deepcopy(connections.settings["default"]), "NAME": name}
    with django_db_blocker.unblock():
        if DIALECT == "postgresql":
            execute_as_superuser(f"CREATE DATABASE {name}")
        call_command("migrate", database=ALIAS, verbosity=0)
        with override_settings(DEBUG=True):
            run_seed("up")
        yield name
        connections[ALIAS].close()
        del connections[ALIAS]
        del connections.settings[ALIAS]
        if DIALECT == "postgresql":
            execute_as_superuser(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def seeded(seeded_database: str, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """Give the database's alias. Whoever changes something there changes it back."""
    with django_db_blocker.unblock():
        yield ALIAS


def execute_as_superuser(statement: str, database: str = "postgres") -> None:
    """Run a statement on the suite's server, each by itself."""
    with psycopg.connect(**{**get_server(), "dbname": database}, autocommit=True) as root:
        root.execute(statement)
