"""Ties each row of the history to the one before it, so that a row changed or removed behind its back is seen.

A row's link is the SHA-256 over the link before it and its own values. Rows from before there were links get one
in passing, never written down: the first written one covers them all. `structure` is covered where it holds anything,
so that the links of rows from before it stay what they are.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.db.backends.base.base import BaseDatabaseWrapper

from freehold.models import MigrationHistory
from freehold.plans import Unplanned, fetch_each, is_planning

_COVERED: Final = (
    *("kind", "direction", "app", "name", "checksum", "owner_role", "login", "account", "started_at", "duration"),
    *("outcome", "code_version", "detail", "checksum_before", "reason", "sources"),
)
_LATER: Final = "structure"  # what freehold.0006 brought
_JSON: Final = ("sources", _LATER)
KEY: Final = 0x66726565_68697374  # "freehist": rows are added one after the other, also by those without a lock
# Two statements in one round trip: each has a snapshot of its own, so that the second sees who was first.
_LAST_LOCKED: Final = f"SELECT pg_catalog.pg_advisory_xact_lock({KEY}); {{}}"
_LAST: Final = "SELECT link FROM {} ORDER BY id DESC LIMIT 1"
# The row and its link in one statement, in one message with the lock; none where the last row has no link of its own.
_LOCK: Final = f"SELECT pg_catalog.pg_advisory_xact_lock({KEY})"
ADD: Final = """
    WITH last AS (SELECT (SELECT link FROM {table} ORDER BY id DESC LIMIT 1) AS link)
    INSERT INTO {table} ({columns}, link)
    SELECT {values}, pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(
        '["' || coalesce(last.link, '') || '",' || %(covered)s::text, 'UTF8')), 'hex')
    FROM last WHERE last.link IS DISTINCT FROM ''
    RETURNING id, link
"""


def make_link(before: str, row: MigrationHistory, columns: Sequence[str] = ()) -> str:
    """Give the link of a row that follows one with the link `before`; the first row of all follows ''."""
    values = [before, *(_simplify(getattr(row, name)) for name in columns or list_covered(row))]
    text = json.dumps(values, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def list_covered(row: MigrationHistory) -> list[str]:
    """Give the columns that the row's link covers; all that it holds but key and link."""
    return [*_COVERED] if row.structure is None else [*_COVERED, _LATER]


def add_linked(connection: BaseDatabaseWrapper, row: MigrationHistory) -> bool:
    """Write a row down with its link, on PostgreSQL, in one round trip; tell whether that could be done."""
    table = connection.ops.quote_name(MigrationHistory._meta.db_table)
    columns = list_covered(row)
    values = {name: getattr(row, name) for name in columns}
    text = json.dumps([_simplify(value) for value in values.values()], sort_keys=True, separators=(",", ":"))
    values |= {name: None if values[name] is None else json.dumps(values[name]) for name in columns if name in _JSON}
    marks = ", ".join(f"%({name})s::jsonb" if name in _JSON else f"%({name})s" for name in columns)
    send = str if is_planning(connection) else Unplanned
    statements = (_LOCK, ADD.format(table=table, columns=", ".join(columns), values=marks))
    _, found = fetch_each(connection, *map(send, statements), **values, covered=text[1:])
    if found:
        ((row.pk, row.link),) = found
    return bool(found)


def _simplify(value: Any) -> Any:
    """Give a value as JSON has it, the same on both dialects: both keep microseconds."""
    if isinstance(value, datetime):
        moment = value.astimezone(UTC) if value.tzinfo else value
        return moment.isoformat(timespec="microseconds")
    return value // timedelta(microseconds=1) if isinstance(value, timedelta) else value


def iter_links(rows: Iterable[MigrationHistory]) -> Iterator[tuple[MigrationHistory, str]]:
    """Yield each row, given in order, with the link that it should have; the next is taken from what it has."""
    before = ""
    for row in rows:
        expected = make_link(before, row, () if row.link else _COVERED)
        yield row, expected
        before = row.link or expected


def find_last_link(connection: BaseDatabaseWrapper) -> str:
    """Give the link that the next row follows. On PostgreSQL it is for this transaction alone to add that row."""
    last = _LAST.format(connection.ops.quote_name(MigrationHistory._meta.db_table))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_LAST_LOCKED.format(last))
            cursor.nextset()
        else:
            cursor.execute(last)
        row = cursor.fetchone()
    if row and row[0]:
        return str(row[0])
    return _find_written_since(connection) if row else ""


def _find_written_since(connection: BaseDatabaseWrapper) -> str:
    """Give the link of the last row where none is written down: of every row from the beginning. Those are from before
    there was a column for the structure, which may not be there yet."""
    rows = MigrationHistory.objects.using(connection.alias).order_by("id").values("pk", "link", *_COVERED)
    links = iter_links(MigrationHistory(**row) for row in rows.iterator())
    return next((row.link or expected for row, expected in reversed(list(links))), "")
