"""`IF NOT EXISTS` over something else of the name: compared by its definition before the statement passes it over."""

from __future__ import annotations

import re
from typing import Any, Final

from django.db import DatabaseError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from freehold.errors import MigrationError
from freehold.lexer import ScriptError, Token, iter_tokens
from freehold.migrator.builds import ALWAYS, COPY, NAME, PATH, TAKEN, Builds, fold_name
from freehold.migrator.limits import is_transient
from freehold.scripts.cutting import Statement, list_statements
from freehold.sqlfiles import fetch_rows, write_text

_NEVER: Final = r"\s+IF\s+NOT\s+EXISTS\s+"
_HINT: Final = re.compile(_NEVER, re.I)
_TABLE: Final = re.compile(rf"CREATE\s+((?:UNLOGGED\s+)?)TABLE{_NEVER}({PATH})(.*)", re.I | re.S)
_INDEX: Final = re.compile(rf"CREATE\s+(?:UNIQUE\s+)?INDEX(?:\s+CONCURRENTLY)?{_NEVER}(?:{NAME})", re.I)
_OF_TEXT: Final = re.compile(rf"CREATE\s+(?:UNIQUE\s+)?(?:INDEX|VIEW|TRIGGER){_NEVER}({NAME})", re.I)  # SQLite's
_TRIGGER: Final = re.compile(r"CREATE\s+TRIGGER\b", re.I)
_FROM_QUERY: Final = re.compile(r"(?:\([^()]*\)\s*)?(?:WITH\s*\([^()]*\)\s*)?AS\b", re.I)
_HAS_DATA: Final = re.compile(r"\bWITH\s+(?:NO\s+)?DATA\s*$", re.I)
_PART: Final = re.compile(r"PARTITION\s+OF\b", re.I)
# A trigger may be named like a table.
_STORED: Final = "SELECT type, sql FROM sqlite_master WHERE name = %s COLLATE NOCASE AND (type = 'trigger') = %s"
_SHAPE: Final = """
    SELECT 'column ' || name || ' ' || lower(type) || iif("notnull", ' NOT NULL', '')
        || coalesce(' DEFAULT ' || dflt_value, '') || iif(pk, ' PRIMARY KEY', '') || iif(hidden, ' GENERATED', '')
    FROM pragma_table_xinfo(%s)
    UNION ALL
    SELECT 'FOREIGN KEY (' || "from" || ') REFERENCES ' || "table" || coalesce(' (' || "to" || ')', '')
        || ' ON UPDATE ' || on_update || ' ON DELETE ' || on_delete
    FROM pragma_foreign_key_list(%s)
    UNION ALL
    SELECT 'UNIQUE (' || (SELECT group_concat(name) FROM pragma_index_info(i.name)) || ')'
    FROM pragma_index_list(%s) AS i WHERE i.origin = 'u'
"""


