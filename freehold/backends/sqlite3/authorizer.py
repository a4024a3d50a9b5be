"""What a service may do on SQLite, statement by statement, below the ORM: the rights that PostgreSQL's grants hold.

SQLite asks while it prepares a statement: once for each table written, for each column read, and for everything else
that a statement can do (https://www.sqlite.org/c3ref/set_authorizer.html). The tables that a view or a trigger reaches
are asked for too, so that both run with the rights of whoever uses them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Final

from freehold.acting import Acting
from freehold.acting.context import EVERYTHING
from freehold.acting.refusals import (
    refuse_connection,
    refuse_read,
    refuse_structure,
    refuse_unasked,
    refuse_withheld,
    refuse_write,
)
from freehold.backends.errors import AccessError
from freehold.backends.sqlite3.names import is_named
from freehold.backends.sqlite3.unasked import find_closed, is_unasked

# The table of tables is for everyone, as PostgreSQL's catalogue. SQLite writes it itself where a table-valued function
# is first used, and refuses whoever else does, unless told otherwise by a PRAGMA that no service may run.
_MASTER: Final = frozenset({"sqlite_master", "sqlite_temp_master"})
_READABLE: Final = _MASTER | {"json_each", "json_tree", "jsonb_each", "jsonb_tree"}
_PRAGMA_FUNCTION: Final = "pragma_"  # pragma_table_info('…'): SQLite asks for the PRAGMA as well
_FORBIDDEN_FUNCTIONS: Final = frozenset({"load_extension", "fts3_tokenizer"})

# PRAGMAs that tell something, by whether they take an argument. Everything else changes the file or the connection.
_TELLING: Final = frozenset(
    {
        *("application_id", "collation_list", "compile_options", "data_version", "database_list", "encoding"),
        *("foreign_keys", "freelist_count", "function_list", "journal_mode", "module_list", "page_count"),
        *("page_size", "pragma_list", "query_only", "schema_version", "user_version"),
    }
)
_DESCRIBING: Final = frozenset(
    {
        *("foreign_key_check", "foreign_key_list", "index_info", "index_list", "index_xinfo"),
        *("table_info", "table_list", "table_xinfo"),
    }
)
_SETTING: Final = frozenset({"busy_timeout", "defer_foreign_keys"})  # this connection alone, and no rights
_TRUE: Final = frozenset({"on", "1", "true", "yes"})

_ALLOWED: Final = frozenset(
    {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_TRANSACTION, sqlite3.SQLITE_SAVEPOINT, sqlite3.SQLITE_RECURSIVE}
)
_WRITES: Final = {
    sqlite3.SQLITE_INSERT: "insert into",
    sqlite3.SQLITE_UPDATE: "update",
    sqlite3.SQLITE_DELETE: "delete from",
}
_KINDS: Final = {
    "vtable": "virtual table",
    "temp_table": "temporary table",
    "temp_index": "temporary index",
    "temp_trigger": "temporary trigger",
    "temp_view": "temporary view",
}
_STRUCTURE: Final = {
    getattr(sqlite3, f"SQLITE_{verb}_{kind}".upper()): f"{verb} {_KINDS.get(kind, kind)}"
    for verb in ("create", "drop")
    for kind in ("table", "index", "trigger", "view", *_KINDS)
} | {sqlite3.SQLITE_REINDEX: "reindex", sqlite3.SQLITE_ANALYZE: "analyze"}
_KIND: Final = {
    sqlite3.SQLITE_PRAGMA: "pragma",
    sqlite3.SQLITE_FUNCTION: "function",
    sqlite3.SQLITE_ATTACH: "database",
    sqlite3.SQLITE_DETACH: "database",
}


class Authorizer:
    """The one callback of a connection, with whoever acts on it and the statement that is being prepared."""

    def __init__(self) -> None:
        self.acting: Acting | None = None
        self.text = ""
        self.refusal: AccessError | None = None
        self.query_names: frozenset[str] = frozenset()  # of WITH queries in the statement, see `decide_read`
        # Views and triggers that may read columns unasked, by the table that is closed; None: not looked at yet.
        self.closed_bodies: Mapping[str, str] | None = None
        self.trigger_tables: Mapping[str, str] = {}
        self.wants_bodies = False
        self.is_writing = False  # whether the statement may write rows of a table

    def begin(self, text: str) -> None:
        self.text, self.refusal, self.wants_bodies, self.is_writing = text, None, False, False
        if self.query_names:
            self.query_names = frozenset()

    def decide(
        self, action: int, first: str | None, second: str | None, database: str | None, inner: str | None
    ) -> int:
        """Answer SQLite; where the answer is no, keep the reason as `refusal`.

        What `first` and `second` are depends on the action. `inner` is the view, trigger or WITH query that asks.
        """
        acting = self.acting
        if acting is None:
            return sqlite3.SQLITE_OK
        if inner is not None and not self.may_run(acting, inner):
            return sqlite3.SQLITE_DENY
        if inner is not None and self.is_of_key(acting, inner):
            return sqlite3.SQLITE_OK
        if action in _ALLOWED:
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_READ:
            return self.decide_read(acting, first or "", second or "", database, inner)
        if action in _WRITES:
            return self.decide_write(acting, action, first or "", second or "", database, inner)
        if action == sqlite3.SQLITE_FUNCTION and second not in _FORBIDDEN_FUNCTIONS:
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_PRAGMA and _is_harmless(first or "", second):
            return sqlite3.SQLITE_OK
        about = (_KIND.get(action, "object"), _name_thing(action, first, second))
        return self.refuse(_describe(acting, action, first, second), about=about)

    def decide_read(self, acting: Acting, table: str, column: str, database: str | None, inner: str | None) -> int:
        """Answer for a column; an empty one stands for a table of which none is read, as in `count(*)`.

        SQLite asks so for WITH queries too, by their name: `query_names` has those that are known to be no tables.
        """
        if _is_own(database) and not table.startswith("sqlite_") and acting.rights.may_read(table, column):
            return sqlite3.SQLITE_OK
        if database in (None, "main", "temp") and (table in _READABLE or table.startswith(_PRAGMA_FUNCTION)):
            return sqlite3.SQLITE_OK
        if column and self.is_reached_by_key(table, database, inner):
            return sqlite3.SQLITE_OK
        if not column and table in self.query_names:
            return sqlite3.SQLITE_OK
        name = table if _is_own(database) else f"{database}.{table}"
        words = refuse_withheld(acting, name) if acting.rights.withholds(name) else refuse_read(acting, name, column)
        return self.refuse(words, table=table, column=column)

    def decide_write(
        self, acting: Acting, action: int, table: str, column: str, database: str | None, inner: str | None
    ) -> int:
        verb = _WRITES[action].partition(" ")[0].upper()
        if _is_own(database) and not table.startswith("sqlite_") and acting.rights.may_write(table, verb, column):
            self.is_writing = True
            return sqlite3.SQLITE_OK
        if table in _MASTER:
            return sqlite3.SQLITE_OK
        if action != sqlite3.SQLITE_INSERT and self.is_reached_by_key(table, database, inner):
            return sqlite3.SQLITE_OK
        name = table if _is_own(database) else f"{database}.{table}"
        refuse = refuse_withheld if acting.rights.withholds(name) else refuse_write
        return self.refuse(refuse(acting, name, _WRITES[action]), table=table)

    # --- What SQLite does not ask about: `unasked` --------------------------------------------------------------------
    def may_read_all(self, table: str) -> bool:
        """Tell whether all columns of a table, or of a module's, may be read."""
        if table in _READABLE or table.startswith(_PRAGMA_FUNCTION):
            return True
        acting = self.acting
        return acting is None or (not table.startswith("sqlite_") and acting.rights.may_read(table, EVERYTHING))

    def learn_bodies(self, bodies: Iterable[tuple[str, str, str]], tables: Iterable[str]) -> None:
        """Take names, tables and texts of the file's views and triggers; a view's table is itself."""
        bodies = list(bodies)
        unasked = [(name, find_closed(text, tables, self.may_read_all)) for name, _, text in bodies if is_unasked(text)]
        self.closed_bodies = {name.lower(): table for name, table in unasked if table}
        self.trigger_tables = {name.lower(): table for name, table, _ in bodies if table != name}

    def may_run(self, acting: Acting, inner: str) -> bool:
        """Tell whether a view or a trigger reads nothing unasked that is closed; no, and `wants_bodies`, where that is
        not known yet: nothing can be looked up while SQLite asks."""
        if self.closed_bodies is None:
            self.wants_bodies = True
            return False
        table = self.closed_bodies.get(inner.lower())
        if table:
            self.refuse(refuse_unasked(acting, table), table=table)
        return not table

    def is_of_key(self, acting: Acting, inner: str) -> bool:
        """Tell whether a trigger can only be set off by what a foreign key does (see `is_reached_by_key`): it is of a
        table that the service may not write. As on PostgreSQL it needs no right. A WITH query may have any name."""
        table = self.trigger_tables.get(inner.lower(), "")
        if not table or acting.rights.may_write(table) or is_named(inner, self.text):
            return False
        return self.is_reached_by_key(table, "main", None)

    def is_reached_by_key(self, table: str, database: str | None, inner: str | None) -> bool:
        """Tell whether only a foreign key can have led here: its check, ON DELETE or ON UPDATE, all of which
        PostgreSQL runs as the table's owner.

        SQLite does not say so. But only what writes comes there, and whatever a statement reaches otherwise is named in
        its text, or asked for by a view or a trigger.
        """
        return self.is_writing and inner is None and _is_own(database) and not is_named(table, self.text)

    def refuse(self, reason: str, table: str = "", column: str = "", about: tuple[str, str] = ("", "")) -> int:
        """Keep the first reason, and answer no."""
        if self.refusal is None:
            self.refusal = AccessError(reason, table=table, column=column, about=about)
        return sqlite3.SQLITE_DENY


