"""SQL in files of its own, in `sql/` beside the module that sends it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any, Final

_HEADER: Final = re.compile(r"\A(?:--[^\n]*\n)+")


@cache
def read_statement(module_file: str, name: str) -> str:
    """Give the text of `sql/<name>.sql` beside `module_file`, the `__file__` of whoever asks."""
    return (Path(module_file).parent / "sql" / f"{name}.sql").read_text(encoding="utf-8")


@cache
def read_bare(module_file: str, *names: str) -> str:
    """Give the same without its header; of several files one statement for the rows of all, with all their
    parameters."""
    texts = [_HEADER.sub("", read_statement(module_file, name)) for name in names]
    return texts[0] if len(texts) == 1 else "\nUNION ALL\n".join(f"({text}\n)" for text in texts)


def write_text(connection: Any, statement: Any) -> str:
    """Give a statement as it is sent: the driver has some that are put together, `psycopg.sql`."""
    text = statement.as_string(connection.connection) if hasattr(statement, "as_string") else statement
    return str(text)


def fetch_rows(cursor: Any, module_file: str, name: str, /, **params: Any) -> list[tuple[Any, ...]]:
    """Run `sql/<name>.sql` beside `module_file` with these parameters; give its rows."""
    cursor.execute(read_statement(module_file, name), params or None)
    rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
