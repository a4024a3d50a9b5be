"""One database for all tests of the migrator, with roles and schemas and the engine's own migration."""

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
from tests.freehold.estates import Parameters, get_server
from tests.freehold.migrator.estates import ALIAS, APPS, Estate, FileEstate, open_estate

LOTS = [f"tests.freehold.migrator.lots.{app}" for app in (*APPS, "barn")]


@pytest.fixture(scope="package")
def database(django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Any]]:
    """Register a database under the alias `estate`; give its superuser's parameters. It is as an embedded server's."""
    if DIALECT != "postgresql":
        pytest.skip("is about postgresql")
    yield from registered_database(get_server(), django_db_blocker)


def registered_database(server: Parameters, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Any]]:
    """Make and register a database of an embedded server, and take it away again."""
    name = f"estate_migrator_{os.getpid()}"
    default = deepcopy(connections.settings["default"])
    path = str(Path(server["passfile"]).parent)
    connections.settings[ALIAS] = {**default, "NAME": name, "OPTIONS": {**default["OPTIONS"], "embedded": path}}
    with django_db_blocker.unblock(), psycopg.connect(**server, autocommit=True) as root:
        root.execute(f"CREATE DATABASE {name}")
        root.execute(f"ALTER DATABASE {name} SET lock_timeout = '20s'")  # where a lock is the bug, fail and do not hang
        call_command("migrate", "freehold", database=ALIAS, verbosity=0)
        yield {**server, "dbname": name}
        connections[ALIAS].close()
        del connections[ALIAS]
        del connections.settings[ALIAS]
        root.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="package")
def lots() -> Iterator[None]:
    """Install the tests' apps, in a map that knows all but `stray`."""
    with override_settings(
        INSTALLED_APPS=[*project.INSTALLED_APPS, *LOTS], OWNERSHIP="tests.freehold.migrator.maps.LOTS"
    ):
        yield


@pytest.fixture
def estate(
    database: dict[str, Any], lots: None, tmp_path: Path, settings: Settings, django_db_blocker: DjangoDbBlocker
) -> Iterator[Estate]:
    """A database that holds nothing but the tracking tables, and two apps without migrations."""
    with django_db_blocker.unblock():
        yield from open_estate(tmp_path, database, settings)


@pytest.fixture
def file_estate(
    lots: None, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, django_db_blocker: DjangoDbBlocker
) -> Iterator[Estate]:
    """The same in a file of SQLite."""
    monkeypatch.syspath_prepend(str(tmp_path))
    connections.settings[ALIAS] = {**deepcopy(connections.settings["default"]), "NAME": str(tmp_path / "estate.db")}
    with django_db_blocker.unblock():
        call_command("migrate", "freehold", database=ALIAS, verbosity=0)
        yield FileEstate(tmp_path, {}, settings)
        connections[ALIAS].close()
    del connections[ALIAS]
    del connections.settings[ALIAS]


@pytest.fixture
def land(request: pytest.FixtureRequest, lots: None) -> Estate:
    """An estate in the dialect at hand."""
    estate: Estate = request.getfixturevalue("estate" if DIALECT == "postgresql" else "file_estate")
    return estate
