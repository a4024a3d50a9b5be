"""Statements that work beside running ones, outside a transaction: which they are, and what they leave where they are
cut off. Whether an index is what a statement would make is told by its definition."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.db import DatabaseError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration

from freehold.backends.names import quote_whole
from freehold.errors import MigrationError
from freehold.lexer import ScriptError, fold
from freehold.migrator.limits import is_transient
from freehold.scripts.cutting import list_statements
from freehold.sqlfiles import fetch_rows, read_statement

NAME: Final = r'"(?:[^"]|"")+"|[^\W\d][\w$]*'
PATH: Final = rf"(?:{NAME})(?:\s*\.\s*(?:{NAME}))*"
_INDEX: Final = re.compile(
    rf"CREATE\s+(UNIQUE\s+)?INDEX\s+(CONCURRENTLY\s+)?(?:(?:IF\s+NOT\s+EXISTS\s+)?({NAME})\s*)?\bON\s+(?:ONLY\s+)?"
    rf"({PATH})(.*)",
    re.I | re.S,
)
_REINDEX: Final = re.compile(
    rf"REINDEX\b.*?\b(INDEX|TABLE|SCHEMA|DATABASE)\s+(?:CONCURRENTLY\s+)?({PATH})?", re.I | re.S
)
_DETACH: Final = re.compile(
    rf"ALTER\s+TABLE\s+(?:IF\s+EXISTS\s+)?({PATH})\s+DETACH\s+PARTITION\s+({PATH})\s+CONCURRENTLY", re.I
)
_VALIDATES: Final = rf"VALIDATE\s+CONSTRAINT\s+(?:{NAME})"
# What takes SHARE UPDATE EXCLUSIVE at most while it waits: no reader and no writer queues behind it (manual, Explicit
# Locking). A migration may be the only one that does such a thing, and those that wait behind it are its like.
_BESIDE: Final = re.compile(
    rf"""(?:
    CREATE\s+(?:UNIQUE\s+)?INDEX\s+CONCURRENTLY\b | DROP\s+INDEX\s+CONCURRENTLY\b
    | REINDEX\b.*\bCONCURRENTLY\b(?!\s*'?(?:false|off|0)\b) | REFRESH\s+MATERIALIZED\s+VIEW\s+CONCURRENTLY\b
    | ALTER\s+TABLE\s+(?:IF\s+EXISTS\s+)?(?:ONLY\s+)?{PATH}\s*\*?\s*{_VALIDATES}(?:\s*,\s*{_VALIDATES})*\s*$
    | {_DETACH.pattern} | ANALY[SZ]E\b | VACUUM\b(?!.*\bFULL\b) | CREATE\s+STATISTICS\b
    )""",
    re.I | re.S | re.X,
)
_MAY_BE: Final = re.compile(r"\b(?:INDEX|VALIDATE|DETACH|CONCURRENTLY|ANALY[SZ]E|VACUUM|STATISTICS)\b", re.I)
_DEFINED: Final = re.compile(rf"CREATE (UNIQUE )?INDEX (?:{NAME}) ON (?:ONLY )?{PATH} (USING .*)", re.S)
COPY: Final = "freehold_empty_copy"
_COPIED: Final = "SELECT pg_catalog.pg_get_indexdef(indexrelid) FROM pg_catalog.pg_index WHERE indrelid = %s::regclass"
TAKEN: Final = (
    "{name} is there already and is another: {found}; this migration makes {wanted}. Rename or drop the one, or give "
    "the other another name, and run migrate again"
)

ALWAYS: Final = "2"  # FrozenTransactionId, which is older than any other (src/include/access/transam.h)
_NOW: Final = "SELECT pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot())::text"

Run = Callable[[str, Any], list[tuple[Any, ...]]]  # runs SQL with parameters, gives the rows


@dataclass(frozen=True)
class IndexBuild:
    """CREATE INDEX, as its text has it: `table` as it is written, `name` empty where the server chooses one."""

    unique: bool
    name: str
    table: str
    rest: str


def find_start(connection: BaseDatabaseWrapper, migration: Migration, *, is_written: bool) -> str:
    """Give the transaction from which on a migration is at its operation at hand, in a run that was cut off maybe; now,
    where no history `is_written`."""
    with connection.cursor() as cursor:
        if is_written:
            ((since,),) = fetch_rows(cursor, __file__, "build_start", app=migration.app_label, name=migration.name)
        else:
            cursor.execute(_NOW)
            (since,) = cursor.fetchone()
    return str(since)


def read_single(sql: str) -> str:
    """Give a statement without its comments and semicolon; empty where it is several or nothing that this knows."""
    if not _MAY_BE.search(sql):
        return ""
    try:
        statements = list_statements(sql)
    except ScriptError:  # the server has its own words for it
        return ""
    if len(statements) != 1:
        return ""
    return "".join(" " if token.is_blank else token.text for token in statements[0].tokens)


def works_beside(statement: str) -> bool:
    """Tell whether nobody who reads or writes waits behind a statement that waits."""
    return bool(_BESIDE.match(statement))


def read_index(statement: str) -> IndexBuild | None:
    found = _INDEX.match(statement)
    if not found:
        return None
    unique, _, name, table, rest = found.groups()
    return IndexBuild(bool(unique), fold_name(name or ""), table, rest)


@dataclass(frozen=True)
class Standing:
    """What stands where an index is to be made: `definition` is what it is where it is no index of that table; `ours`
    says that this migration made it since it began."""

    name: str
    schema: str
    is_index: bool
    definition: str
    is_valid: bool
    ours: bool


class Builds:
    """What statements of one migration leave. `run` sends SQL past what tries it again; `since` is the transaction from
    which on an index is the migration's own."""

    def __init__(self, alias: str, run: Run, since: str) -> None:
        self.alias, self.run, self.since = alias, run, since

    def clean(self, statement: str, params: Any) -> None:
        """Drop what attempts of the statement left unfinished; what was there before, or is another's, stays."""
        if index := read_index(statement):
            for each in self.list_alike(index, params):
                if not each.is_valid:
                    self.drop(each.name)
        elif (found := _REINDEX.match(statement)) and works_beside(statement):
            target = found[2] if found[1].upper() in ("INDEX", "TABLE") else None
            query = read_statement(__file__, "reindexed")
            for (name,) in self.run(query, {"target": target, "since": self.since}):
                self.drop(name)

    def is_made(self, statement: str, params: Any, *, again: bool) -> bool:
        """Tell whether there is what the statement would make; an index without a name is known by its definition, and
        looked for where the statement runs `again`.

        Raises:
            MigrationError: something else has the name, or an index that this migration did not leave is invalid.
        """
        index = read_index(statement)
        if index is None:
            return again and self.is_detached(statement)
        if not index.name:
            return again and any(each.is_valid for each in self.list_alike(index, params))
        standing = self.list_standing(index)
        if standing:
            self.check_same(standing[0], index, params)
        return bool(standing)

    def list_standing(self, index: IndexBuild) -> list[Standing]:
        parameters = {"table": index.table, "name": index.name, "since": self.since}
        return [Standing(*row) for row in self.run(read_statement(__file__, "standing"), parameters)]

    def list_alike(self, index: IndexBuild, params: Any) -> list[Standing]:
        """Give the indexes that this migration made and that are what the statement makes."""
        ours = [each for each in self.list_standing(index) if each.is_index and each.ours]
        if not ours:
            return []
        wanted = _read_definition(self.define(index, ours[0].schema, params))
        return [each for each in ours if _read_definition(each.definition) == wanted]

    def check_same(self, standing: Standing, index: IndexBuild, params: Any) -> None:
        wanted = self.define(index, standing.schema, params)
        if not standing.is_index or _read_definition(standing.definition) != _read_definition(wanted):
            raise MigrationError(TAKEN.format(name=standing.name, found=standing.definition, wanted=wanted))
        if not standing.is_valid:
            raise MigrationError(
                f"index {standing.name} is invalid, and this migration did not leave it so: DROP INDEX CONCURRENTLY "
                f"{standing.name}, or REINDEX it, and run migrate again"
            )

    def define(self, index: IndexBuild, schema: str, params: Any) -> str:
        """Give the definition of what the statement makes, as PostgreSQL writes it, made on an empty copy of the table;
        the server's refusal where it makes nothing."""
        copy, unique = f"{schema}.{COPY}", "UNIQUE " if index.unique else ""
        try:
            with transaction.atomic(using=self.alias):
                self.run(f"CREATE TABLE {copy} (LIKE {index.table})", None)
                self.run(f"CREATE {unique}INDEX ON {copy} {index.rest}", params)
                ((made,),) = self.run(_COPIED, [copy])
                transaction.set_rollback(True, using=self.alias)
        except DatabaseError as error:
            if is_transient(error):
                raise
            return f"none ({str(error).splitlines()[0]})"
        unique, rest = _read_definition(made) or ("", "")
        return f"CREATE {unique}INDEX {quote_whole(index.name or COPY)} ON {index.table} {rest}"

    def is_detached(self, statement: str) -> bool:
        """Tell whether DETACH PARTITION CONCURRENTLY did its work; end what it began."""
        found = _DETACH.match(statement)
        if not found:
            return False
        table, partition = found.groups()
        pending = self.run(read_statement(__file__, "detaching"), {"table": table, "partition": partition})
        if pending == [(True,)]:
            self.run(f"ALTER TABLE {table} DETACH PARTITION {partition} FINALIZE", None)
        return pending != [(False,)]

    def drop(self, name: str) -> None:
        self.run(f"DROP INDEX CONCURRENTLY IF EXISTS {name}", None)


def _read_definition(text: str) -> tuple[str, str] | None:
    """Give what an index is without the names: is it unique, and what it is made of."""
    found = _DEFINED.match(text)
    return (found[1] or "", found[2]) if found else None


def fold_name(name: str) -> str:
    """Give a name as the catalogue has it."""
    return name[1:-1].replace('""', '"') if name.startswith('"') else fold(name)
