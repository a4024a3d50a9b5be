"""An app whose seeds a test writes, and a database where they may go up and down."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.freehold.seeds.shops import Shop, open_shop


@pytest.fixture
def shop(seeded: str, tmp_path: Path) -> Iterator[Shop]:
    """An app without seeds."""
    with open_shop(tmp_path) as opened:
        yield opened
