"""Databases with a history: one that is migrated, copied for each test."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from copy import deepcopy
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections
from pytest_django import DjangoDbBlocker
from pytest_django.fixtures import Settings

from tests.freehold.estates import get_server
from tests.freehold.migrator.conftest import lots
from tests.freehold.verification.ledgers import ALIAS, IS_POSTGRESQL, Ledger, copy_database

NUMBERS = count(1)
__all__ = ["lots"]


@pytest.fixture(scope="package")
def template(
    lots: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Any]]:
    """Make a database with nothing but the engine's own tables; give its superuser's parameters."""
    name, path = f"ledger_{os.getpid()}", tmp_path_factory.mktemp("ledgers") / "template.db"
    with django_db_blocker.unblock():
        register(name if IS_POSTGRESQL else str(path))
        if IS_POSTGRESQL:
            drop_or_make(f"CREATE DATABASE {name}")
        call_command("migrate", "freehold", database=ALIAS, verbosity=0)
        unregister()
        yield {**get_server(), "dbname": name} if IS_POSTGRESQL else {"path": str(path)}
        if IS_POSTGRESQL:
            drop_or_make(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def ledger(
    template: dict[str, Any], tmp_path: Path, settings: Settings, django_db_blocker: DjangoDbBlocker
) -> Iterator[Ledger]:
    """A copy of it, and two apps without migrations. Whoever edits one that is applied is refused."""
    settings.MIGRATION_EDITED = "refuse"
    name = f"ledger_{os.getpid()}_{next(NUMBERS)}"
    sys.path.insert(0, str(tmp_path))
    with django_db_blocker.unblock():
        server = copy_database(template, name, tmp_path / "ledger.db")
        register(server["dbname"] if IS_POSTGRESQL else server["path"])
        found = Ledger(tmp_path, server, settings)
        yield found
        found.clear()
        unregister()
        if IS_POSTGRESQL:
            drop_or_make(f"DROP DATABASE {name} WITH (FORCE)")
    sys.path.remove(str(tmp_path))


def register(name: str) -> None:
    """Register a database under the alias."""
    connections.settings[ALIAS] = {**deepcopy(connections.settings["default"]), "NAME": name}


def unregister() -> None:
    """Forget the alias."""
    connections[ALIAS].close()
    del connections[ALIAS]
    del connections.settings[ALIAS]


def drop_or_make(statement: str) -> None:
    """Run a statement on the server."""
    with psycopg.connect(**get_server(), autocommit=True) as root:
        root.execute(statement)
