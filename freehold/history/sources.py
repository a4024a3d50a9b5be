"""The files that a migration or seed is made of: their checksum, what the history keeps of them, and what differs."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from posixpath import join, normpath
from typing import Any, Final

MOST_OF_A_FILE: Final = 256 * 1024  # bytes; of a longer file its checksum and length are kept
MOST_OF_ALL: Final = 1024 * 1024
_MOST_LINES: Final = 200  # of a difference
Kept = dict[str, Any]  # by file name: its text; None, for one that was missing; or its "sha256" and "bytes"


class LongFile:
    """A file that is read in pieces each time, and never held as a whole. Its length is that with line ends of Unix."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.length = sum(map(len, self.iter_pieces()))

    def __len__(self) -> int:
        return self.length

    def iter_pieces(self) -> Iterator[bytes]:
        held = b""  # a line's end may be cut in two
        with self.path.open("rb") as file:
            while piece := file.read(MOST_OF_A_FILE):
                text = held + piece
                held = text[-1:] if text.endswith(b"\r") else b""
                yield text[: len(text) - len(held)].replace(b"\r\n", b"\n")
        yield held


@dataclass(frozen=True)
class Sources:
    """What files hold, by name, the first one first; None for one that is missing. Line ends are those of Unix."""

    contents: Mapping[str, bytes | LongFile | None]

    @property
    def checksum(self) -> str:
        """SHA-256 in hexadecimal digits: of a single file its own; empty where there is none, as with bytecode only."""
        if not self.contents:
            return ""
        if len(self.contents) == 1:
            return self.first_checksum
        digest = hashlib.sha256()
        for name, content in self.contents.items():
            size = "missing" if content is None else str(len(content))
            digest.update(f"file {name} {size}\n".encode())
            for piece in _iter_pieces(content):
                digest.update(piece)
        return digest.hexdigest()

    @property
    def first_checksum(self) -> str:
        """SHA-256 of the first file alone, which is what the history held before it kept sources."""
        first = next(iter(self.contents.values()), None)
        return "" if first is None else _digest(first)

    @property
    def missing(self) -> list[str]:
        return [name for name, content in self.contents.items() if content is None]

    def keep(self) -> Kept:
        """Give what the history keeps: texts, as far as they are short."""
        kept: Kept = {}
        room = MOST_OF_ALL
        for name, content in self.contents.items():
            is_short = content is not None and len(content) <= min(MOST_OF_A_FILE, room)
            text = _find_text(content) if is_short else None
            room -= 0 if content is None or text is None else len(content)
            kept[name] = _shorten(content) if text is None else text
        return kept


def _find_text(content: bytes | LongFile | None) -> str | None:
    """Give a file's text; None where it is none, or one that PostgreSQL's JSON can't hold, or too long."""
    if not isinstance(content, bytes):
        return None
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text


def _shorten(content: bytes | LongFile | None) -> dict[str, Any] | None:
    return None if content is None else {"sha256": _digest(content), "bytes": len(content)}


def _digest(content: bytes | LongFile) -> str:
    digest = hashlib.sha256()
    for piece in _iter_pieces(content):
        digest.update(piece)
    return digest.hexdigest()


def _iter_pieces(content: bytes | LongFile | None) -> Iterator[bytes]:
    if isinstance(content, LongFile):
        yield from content.iter_pieces()
    elif content:
        yield content


def read_sources(files: Iterable[Path], base: Path) -> Sources:
    """Read the files. Their names are relative to `base`, with slashes."""
    return Sources({get_name(file, base): read(file) for file in files})


def get_name(file: Path, base: Path) -> str:
    """Give a file's name as seen from `base`: `sql/add.up.sql`, `../shared/x.sql`."""
    return Path(os.path.relpath(file, base)).as_posix()


def read(file: Path) -> bytes | LongFile | None:
    try:
        if file.stat().st_size > MOST_OF_ALL:
            return LongFile(file)
        return file.read_bytes().replace(b"\r\n", b"\n")  # checkouts differ in their line ends
    except OSError:
        return None


# --- Differences -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Difference:
    """How one file differs from what was kept of it. `text` is a unified diff, or says why there is none; `line` is the
    first that differs, from 1."""

    name: str
    text: str
    line: int = 1


def list_differences(kept: Kept | None, now: Sources, base: str = "") -> list[Difference]:
    """Give each file that differs, in the order of the files as they are now, those that are gone at the end. `base` is
    the path that the text puts before their names."""
    if kept is None:
        first = next(iter(now.contents), "")
        return [Difference(first, f"{first}: its text was not kept when it ran, only its checksum")] if first else []
    names = dict.fromkeys([*now.contents, *kept])
    found = (compare(name, normpath(join(base, name)), kept.get(name), now.contents.get(name)) for name in names)
    return [each for each in found if each]


def compare(name: str, shown: str, before: Any, content: bytes | LongFile | None) -> Difference | None:
    """Give the difference of one file, or None. A file of which nothing was kept is a new one."""
    if isinstance(before, dict) or (content is not None and _find_text(content) is None):
        return None if before == _shorten(content) else Difference(name, _describe(shown, before, content))
    after = None if content is None else _find_text(content)
    if before == after:
        return None
    lines = _write_diff(shown, before, after)
    return Difference(name, "\n".join(lines), _find_line(before, after))


def _describe(name: str, before: Any, content: bytes | LongFile | None) -> str:
    size = before.get("bytes", 0) if isinstance(before, dict) else len(str(before or "").encode())
    now = "is missing now" if content is None else f"has {len(content):,} bytes now"
    return f"{name}: had {size:,} bytes and {now}; only its checksum was kept"


def _write_diff(name: str, before: str | None, after: str | None) -> list[str]:
    """Give a unified diff's lines, not too many."""
    old = "/dev/null" if before is None else f"a/{name}"
    new = "/dev/null" if after is None else f"b/{name}"
    lines = list(unified_diff((before or "").splitlines(), (after or "").splitlines(), old, new, lineterm=""))
    left = len(lines) - _MOST_LINES
    if not lines:
        return [f"--- {old}", f"+++ {new}", "(line breaks alone)"]
    return [*lines[:_MOST_LINES], f"({left} more lines)"] if left > 0 else lines


def _find_line(before: str | None, after: str | None) -> int:
    old, new = (before or "").splitlines(), (after or "").splitlines()
    same = (one == other for one, other in zip(old, new, strict=False))
    return next((number for number, is_same in enumerate(same, 1) if not is_same), min(len(old), len(new)) + 1)