def _is_own(database: str | None) -> bool:
    """Tell whether it is the file itself: no attached one, and not the connection's own temporary tables."""
    return database is None or database == "main"


def _is_harmless(pragma: str, value: str | None) -> bool:
    name = pragma.lower()
    if name in _DESCRIBING or name in _SETTING:
        return True
    if name == "foreign_keys" and value is not None:
        return value.lower() in _TRUE
    return name in _TELLING and value is None


def _name_thing(action: int, first: str | None, second: str | None) -> str:
    """Give the name of what was refused; none of a file, which is a value of ATTACH."""
    if action == sqlite3.SQLITE_ATTACH:
        return ""
    return (second if action in (sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_ALTER_TABLE) else first) or ""


def _describe(acting: Acting, action: int, first: str | None, second: str | None) -> str:
    if action == sqlite3.SQLITE_PRAGMA:
        return refuse_connection(acting, f"run PRAGMA {first}" + (f" = {second}" if second else ""))
    if action == sqlite3.SQLITE_FUNCTION:
        return refuse_connection(acting, f"call {second}()")
    if action == sqlite3.SQLITE_ATTACH:
        return refuse_connection(acting, f"attach {first}" if first else "run VACUUM")
    if action == sqlite3.SQLITE_DETACH:
        return refuse_connection(acting, f"detach {first}")
    if action == sqlite3.SQLITE_ALTER_TABLE:
        return refuse_structure(acting, "alter table", second or "")
    return refuse_structure(acting, _STRUCTURE.get(action, f"do action {action} on"), first or "")
