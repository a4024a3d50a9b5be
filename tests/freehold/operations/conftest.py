"""One database for all tests of operations on PostgreSQL, a file for each on SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connections
from pytest_django import DjangoDbBlocker
from pytest_django.fixtures import Settings

from tests.dialect import DIALECT
from tests.freehold.migrator.conftest import database, lots
from tests.freehold.migrator.estates import ALIAS
from tests.freehold.operations.yards import Yard, open_yard

__all__ = ["database", "lots"]


@pytest.fixture
def yard(
    lots: None, tmp_path: Path, settings: Settings, django_db_blocker: DjangoDbBlocker, request: pytest.FixtureRequest
) -> Iterator[Yard]:
    """A database with the tracking tables, and two apps without migrations."""
    if DIALECT == "postgresql":
        server = request.getfixturevalue("database")
        with django_db_blocker.unblock():
            yield from open_yard(tmp_path, server, settings)
        return
    connections.settings[ALIAS] = {**deepcopy(connections.settings["default"]), "NAME": str(tmp_path / "yard.db")}
    with django_db_blocker.unblock():
        call_command("migrate", "freehold", database=ALIAS, verbosity=0)
        yield from open_yard(tmp_path, {}, settings)
    del connections[ALIAS]
    del connections.settings[ALIAS]
