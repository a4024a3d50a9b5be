"""Reads what code stands in a database, and what the history has recorded of it, on either dialect."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable
from typing import Any, Final

from django.db.backends.base.base import BaseDatabaseWrapper

from freehold.history.structure import Marks, Name, Record, sum_up
from freehold.plans import Unplanned, fetch_each, fetch_planned
from freehold.sqlfiles import read_bare

SORTS: Final = ("functions", "triggers", "rules")  # a query each
# The server writes definitions by the path. In one message: the setting of the transaction is put back.
_PIN: Final = Unplanned("""
    SELECT pg_catalog.set_config('freehold.path', pg_catalog.current_setting('search_path'), true),
        pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true)
""")
_UNPIN: Final = Unplanned(
    "SELECT pg_catalog.set_config('search_path', pg_catalog.current_setting('freehold.path'), true)"
)
_OUTLINE: Final = read_bare(__file__, "outline")
_IS_READABLE: Final = """
    SELECT count(*) FROM pg_catalog.pg_attribute a
    WHERE a.attrelid = pg_catalog.to_regclass('public.migration_history') AND a.attname = 'structure'
        AND NOT a.attisdropped AND pg_catalog.has_table_privilege(a.attrelid, 'SELECT')
"""
_RECORDS: Final = """
    SELECT app || '.' || name, structure FROM public.migration_history WHERE structure IS NOT NULL ORDER BY id
"""
_LAST: Final = "SELECT coalesce(max(id), 0) FROM public.migration_history WHERE structure IS NOT NULL"


def write_statement(sorts: Iterable[str] = SORTS) -> str:
    """Give the query for these sorts, whose rows `read_rows` takes; its parameter is `recorded`, the schemas."""
    return read_bare(__file__, *sorts)


def read_rows(rows: Iterable[tuple[Any, ...]]) -> tuple[Marks, bool]:
    """Give the marks, and whether a function among them follows the names of tables and columns."""
    marks: Marks = {}
    follows = False
    for _, sort, name, mark, is_following in rows:
        add_mark(marks, (sort, name), mark)
        follows = follows or (sort == "functions" and is_following)
    return marks, follows


def add_mark(marks: Marks, name: Name, mark: str) -> None:
    """Add one. Names with dots in them may be the same as another's: neither then stands for the other."""
    marks[name] = f"{marks[name]} {mark}" if name in marks else mark


# --- PostgreSQL ------------------------------------------------------------------------------------------------------
def read_postgresql(connection: Any, schemas: Collection[str], sorts: Iterable[str] = SORTS) -> tuple[Marks, bool]:
    """Give the same of these schemas over a connection of Django's, in one message. Inside a transaction."""
    _, rows, _ = fetch_each(connection, _PIN, write_statement(sorts), _UNPIN, recorded=list(schemas))
    return read_rows(sorted(rows))


def read_both(connection: Any, schemas: Collection[str], sorts: Iterable[str]) -> tuple[str | None, Marks, bool]:
    """Give the outline, then what `read_postgresql` gives, in one message."""
    look = write_statement(sorts)
    outline, _, rows, _ = fetch_each(connection, _OUTLINE, _PIN, look, _UNPIN, recorded=list(schemas))
    return _read_outline(outline), *read_rows(sorted(rows))


def read_outline(connection: Any) -> str | None:
    """Give what is another once triggers are, or what their definitions follow, in less time than these take to read;
    None where there is no such thing."""
    return _read_outline(fetch_planned(connection, _OUTLINE))


def _read_outline(rows: list[tuple[Any, ...]]) -> str | None:
    ((outline,),) = rows
    return outline and str(outline)


def find_record(cursor: Any) -> Record | None:
    """Give what is recorded; None where there is no column for it yet, or the login may not read it. On PostgreSQL."""
    if not is_readable(cursor):
        return None
    cursor.execute(_RECORDS)
    return sum_up((origin, _load(structure)) for origin, structure in cursor.fetchall())


def find_last(cursor: Any) -> int | None:
    """Give the number of the last row that records anything; 0 where none does, None where none can be read. On
    PostgreSQL."""
    if not is_readable(cursor):
        return None
    cursor.execute(_LAST)
    return int(cursor.fetchone()[0])


def is_readable(cursor: Any) -> bool:
    cursor.execute(_IS_READABLE)
    return bool(cursor.fetchone()[0])


def _load(structure: Any) -> Any:
    # Django's connections leave JSON as text, the driver's own don't.
    return json.loads(structure) if isinstance(structure, str) else structure


# --- SQLite ----------------------------------------------------------------------------------------------------------
def read_sqlite(connection: BaseDatabaseWrapper, schemas: Collection[str]) -> Marks:
    """Give the marks of triggers: there is nothing else. A table's schema is what stands before its first dot."""
    marks: Marks = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
        for table, name, text in cursor.fetchall():
            if table.partition(".")[0] in schemas and table != "public.migration_history":
                digest = hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:32]
                add_mark(marks, ("triggers", f"{table}.{name}"), f"on {digest}")
    return marks


# --- Either ----------------------------------------------------------------------------------------------------------
def read_standing(connection: BaseDatabaseWrapper, schemas: Collection[str]) -> Marks:
    """Give the marks of all that stands in these schemas."""
    if connection.vendor == "postgresql":
        return read_postgresql(connection, schemas)[0]
    return read_sqlite(connection, schemas)


def read_record(connection: BaseDatabaseWrapper) -> Record:
    """Give what is recorded, where the column is there."""
    from freehold.models import MigrationHistory  # apps that are not loaded yet import this module

    rows = MigrationHistory.objects.using(connection.alias).filter(structure__isnull=False).order_by("id")
    found: Any = rows.values_list("app", "name", "structure")
    return sum_up((f"{app}.{name}", structure) for app, name, structure in found)
