"""The tests of a migrator whose server is a PostgreSQL 15, where one is installed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from pytest_django import DjangoDbBlocker

from tests.dialect import DIALECT
from tests.freehold.migrator.conftest import registered_database
from tests.freehold.migrator.estates import ALIAS
from tests.freehold.migrator.interruptions import ALL
from tests.freehold.ownership.conftest import PROGRAMS_15, run_server

HERE = Path(__file__).parent
SOME = ("lock", "cut-server")  # kinds of fault that make test has here; FAULTS=1 has them all


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        kind = getattr(item, "callspec", None) and item.callspec.params.get("kind")  # type: ignore[attr-defined]
        if item.path.is_relative_to(HERE) and kind and kind not in SOME and not ALL:
            item.add_marker(pytest.mark.skip(reason="is enough under FAULTS=1"))


@pytest.fixture(scope="package")
def database(django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Any]]:
    """As the other one, on a server of its own."""
    if DIALECT != "postgresql":
        pytest.skip("is about postgresql")
    if not (PROGRAMS_15 / "postgres").exists():
        pytest.skip(f"PostgreSQL 15 is not installed in {PROGRAMS_15}")
    before = connections.settings.pop(ALIAS, None)  # the suite's own server has one of the same alias
    if hasattr(connections._connections, ALIAS):
        connections[ALIAS].close()
        del connections[ALIAS]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PG_BIN", str(PROGRAMS_15))
        for server in run_server():
            yield from registered_database(server, django_db_blocker)
    if before:
        connections.settings[ALIAS] = before
