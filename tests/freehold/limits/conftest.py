"""What tests of limits need: a counter that was not given up, and somebody whom no other test counted."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from freehold import acting_as
from freehold.limits import counting
from freehold.limits.sqlite3 import FILE


@pytest.fixture
def whose() -> str:
    return str(uuid.uuid4())


@pytest.fixture
def counter(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """On SQLite counters are in a file of the test's, as a site's are: tests' own database is in memory."""
    if connection.vendor == "sqlite":
        monkeypatch.setitem(connection.settings_dict, "NAME", str(tmp_path / "local.db"))
    counting.resume()
    yield
    counting.resume()
    FILE.close()


@pytest.fixture
def as_api(counter: None) -> Iterator[None]:
    with acting_as("api"):
        yield
