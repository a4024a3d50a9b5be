"""The SQL files beside this module."""

from __future__ import annotations

from functools import cache
from pathlib import Path

DIRECTORY = Path(__file__).parent / "sql"


@cache
def read_query(name: str) -> str:
    """Give the text of `sql/<name>.sql`."""
    return (DIRECTORY / f"{name}.sql").read_text(encoding="utf-8")