class SameNames:
    """Looks at what a statement with IF NOT EXISTS would pass over: a wrapper for Django's `execute_wrapper`.

    A table may have more than the statement makes: a script that may run twice adds to it. What the migration made
    itself, `since` it began where it has no transaction, it may alter as it likes.
    """

    def __init__(self, connection: BaseDatabaseWrapper, since: str) -> None:
        self.connection, self.since = connection, since
        self.made: set[tuple[str, bool]] = set()

    def __call__(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        statements = _read(write_text(self.connection, sql))
        if len(statements) > 1 and self.connection.in_atomic_block and not params:
            for each in statements:  # one by one: what comes first may change what the next one finds
                self.check(_unblank(each), None)
                result = execute(each.text, params, many, context)
            return result
        for each in statements:
            if each.head.startswith(("DROP", "ALTER")):
                break  # nobody knows what is there behind it
            self.check(_unblank(each), params)
        return execute(sql, params, many, context)

    def check(self, statement: str, params: Any) -> None:
        """Refuse a statement that finds something else of the name.

        Raises:
            MigrationError: it does.
        """
        if self.connection.vendor == "sqlite":
            self.check_on_sqlite(statement, params)
        elif _INDEX.match(statement):
            Builds(self.connection.alias, self.run, self.since or ALWAYS).is_made(statement, params, again=False)
        elif (found := _TABLE.match(statement)) and not _PART.match(found[3].strip()):
            self.check_table(found, params)

    def run(self, sql: str, params: Any) -> list[tuple[Any, ...]]:
        with self.connection.cursor() as cursor:
            cursor.execute(sql, params)
            return list(cursor.fetchall()) if cursor.description else []

    # --- PostgreSQL ----------------------------------------------------------------------------------------------
    def check_table(self, statement: re.Match[str], params: Any) -> None:
        name, rest = statement[2], _without_data(_without_names(statement[3]))
        parameters = {"name": name, "is_bare": "." not in re.sub('"[^"]*"', "", name), "since": self.since}
        with self.connection.cursor() as cursor:
            rows = fetch_rows(cursor, __file__, "named", **parameters)
        for found, schema, is_own in rows:
            if not is_own:
                make = f"CREATE {statement[1]}TABLE {schema}.{COPY} {rest}"
                self.compare(found, f"{schema}.{COPY}", make, params)

    def read_shape(self, table: str) -> list[str]:
        if self.connection.vendor == "sqlite":
            return [line for (line,) in self.run(_SHAPE, [table] * 3)]
        with self.connection.cursor() as cursor:
            return [line for (line,) in fetch_rows(cursor, __file__, "shape", table=table)]

    def compare(self, name: str, copy: str, make: str, params: Any) -> None:
        """Hold a table against an empty copy, which `make` makes and which goes again; where none can be made, nobody
        knows that it is another."""
        found = self.read_shape(name)
        try:
            with transaction.atomic(using=self.connection.alias):
                self.run(make, params)
                wanted = self.read_shape(copy)
                transaction.set_rollback(True, using=self.connection.alias)
        except DatabaseError as error:
            if is_transient(error):
                raise
            return
        if missing := [line for line in wanted if line not in found]:
            subjects = {_read_subject(line) for line in missing}
            instead = ", ".join(line for line in found if _read_subject(line) in subjects) or "nothing of that"
            raise MigrationError(TAKEN.format(name=name, found=instead, wanted=", ".join(missing)))

    # --- SQLite --------------------------------------------------------------------------------------------------
    def check_on_sqlite(self, statement: str, params: Any) -> None:
        match = _TABLE.match(statement) or _OF_TEXT.match(statement)
        if not match:
            return
        name = fold_name(match[2] if match.re is _TABLE else match[1])
        place = (name, bool(_TRIGGER.match(statement)))
        rows = self.run(_STORED, list(place))
        if not rows:
            self.made.add(place)
        if not rows or place in self.made:
            return
        ((kind, text),) = rows
        wanted = _HINT.sub(" ", statement, count=1)  # of the head: what matched begins with it
        if match.re is _TABLE and kind == "table":
            self.compare(name, COPY, f"CREATE TABLE {COPY} {match[3]}", params)
        elif _read_words(text or "") != _read_words(wanted):
            raise MigrationError(TAKEN.format(name=name, found=" ".join((text or kind).split()), wanted=wanted))


def _read(text: str) -> list[Statement]:
    """Give the statements of a text; none where nothing in it says IF NOT EXISTS, or where it is none."""
    if "EXISTS" not in text.upper() or not _HINT.search(text):
        return []
    try:
        return list_statements(text)
    except ScriptError:  # the database has its own words for it
        return []


def _unblank(statement: Statement) -> str:
    return "".join(" " if token.is_blank else token.text for token in statement.tokens)


def _without_data(rest: str) -> str:
    """Give what follows a table's name so that it makes no rows."""
    return f"{rest} WITH NO DATA" if _FROM_QUERY.match(rest.strip()) and not _HAS_DATA.search(rest) else rest


def _without_names(rest: str) -> str:
    """Give what follows a table's name without what a copy beside it can't have: names of constraints and sequences,
    and foreign keys, which lock the other table."""
    entries: list[list[Token]] = [[]]
    depth, tokens = 0, list(iter_tokens(rest.strip()))
    for position, token in enumerate(tokens):
        depth -= token.text == ")"
        if not depth and position:
            kept = ",".join(filter(None, map(_without_name, entries)))
            return f"({kept}{''.join(each.text for each in tokens[position:])}"
        if depth == 1 and token.text == ",":
            entries.append([])
        elif depth:
            entries[-1].append(token)
        depth += token.text == "("
        if not depth:
            break
    return rest


def _without_name(entry: list[Token]) -> str:
    """Give an entry of a table's body without names of constraints; nothing where it has a foreign key or says how its
    sequence is called."""
    text, is_name = "", False
    for token in entry:
        word = token.text.lower() if token.kind == "word" else ""
        if word in ("references", "sequence"):
            return ""
        if word == "constraint" or is_name:
            is_name = word == "constraint" or token.is_blank
        else:
            text += token.text
    return text


def _read_words(text: str) -> list[str]:
    """Give what a definition says, however it is written; ASC says nothing at an entry's end."""
    tokens = [each for each in iter_tokens(text) if not each.is_blank and each.text != ";"]
    words = [fold_name(each.text).lower() if each.kind in ("word", "quoted") else each.text for each in tokens]
    behind = [*(each.text for each in tokens[1:]), ""]
    return [
        word
        for word, token, after in zip(words, tokens, behind, strict=True)
        if token.text.lower() != "asc" or after not in (",", ")")
    ]


def _read_subject(line: str) -> str:
    """Give what a line of a table's shape is about: a column, or the table itself."""
    return " ".join(line.split()[:2]) if line.startswith("column ") else line.split()[0]
