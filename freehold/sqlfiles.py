"""SQL in files of its own, in `sql/` beside the module that sends it."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def read_statement(module_file: str, name: str) -> str:
    """Give the text of `sql/<name>.sql` beside `module_file`, the `__file__` of whoever asks."""
    return (Path(module_file).parent / "sql" / f"{name}.sql").read_text(encoding="utf-8")
