"""Estates on the suite's own server, and on a PostgreSQL 15 where one is installed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from tests.freehold.estates import Parameters, make_tag, open_database
from tests.freehold.ownership.conftest import server
from tests.freehold.rights.estates import Estate

__all__ = ["server"]


@pytest.fixture(scope="module")
def module_patch() -> Iterator[pytest.MonkeyPatch]:
    """Give a patch that lasts as long as the module."""
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.fixture(scope="module")
def made(
    server: Parameters, module_patch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Estate]:
    """An estate in line with what is declared, shared by tests that leave it so."""
    tag = make_tag()
    with open_database(server, tag) as database:
        estate = Estate(database, tag, tmp_path_factory.mktemp("made") / "pgpass")
        estate.declare(module_patch)
        estate.make()
        yield estate


@pytest.fixture
def estate(server: Parameters, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Estate]:
    """A database that nothing was done to, and the map for it."""
    tag = make_tag()
    with open_database(server, tag) as database:
        found = Estate(database, tag, tmp_path / "pgpass")
        found.declare(monkeypatch)
        yield found


@pytest.fixture(autouse=True)
def nothing_remembered(settings: Settings, tmp_path: Path) -> None:
    """Keep what is remembered of clean looks in the test's own directory."""
    settings.BASE_DIR = tmp_path
