"""The driver's connection, which before each statement looks at who acts, and lets SQLite ask what they may."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from threading import RLock
from typing import Any

from django.db.backends.sqlite3.base import SQLiteCursorWrapper

from freehold.acting import Acting, get_acting
from freehold.acting.refusals import refuse_connection, refuse_unasked
from freehold.acting.reporting import report_refusal
from freehold.backends.errors import AccessError
from freehold.backends.missing import describe_places
from freehold.backends.sqlite3.authorizer import Authorizer
from freehold.backends.sqlite3.unasked import LIST_BODIES, LIST_TABLES, find_closed, is_unasked
from freehold.requests import count_statements

_IS_TABLE = """
SELECT 1 FROM (SELECT name FROM sqlite_master UNION ALL SELECT name FROM sqlite_temp_master)
WHERE name = ? COLLATE NOCASE
"""


def _for_owners(name: str) -> Any:
    """Give a method of the driver's that SQLite runs without asking what it may, refused where a service acts."""

    def call(self: sqlite3.Connection, *args: Any, **options: Any) -> Any:
        found = get_acting()
        if found is not None:
            report_refusal(found, "function", name)
            raise AccessError(refuse_connection(found, f"call {name}() of its connection"), about=("function", name))
        return getattr(sqlite3.Connection, name)(self, *args, **options)

    return call


class GuardedConnection(sqlite3.Connection):
    """Holds each statement to the rights of whoever acts. With nobody acting it holds none back."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.authorizer = Authorizer()
        self.lock = RLock()  # threads that share a connection need not act as the same

    def cursor(self, factory: Any = None) -> Any:
        return super().cursor(factory or _GuardedCursor)

    def execute(self, text: str, *params: Any) -> Any:
        """Run a statement on a cursor of its own. The driver's own does not ask `cursor` for one."""
        return self.cursor().execute(text, *params)

    def executemany(self, text: str, *params: Any) -> Any:
        return self.cursor().executemany(text, *params)

    def executescript(self, text: str) -> Any:
        return self.cursor().executescript(text)

    def run(self, call: Callable[..., Any], text: str, *params: Any, is_script: bool = False) -> Any:
        """Run a statement as whoever acts; a second time where it was refused for the name of a WITH query, or
        before it was known what views and triggers hold. Not so a script, of which the first statements are done.

        Raises:
            AccessError: they may not.
        """
        count_statements()
        with self.lock:
            self.switch(get_acting())
            self.authorizer.begin(text)
            self.hold_unasked(text, is_script=is_script)
            while True:
                try:
                    return call(text, *params)
                except sqlite3.DatabaseError as error:
                    refusal = self.authorizer.refusal
                    if self.authorizer.wants_bodies:
                        self.look_into_bodies()
                        continue
                    if refusal is None:
                        self.place(error)
                        raise
                    if is_script or not self.is_query_name(refusal):
                        report_refusal(self.authorizer.acting, *refusal.about)
                        raise refusal from error
                    self.authorizer.refusal = None
                    self.authorizer.query_names |= {refusal.table}

    def place(self, error: sqlite3.DatabaseError) -> None:
        """Say in the error about a missing table where one of that name is. It stays the same error: others look at
        the codes that the driver has put on it."""
        _, is_missing, name = str(error).partition("no such table: ")
        if not is_missing:
            return
        tables = self.list_tables()
        schemas = {table.partition(".")[0] for table in tables if "." in table}
        if words := describe_places(name, tables, schemas, '"{}.{}"'):
            error.args = (f"{error}: {words}",)

    def switch(self, found: Acting | None) -> None:
        """Let `found` act from now on.

        Setting the authorizer anew makes SQLite prepare its cached statements again: one that another service prepared
        would run without being asked about.
        """
        before = self.authorizer.acting
        if found is before:
            return
        self.authorizer.acting, self.authorizer.closed_bodies = found, None
        if found is None or before is None or found.rights != before.rights:
            self.set_authorizer(self.authorizer.decide if found else None)

    def is_query_name(self, refusal: AccessError) -> bool:
        """Tell whether it was about a WITH query, which SQLite asks about by its name where no column of it is read."""
        name = refusal.table
        if not name or refusal.column or name in self.authorizer.query_names:
            return False
        return not self.look(_IS_TABLE, name)

    def hold_unasked(self, text: str, *, is_script: bool) -> None:
        """Refuse a statement that may read columns unasked, and names a table of which not every one may be read.

        Raises:
            AccessError: it does.
        """
        found = self.authorizer.acting
        if found is None:
            return
        if is_unasked(text):
            table = find_closed(text, self.list_tables(), self.authorizer.may_read_all)
            if table:
                error = AccessError(refuse_unasked(found, table), table=table)
                report_refusal(found, *error.about)
                raise error
        if is_script:
            self.look_into_bodies()

    def look_into_bodies(self) -> None:
        self.authorizer.learn_bodies(self.look(LIST_BODIES), self.list_tables())
        self.authorizer.wants_bodies = False

    def list_tables(self) -> list[str]:
        return [name for (name,) in self.look(LIST_TABLES)]

    def look(self, query: str, *params: Any) -> list[Any]:
        """Read the table of tables past our own cursor, which would take this for the statement."""
        return super().cursor(sqlite3.Cursor).execute(query, params).fetchall()

    backup = _for_owners("backup")
    serialize = _for_owners("serialize")
    deserialize = _for_owners("deserialize")
    blobopen = _for_owners("blobopen")
    enable_load_extension = _for_owners("enable_load_extension")
    load_extension = _for_owners("load_extension")


class _GuardedCursor(sqlite3.Cursor):
    """Runs each statement through its connection. One that was begun goes on as whom it was begun as."""

    connection: GuardedConnection

    def execute(self, text: str, *params: Any) -> Any:
        return self.connection.run(super().execute, text, *params)

    def executemany(self, text: str, *params: Any) -> Any:
        return self.connection.run(super().executemany, text, *params)

    def executescript(self, text: str) -> Any:
        """Run statements one after the other; those before a refused one are done."""
        return self.connection.run(super().executescript, text, is_script=True)


class GuardedCursorWrapper(SQLiteCursorWrapper, _GuardedCursor):
    """Django's cursor, which turns its placeholders into the driver's, over the guarded one."""
