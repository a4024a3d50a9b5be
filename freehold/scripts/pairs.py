"""SQL in pairs of files, up and down: how they are called, found and read, and how their statements run.

A pair has one stem, such as `20260301120000_add_is_active`: `STEM.up.sql` and `STEM.down.sql`, in PostgreSQL's words
for both dialects (`freehold.scripts.translation` says what SQLite makes of them). Where a dialect must differ, it
has a variant, `STEM.up.sqlite.sql` or `STEM.up.postgresql.sql`, which is then read in place of the common file.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from django.db import DatabaseError, OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper

from freehold.backends.errors import RelationError
from freehold.errors import FreeholdError
from freehold.lexer import ScriptError
from freehold.scripts.cutting import Statement, iter_statements
from freehold.scripts.transactions import find_word, is_open
from freehold.scripts.translation import ColumnGuard, translate

Direction = Literal["up", "down"]
DIRECTIONS: Final[tuple[Direction, ...]] = ("up", "down")
DIALECTS: Final = ("postgresql", "sqlite")
NAME = re.compile(r"(?P<stem>\d+_[a-z0-9_]+)\.(?P<direction>up|down)(?:\.(?P<dialect>postgresql|sqlite))?\.sql")
_HEADER = re.compile(r"--\s*(kind|depends):\s*(.*)")
NOTHING = re.compile(r"^--\s*nothing to (?:un)?do:\s*(?P<reason>\S.*)$", re.MULTILINE)
_COPY = re.compile(r"COPY\b.*\b(?:FROM\s+STDIN|TO\s+STDOUT)\b", re.IGNORECASE | re.DOTALL)
_PIECE = 1 << 18  # characters: of a long file no more is kept than this and the statement at hand
# What the file is cut and sent by: PostgreSQL tells the driver what they are, after each statement.
_READ_BY: Final = {"standard_conforming_strings": "on", "client_encoding": "UTF8"}
_REFUSED = "42501"  # insufficient_privilege: whoever runs the script knows as whom, and says it
_IN_TRANSACTION = "25001"  # active_sql_transaction
_STATEMENTS_FAULT = 1  # SQLITE_ERROR: what is asked is wrong; other codes are about locks, disks and memory


class ScriptFileError(FreeholdError):
    """A file is missing, can't be read, or fails: the message begins with its path, and the line where one is known."""


@dataclass(frozen=True)
class ScriptPair:
    """The files of one stem in a folder, whether they are there or not."""

    folder: Path
    stem: str

    def get_path(self, direction: Direction, dialect: str = "") -> Path:
        """Give where the common file is expected, or a dialect's variant."""
        return self.folder / f"{self.stem}.{direction}.{f'{dialect}.' if dialect else ''}sql"

    def find(self, direction: Direction, dialect: str) -> Path | None:
        """Give the file that a dialect reads, or None."""
        paths = (self.get_path(direction, dialect), self.get_path(direction))
        return next((path for path in paths if path.is_file()), None)

    def get(self, direction: Direction, dialect: str) -> Path:
        """Give the file that a dialect reads.

        Raises:
            ScriptFileError: it is missing.
        """
        if found := self.find(direction, dialect):
            return found
        path = self.get_path(direction)
        raise ScriptFileError(f"{shorten(path)} is missing: put it back from version control, or write it")

    @property
    def files(self) -> list[Path]:
        """The files that are there, of both directions and all dialects, sorted."""
        paths = (self.get_path(way, dialect) for way in DIRECTIONS for dialect in ("", *DIALECTS))
        return sorted(path for path in paths if path.is_file())


@dataclass(frozen=True)
class Script:
    """A file that was read through and may run. `reason` is why there is nothing to do or undo, where it says so."""

    path: Path
    count: int
    reason: str = ""

    @property
    def statements(self) -> Iterator[Statement]:
        """Each statement of the file, in order, read anew.

        Raises:
            ScriptFileError: as `read_script`, when what is wrong is come to.
        """
        return _iter_statements(self.path)


def list_stems(folder: Path) -> list[str]:
    """Give the stem of each pair that has a file in the folder, sorted; none where there is no folder."""
    return sorted({found["stem"] for path in folder.glob("*.sql") if (found := NAME.fullmatch(path.name))})


def shorten(path: Path) -> str:
    """Give a path from where the command runs, with / on every system."""
    return Path(os.path.relpath(path)).as_posix()


