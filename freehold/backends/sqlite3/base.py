"""SQLite, for a project whose models name schemas: `auth.user` is simply one quoted name here."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base

from freehold.acting import acting, get_acting
from freehold.backends.sqlite3.connections import GuardedConnection, GuardedCursorWrapper
from freehold.backends.sqlite3.creation import DatabaseCreation
from freehold.backends.sqlite3.introspection import DatabaseIntrospection
from freehold.backends.sqlite3.operations import DatabaseOperations
from freehold.backends.sqlite3.schema import DatabaseSchemaEditor
from freehold.cli.announcing import want
from freehold.databases.entries import URL, name_entry
from freehold.databases.urls import MEMORY
from freehold.errors import DatabaseURLError
from freehold.filetrust import check_trusted, close_unopened, open_trusted, resolve_trusted

_HEADER = b"SQLite format 3\0"  # https://www.sqlite.org/fileformat.html, section 1.3


class DatabaseWrapper(base.DatabaseWrapper):
    """Takes `OPTIONS["schemas"]`, so that one setting serves both dialects.

    With it, statements are held to the rights of whichever service acts; without, it is Django's own backend.
    """

    SchemaEditorClass = DatabaseSchemaEditor
    creation_class = DatabaseCreation
    introspection_class = DatabaseIntrospection
    ops_class = DatabaseOperations

    def get_connection_params(self) -> dict[str, Any]:
        want(self)
        params: dict[str, Any] = super().get_connection_params()
        if params.pop("schemas", None):
            params["factory"] = GuardedConnection
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Open the file, or make it.

        Raises:
            DatabaseURLError: it can't be, and SQLite would not say why.
        """
        check_file(str(self.settings_dict["NAME"]), name_entry(self))
        make_closed(str(self.settings_dict["NAME"]))
        with acting(None):  # Django sets the connection up with PRAGMAs that no service may run
            return super().get_new_connection(conn_params)

    def create_cursor(self, name: str | None = None) -> Any:
        if isinstance(self.connection, GuardedConnection):
            return self.connection.cursor(GuardedCursorWrapper)
        return super().create_cursor(name)

    def disable_constraint_checking(self) -> bool:
        """Stop checking foreign keys, which SQLite does not do inside a transaction: no need to ask it there.

        Raises:
            AccessError: a service acts, and may not.
        """
        if self.in_atomic_block and get_acting() is not None:
            return False
        return super().disable_constraint_checking()


def is_file(name: str) -> bool:
    """Tell whether the database of this name lies in a file of that name."""
    return name != MEMORY and not name.startswith("file:")


def make_closed(name: str) -> None:
    """Make a file that is missing, with mode 0600, which SQLite gives its journals too. It would go by the umask,
    as in earlier releases: one of theirs is closed to others now, with its journals, where it is the caller's own.

    Raises:
        FileTrustError: it is no plain file; as root also where it is another account's.
    """
    if not is_file(name):
        return
    path = resolve_trusted(Path(name))
    try:
        os.close(open_trusted(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL))
    except FileExistsError:  # looked at without opening it: to close it would end SQLite's locks of this process
        check_trusted(path)
        for suffix in ("", "-journal", "-wal", "-shm"):
            close_unopened(path.with_name(path.name + suffix))


def check_file(name: str, entry: str = URL) -> None:
    """Refuse a file that SQLite could not open, write or make: its own error says neither which file it is nor why. To
    be called before connecting, not at start. `entry` is what names the file.

    Raises:
        DatabaseURLError: it is a directory or no database, or its directory is missing or read-only.
    """
    path = Path(name)
    if not is_file(name):
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
