"""The database's file, looked at before SQLite is: SQLite says what is wrong, and neither with which file nor why."""

from __future__ import annotations

import os
from pathlib import Path

from freehold.databases.entries import URL
from freehold.databases.urls import MEMORY
from freehold.errors import DatabaseURLError

_HEADER = b"SQLite format 3\0"  # https://www.sqlite.org/fileformat.html, section 1.3


def check_file(name: str, entry: str = URL) -> None:
    """Refuse a file that SQLite could not open, write or make; to be called before connecting, not at start.
    `entry` is what names the file.

    Raises:
        DatabaseURLError: it is a directory or no database, or its directory is missing or read-only.
    """
    path = Path(name)
    if name == MEMORY or name.startswith("file:"):
        return
    if path.is_dir():
        raise DatabaseURLError(f"{entry} names {path}, which is a directory: name a file in it")
    if not path.parent.is_dir():
        raise DatabaseURLError(f"{entry} names {path}, but there is no directory {path.parent}: make it first")
    for needed in (path.parent, path):  # the journal lies beside the file
        if needed.exists() and not os.access(needed, os.R_OK | os.W_OK):
            raise DatabaseURLError(f"{entry} names {path}, but {needed} can't be written: see who owns it")
    _check_header(path, entry)


def _check_header(path: Path, entry: str) -> None:
    """Refuse a file that is something else. An empty one will do: SQLite makes a database of it."""
    if not path.is_file():
        return
    with path.open("rb") as file:
        begin = file.read(len(_HEADER))
    if begin not in (b"", _HEADER):
        raise DatabaseURLError(f"{entry} names {path}, which is no SQLite database: name another file")
