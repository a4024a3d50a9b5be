"""The driver's connection, which before each statement looks at who acts, and lets SQLite ask what they may."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from threading import RLock
from typing import Any

from django.db.backends.sqlite3.base import SQLiteCursorWrapper

from freehold.acting import Acting, get_acting
from freehold.acting.refusals import refuse_connection
from freehold.backends.errors import AccessError
from freehold.backends.sqlite3.authorizer import Authorizer

_IS_TABLE = """
SELECT 1 FROM (SELECT name FROM sqlite_master UNION ALL SELECT name FROM sqlite_temp_master)
WHERE name = ? COLLATE NOCASE
"""


class GuardedConnection(sqlite3.Connection):
    """Holds each statement to the rights of whoever acts. With nobody acting it holds none back."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.authorizer = Authorizer()
        self.lock = RLock()  # threads that share a connection need not act as the same

    def cursor(self, factory: Any = None) -> Any:
        """Give a guarded cursor."""
        return super().cursor(factory or _GuardedCursor)

    def execute(self, text: str, *params: Any) -> Any:
        """Run a statement on a cursor of its own. The driver's own does not ask `cursor` for one."""
        return self.cursor().execute(text, *params)

    def executemany(self, text: str, *params: Any) -> Any:
        """Run a statement for each set of parameters."""
        return self.cursor().executemany(text, *params)

    def executescript(self, text: str) -> Any:
        """Run statements one after the other."""
        return self.cursor().executescript(text)

    def run(self, call: Callable[..., Any], text: str, *params: Any, is_script: bool = False) -> Any:
        """Run a statement as whoever acts; a second time where it was refused for the name of a WITH query. Not so a
        script, of which the first statements are done.

        Raises:
            AccessError: they may not.
        """
        with self.lock:
            self.switch(get_acting())
            self.authorizer.begin(text)
            while True:
                try:
                    return call(text, *params)
                except sqlite3.DatabaseError as error:
                    refusal = self.authorizer.refusal
                    if refusal is None:
                        raise
                    if is_script or not self.is_query_name(refusal):
                        raise refusal from error
                    self.authorizer.refusal = None
                    self.authorizer.query_names |= {refusal.table}

    def switch(self, found: Acting | None) -> None:
        """Let `found` act from now on.

        Setting the authorizer anew makes SQLite prepare its cached statements again: one that another service prepared
        would run without being asked about.
        """
        before = self.authorizer.acting
        if found is before:
            return
        self.authorizer.acting = found
        if found is None or before is None or found.rights != before.rights:
            self.set_authorizer(self.authorizer.decide if found else None)

    def is_query_name(self, refusal: AccessError) -> bool:
        """Tell whether it was about a WITH query, which SQLite asks about by its name where no column of it is read."""
        name = refusal.table
        if not name or refusal.column or name in self.authorizer.query_names:
            return False
        # Past our own cursor, which would take this for the statement.
        return super().cursor(sqlite3.Cursor).execute(_IS_TABLE, (name,)).fetchone() is None

    def refuse(self, name: str) -> None:
        """Refuse what SQLite does without asking.

        Raises:
            AccessError: a service acts.
        """
        found = get_acting()
        if found is not None:
            raise AccessError(refuse_connection(found, f"call {name}() of its connection"))

    def backup(self, *args: Any, **options: Any) -> None:
        """Copy the whole database, for owners."""
        self.refuse("backup")
        super().backup(*args, **options)

    def serialize(self, *args: Any, **options: Any) -> bytes:
        """Give the whole database, for owners."""
        self.refuse("serialize")
        return super().serialize(*args, **options)

    def deserialize(self, *args: Any, **options: Any) -> None:
        """Replace the whole database, for owners."""
        self.refuse("deserialize")
        super().deserialize(*args, **options)

    def blobopen(self, *args: Any, **options: Any) -> sqlite3.Blob:
        """Open one value for reading and writing, for owners."""
        self.refuse("blobopen")
        return super().blobopen(*args, **options)

    def enable_load_extension(self, *args: Any) -> None:
        """Let libraries be loaded into the process, for owners."""
        self.refuse("enable_load_extension")
        super().enable_load_extension(*args)

    def load_extension(self, *args: Any, **options: Any) -> None:
        """Load a library into the process, for owners."""
        self.refuse("load_extension")
        super().load_extension(*args, **options)


class _GuardedCursor(sqlite3.Cursor):
    """Runs each statement through its connection. One that was begun goes on as whom it was begun as."""

    connection: GuardedConnection

    def execute(self, text: str, *params: Any) -> Any:
        """Run a statement."""
        return self.connection.run(super().execute, text, *params)

    def executemany(self, text: str, *params: Any) -> Any:
        """Run a statement for each set of parameters."""
        return self.connection.run(super().executemany, text, *params)

    def executescript(self, text: str) -> Any:
        """Run statements one after the other; those before a refused one are done."""
        return self.connection.run(super().executescript, text, is_script=True)


class GuardedCursorWrapper(SQLiteCursorWrapper, _GuardedCursor):
    """Django's cursor, which turns its placeholders into the driver's, over the guarded one."""
