"""Statements that read columns of which SQLite asks nothing, so that they are held by their text.

It does not ask about what NATURAL and USING compare, nor where such a column is read by its bare name (resolve.c), nor
where it copies a table of the same shape page by page: INSERT INTO … SELECT * FROM … (xferOptimization in insert.c).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final

from freehold.backends.sqlite3.names import is_named

# Every name that can stand behind FROM. Modules may be tables without being in the file, as `dbstat` is; those for
# searching are not.
LIST_TABLES: Final = """
SELECT name FROM sqlite_master WHERE type IN ('table', 'view')
UNION SELECT name FROM pragma_module_list WHERE name NOT GLOB 'fts*' AND name NOT GLOB 'rtree*'
"""
LIST_BODIES: Final = "SELECT name, tbl_name, sql FROM sqlite_master WHERE type IN ('view', 'trigger')"

# What SQLite's tokenizer takes in one piece, so that no word in it is a keyword. Comments don't nest there.
_OPAQUE: Final = re.compile(
    r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|--[^\n]*|/\*.*?(?:\*/|\Z)""", re.DOTALL
)
# A digit or a byte order mark before a word may end another token; what is no ASCII after it is part of the word, and
# counts as its end all the same.
_WORD: Final = r"(?<![A-Za-z_$])(?:{})(?![0-9A-Za-z_$])"
_BY_NAME: Final = re.compile(_WORD.format("NATURAL|USING"), re.IGNORECASE | re.ASCII)
_INSERT: Final = re.compile(_WORD.format("INSERT|REPLACE"), re.IGNORECASE | re.ASCII)
_SPACE: Final = r"[\s\ufeff]*"
_ALL: Final = re.compile(_WORD.format("SELECT") + rf"{_SPACE}(?:ALL{_SPACE})?\*", re.IGNORECASE)


def is_unasked(text: str) -> bool:
    """Tell whether a statement, a view or a trigger may have a join by name or a copy."""
    if not _BY_NAME.search(text) and not ("*" in text and _INSERT.search(text)):
        return False
    bare = _OPAQUE.sub(" ", text)
    return bool(_BY_NAME.search(bare) or (_INSERT.search(bare) and _ALL.search(bare)))


def find_closed(text: str, tables: Iterable[str], may_read_all: Callable[[str], bool]) -> str:
    """Give a table that is named in the text and not readable in all its columns; empty if there is none."""
    return next((table for table in tables if not may_read_all(table) and is_named(table, text)), "")
