"""Remembers which states of a catalogue were found clean, so that a few milliseconds tell that nothing changed since.

A key is a digest of what is declared, of the code that compares, and of every row that is read: the outcome depends on
nothing else, so that a key once found clean is clean in any database. A mark stands for the versions of the rows, on a
server that has not been started anew; asking for it reads none of them.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from contextlib import suppress
from pathlib import Path

import psycopg
from django.conf import settings

from freehold.history.standing import find_last
from freehold.ownership.map import Ownership
from freehold.rights.declared import declare, make_declared_digest
from freehold.rights.drift import Comparison
from freehold.sqlfiles import read_statement

_KEPT = 50


def is_known_clean(key: str) -> bool:
    """Tell whether what the key or mark stands for was found clean before."""
    return key in read_keys()


def remember_clean(*keys: str) -> None:
    """Write down that it was found clean. Where that can't be written, the next look takes longer."""
    with suppress(OSError):
        _write_keys([*(each for each in read_keys() if each not in keys), *keys][-_KEPT:])


def make_key(comparison: Comparison) -> str:
    """Give the key of what was read and of what is declared."""
    return _join(make_declared_digest(comparison.declared), comparison.found.digest)


def make_mark(cursor: psycopg.Cursor, ownership: Ownership) -> str:
    """Give the mark of the catalogue and of the history's record as they are now. Two queries, or three."""
    row = cursor.execute(read_statement(__file__, "mark").encode()).fetchone()
    declared = make_declared_digest(declare(ownership, cursor.connection.info.dbname))
    return _join(declared, str(row), str(find_last(cursor)))


def _join(*parts: str) -> str:
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()


def _get_file() -> Path:
    return Path(getattr(settings, "BASE_DIR", ".")) / "var" / "ownership.json"


def read_keys() -> list[str]:
    """Give the keys that are written down, the latest last; none where the file can't be read or is no such file."""
    try:
        found = json.loads(_get_file().read_text(encoding="utf-8"))["clean"]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []


def _write_keys(keys: list[str]) -> None:
    file = _get_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=".ownership-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            json.dump({"clean": keys}, stream)
        Path(name).replace(file)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
