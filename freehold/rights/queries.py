"""The SQL files beside this module."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Protocol

DIRECTORY = Path(__file__).parent / "sql"


class Cursor(Protocol):
    """What Django's cursors and psycopg's have in common."""

    def execute(self, query: str, params: Mapping[str, Any], /) -> object: ...

    def fetchall(self) -> list[tuple[Any, ...]]: ...


@cache
def read_query(name: str) -> str:
    """Give the text of `sql/<name>.sql`."""
    return (DIRECTORY / f"{name}.sql").read_text(encoding="utf-8")


def list_rows(cursor: Cursor, name: str, **parameters: Sequence[str] | str) -> list[tuple[Any, ...]]:
    """Run the query of that name and give its rows; the file says their shape."""
    values = {key: value if isinstance(value, str) else list(value) for key, value in parameters.items()}
    cursor.execute(read_query(name), values)
    return cursor.fetchall()
