"""What a service may do on SQLite, statement by statement, below the ORM: the rights that PostgreSQL's grants hold.

SQLite asks while it prepares a statement: once for each table written, for each column read, and for everything else
that a statement can do (https://www.sqlite.org/c3ref/set_authorizer.html). The tables that a view or a trigger reaches
are asked for too, so that both run with the rights of whoever uses them.
"""

from __future__ import annotations

import re
import sqlite3
from typing import Final

from freehold.acting import Acting
from freehold.acting.refusals import (
    refuse_connection,
    refuse_read,
    refuse_structure,
    refuse_withheld,
    refuse_write,
)
from freehold.backends.errors import AccessError

# The table of tables is for everyone, as PostgreSQL's catalogue. SQLite writes it itself where a table-valued function
# is first used, and refuses whoever else does, unless told otherwise by a PRAGMA that no service may run.
_MASTER: Final = frozenset({"sqlite_master", "sqlite_temp_master"})
_READABLE: Final = _MASTER | {"sqlite_sequence", "json_each", "json_tree", "jsonb_each", "jsonb_tree"}
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
_QUOTES: Final = re.compile(r"""["'`\[\]]""")


class Authorizer:
    """The one callback of a connection, with whoever acts on it and the statement that is being prepared."""

    def __init__(self) -> None:
        self.acting: Acting | None = None
        self.text = ""
        self.refusal: AccessError | None = None
        self.query_names: frozenset[str] = frozenset()  # of WITH queries in the statement, see `decide_read`

    def begin(self, text: str) -> None:
        self.text, self.refusal = text, None
        if self.query_names:
            self.query_names = frozenset()

    def decide(
        self, action: int, first: str | None, second: str | None, database: str | None, inner: str | None
    ) -> int:
        """Answer SQLite; where the answer is no, keep the reason as `refusal`.

        What `first` and `second` are depends on the action. `inner` is the view, trigger or WITH query that asks.
        """
        acting = self.acting
        if acting is None or action in _ALLOWED:
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
            return sqlite3.SQLITE_OK
        if table in _MASTER:
            return sqlite3.SQLITE_OK
        if action != sqlite3.SQLITE_INSERT and self.is_reached_by_key(table, database, inner):
            return sqlite3.SQLITE_OK
        name = table if _is_own(database) else f"{database}.{table}"
        refuse = refuse_withheld if acting.rights.withholds(name) else refuse_write
        return self.refuse(refuse(acting, name, _WRITES[action]), table=table)

    def is_reached_by_key(self, table: str, database: str | None, inner: str | None) -> bool:
        """Tell whether only a foreign key can have led here: its check, ON DELETE or ON UPDATE, all of which
        PostgreSQL runs as the table's owner.

        SQLite does not say so. But whatever a statement reaches otherwise is named in its text, or asked for by a view
        or a trigger.
        """
        return inner is None and _is_own(database) and not is_named(table, self.text)

    def refuse(self, reason: str, table: str = "", column: str = "", about: tuple[str, str] = ("", "")) -> int:
        """Keep the first reason, and answer no."""
        if self.refusal is None:
            self.refusal = AccessError(reason, table=table, column=column, about=about)
        return sqlite3.SQLITE_DENY


def _is_own(database: str | None) -> bool:
    """Tell whether it is the file itself: no attached one, and not the connection's own temporary tables."""
    return database is None or database == "main"


def is_named(table: str, text: str) -> bool:
    """Tell whether a statement has the name in it, in any case, as a word; a name that can be quoted so that it reads
    otherwise counts as there."""
    if _QUOTES.search(table):
        return True
    letter = rb"[0-9A-Za-z_$\x80-\xff]"  # of an identifier; only ASCII has two cases here, as for SQLite
    name = re.escape(table.encode())
    return bool(re.search(rb"(?<!%b)%b(?!%b)" % (letter, name, letter), text.encode(), re.IGNORECASE))


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
