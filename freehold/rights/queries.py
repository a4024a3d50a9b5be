"""The SQL files beside this module."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from freehold.sqlfiles import read_statement


class Cursor(Protocol):
    """What Django's cursors and psycopg's have in common."""

    def execute(self, query: str, params: Mapping[str, Any], /) -> object: ...

    def fetchall(self) -> list[tuple[Any, ...]]: ...


def list_rows(cursor: Cursor, name: str, **parameters: Sequence[str] | str) -> list[tuple[Any, ...]]:
    """Run the query of that name and give its rows; the file says their shape."""
    values = {key: value if isinstance(value, str) else list(value) for key, value in parameters.items()}
    cursor.execute(read_statement(__file__, name), values)
    return cursor.fetchall()
