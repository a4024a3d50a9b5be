"""A database for the tests of tables that move; its roles are the tests' own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings as project
from django.core.management import call_command
from django.db import connections
from django.test import override_settings
from pytest_django import DjangoDbBlocker
from pytest_django.fixtures import Settings

from tests.dialect import DIALECT
from tests.freehold.estates import get_server
from tests.freehold.migrator.estates import ALIAS, APPS
from tests.freehold.operations.moving.estates import MovingEstate, declare, open_moving_estate

LOTS = [f"tests.freehold.migrator.lots.{app}" for app in APPS]
MAPS = "tests.freehold.operations.moving.maps"


@pytest.fixture(scope="package")
def server_database(django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Any]]:
    """Register a database under the alias `estate`; give its superuser's parameters."""
    if DIALECT != "postgresql":
        pytest.skip("is about postgresql")
    name = f"estate_moves_{os.getpid()}"
    connections.settings[ALIAS] = {**deepcopy(connections.settings["default"]), "NAME": name}
    with django_db_blocker.unblock(), psycopg.connect(**get_server(), autocommit=True) as root:
        root.execute(f"CREATE DATABASE {name}")
        root.execute(f"ALTER DATABASE {name} SET lock_timeout = '20s'")
        with (
            override_settings(INSTALLED_APPS=[*project.INSTALLED_APPS, *LOTS], OWNERSHIP=f"{MAPS}.RUNS"),
            pytest.MonkeyPatch.context() as patch,
        ):
            declare(patch, [])
            call_command("migrate", "freehold", database=ALIAS, verbosity=0)
            call_command("migrate", "auth", database=ALIAS, verbosity=0)
        yield {**get_server(), "dbname": name}
        connections[ALIAS].close()
        del connections[ALIAS]
        del connections.settings[ALIAS]
        root.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def estate(
    server_database: dict[str, Any],
    tmp_path: Path,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[MovingEstate]:
    """A database with the tracking tables and content types, apps without migrations, and a map with two moves."""
    settings.BASE_DIR = tmp_path
    declare(monkeypatch, [])
    with (
        override_settings(INSTALLED_APPS=[*project.INSTALLED_APPS, *LOTS], OWNERSHIP=f"{MAPS}.RUNS"),
        django_db_blocker.unblock(),
    ):
        yield from open_moving_estate(tmp_path, server_database, settings)
