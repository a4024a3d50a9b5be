"""SQL in files of its own, in `sql/` beside the module that sends it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any


@cache
def read_statement(module_file: str, name: str) -> str:
    """Give the text of `sql/<name>.sql` beside `module_file`, the `__file__` of whoever asks."""
    return (Path(module_file).parent / "sql" / f"{name}.sql").read_text(encoding="utf-8")


def write_text(connection: Any, statement: Any) -> str:
    """Give a statement as it is sent: the driver has some that are put together, `psycopg.sql`."""
    text = statement.as_string(connection.connection) if hasattr(statement, "as_string") else statement
    return str(text)


def fetch_rows(cursor: Any, module_file: str, name: str, /, **params: Any) -> list[tuple[Any, ...]]:
    """Run `sql/<name>.sql` beside `module_file` with these parameters; give its rows."""
    cursor.execute(read_statement(module_file, name), params or None)
    rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