def iter_pieces(path: Path) -> Iterator[str]:
    """Yield what a file holds, with the line ends that it has.

    Raises:
        ScriptFileError: it can't be read, is no UTF-8, or has a NUL in it.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            while piece := file.read(_PIECE):
                if "\0" in piece:
                    raise ScriptFileError(
                        f"{shorten(path)} holds a NUL, where the server would stop reading: take it out"
                    )
                yield piece
    except UnicodeDecodeError:
        raise ScriptFileError(f"{shorten(path)} is no UTF-8 (byte {_find_fault(path)}): save it as UTF-8") from None
    except OSError as error:
        raise ScriptFileError(f"{shorten(path)} can't be read: {error.strerror}") from error


def read_text(path: Path) -> str:
    """Give what a file holds.

    Raises:
        ScriptFileError: as `iter_pieces`.
    """
    return "".join(iter_pieces(path))


def _find_fault(path: Path) -> int:
    """Give the first byte of a file that is no UTF-8."""
    try:
        path.read_bytes().decode()
    except UnicodeDecodeError as error:
        return error.start
    return 0


def read_header_words(path: Path) -> dict[str, str]:
    """Give the words that the comments at a file's beginning say: `-- kind: demo` gives {"kind": "demo"}.

    Raises:
        ScriptFileError: it can't be read.
    """
    words: dict[str, str] = {}
    for line in next(iter_pieces(path), "").splitlines():
        if line.strip() and not line.startswith("--"):
            break
        if found := _HEADER.fullmatch(line.strip()):
            words[found[1]] = found[2].strip()
    return words


def read_script(path: Path) -> Script:
    """Read a file through, so that nothing of it runs where something in it is wrong.

    Raises:
        ScriptFileError: it can't be read, has no statement, begins or ends a transaction, or is for psql alone.
    """
    count = sum(1 for _ in _iter_statements(path))
    found = NOTHING.search(next(iter_pieces(path), ""))
    if not count and not found:
        word = "undo" if ".down." in path.name else "do"
        raise ScriptFileError(
            f"{shorten(path)} holds no statement: write it, or where there is nothing to {word}, the line "
            f"`-- nothing to {word}: REASON`"
        )
    return Script(path, count, found["reason"].strip() if found else "")


def _iter_statements(path: Path) -> Iterator[Statement]:
    try:
        for statement in iter_statements(iter_pieces(path)):
            _check(statement, path)
            yield statement
    except ScriptError as error:
        raise ScriptFileError(f"{shorten(path)}, {error}: {error.advice}") from error


def _check(statement: Statement, path: Path) -> None:
    """Raise ScriptFileError for a statement that has no place in a file."""
    wrong = ""
    if word := find_word(statement.text):
        wrong = f"{word} has no place here, since the file runs in a transaction that is not its own: take it out"
    elif _COPY.match(statement.text):
        wrong = "COPY has no place here, since its rows are psql's to send: write INSERT (pg_dump --inserts)"
    if wrong:
        raise ScriptFileError(f"{shorten(path)}:{statement.line}: {wrong}")


def iter_runnable(script: Script, connection: BaseDatabaseWrapper) -> Iterator[tuple[str, int]]:
    """Yield each statement in the words of the connection's dialect, with its line, when it is its turn: what depends
    on the columns of a table is looked at then. They have no parameters, so that `%` is just a sign.

    Raises:
        ScriptFileError: a statement ended the transaction, or changed what the file is read by.
    """
    schemas = connection.settings_dict["OPTIONS"].get("schemas", ())
    for statement in script.statements:
        was_open = is_open(connection)
        if connection.vendor != "sqlite":
            yield statement.text, statement.line
        else:
            translation = translate(statement, schemas)
            if translation.guard is None or _is_met(translation.guard, connection):
                yield translation.text, statement.line
        _check_session(connection, script.path, statement.line, was_open=was_open)


def _check_session(connection: Any, path: Path, line: int, *, was_open: bool) -> None:
    """Raise ScriptFileError where a statement that ran left the session in no state for the next."""
    if was_open and not is_open(connection):
        raise ScriptFileError(
            f"{shorten(path)}:{line}: it ended the transaction; what stands up to it is committed, and not written "
            f"down; undo that by hand and take out of the file what ends a transaction"
        )
    for name, value in _READ_BY.items() if connection.vendor == "postgresql" and connection.connection else ():
        if (found := connection.connection.info.parameter_status(name)) != value:
            raise ScriptFileError(
                f"{shorten(path)}:{line}: it sets {name} to {found}, and the file is read by {value}: take it out"
            )


def _is_met(guard: ColumnGuard, connection: BaseDatabaseWrapper) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pragma_table_info(%s) WHERE name = %s", [guard.table, guard.column])
        return bool(cursor.fetchone()[0]) is guard.exists


@contextmanager
def naming_line(script: Script, line: int) -> Iterator[None]:
    """Run a statement inside the block; say where it stands if it is wrong.

    Locks, time limits, lost connections and missing rights are handed on as they are: they are not the file's fault.

    Raises:
        ScriptFileError: the database does not take the statement.
    """
    try:
        yield
    except DatabaseError as error:
        is_said = isinstance(error, FreeholdError) and not isinstance(error, RelationError)
        if is_said or not _is_statements_fault(error):
            raise
        raise ScriptFileError(f"{shorten(script.path)}:{line}: {explain(error)}") from error


def _is_statements_fault(error: DatabaseError) -> bool:
    """Tell whether the statement itself is wrong."""
    cause: Any = error.__cause__
    if hasattr(cause, "sqlite_errorcode"):
        return not isinstance(error, OperationalError) or cause.sqlite_errorcode & 0xFF == _STATEMENTS_FAULT
    return not isinstance(error, OperationalError) and getattr(cause, "sqlstate", None) != _REFUSED


def explain(error: DatabaseError) -> str:
    """Give the database's own words without its DETAIL, which holds values of rows, and the way out."""
    cause = error.__cause__
    said = getattr(getattr(cause, "diag", None), "message_primary", None) or str(error).splitlines()[0]
    if isinstance(error, RelationError):
        said = f"{said}: {error.words}"
    if getattr(cause, "sqlstate", None) == _IN_TRANSACTION:
        return f"{said}: give the migration `atomic = False`"
    return f"{said}; correct the statement and run it again"
