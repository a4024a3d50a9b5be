"""What statements did to the rows of every table, whoever's statement it was: cascades and triggers are counted too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from freehold.seeds.batches import iter_batches

# Counters of this session, of the transaction at hand and maybe of some before it: differences alone say anything.
# They need `track_counts`, which is on unless a superuser took it away; then nothing is counted.
_POSTGRESQL = """
    SELECT schemaname || '.' || relname, n_tup_ins, n_tup_del, n_tup_upd
    FROM pg_catalog.pg_stat_xact_user_tables
    WHERE n_tup_ins + n_tup_del + n_tup_upd > 0
"""
_TERMS = 200  # SQLite takes 500 in a compound SELECT
_ELSEWHERE = "another table"  # SQLite counts rows that change, and does not say of which table


@dataclass
class Changes:
    """How many rows were added to, removed from and changed in each table."""

    added: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)


@contextmanager
def watching(connection: Any) -> Iterator[Changes]:
    """Count what happens inside the block, in one transaction; the counts are there when it ends."""
    changes = Changes()
    read = _read_postgresql if connection.vendor == "postgresql" else _read_sqlite
    before = read(connection)
    yield changes
    after = read(connection)
    for kind, counts in vars(after).items():
        setattr(changes, kind, counts - getattr(before, kind))
    if connection.vendor != "postgresql":
        _settle_sqlite(changes, before, after)


def _read_postgresql(connection: Any) -> Changes:
    """Give the session's counters."""
    changes = Changes()
    with connection.cursor() as cursor:
        cursor.execute(_POSTGRESQL)
        for table, added, removed, changed in cursor.fetchall():
            changes.added[table], changes.removed[table], changes.changed[table] = added, removed, changed
    return changes


def _read_sqlite(connection: Any) -> Changes:
    """Give how many rows each table has, as `added`, and how many were ever written on this connection."""
    changes = Changes()
    with connection.cursor() as cursor:
        for tables in iter_batches(connection.introspection.table_names(cursor), _TERMS):
            counts = (f"SELECT %s, count(*) FROM {connection.ops.quote_name(table)}" for table in tables)  # noqa: S608
            cursor.execute(" UNION ALL ".join(counts), tables)
            changes.added.update(dict(cursor.fetchall()))
    changes.changed[_ELSEWHERE] = connection.connection.total_changes
    return changes


def _settle_sqlite(changes: Changes, before: Changes, after: Changes) -> None:
    """Turn rows there before and after into rows added and removed; what else was written was changed."""
    changes.removed = before.added - after.added
    moved = changes.added.total() + changes.removed.total()
    changes.changed = Counter({_ELSEWHERE: changes.changed[_ELSEWHERE] - moved})
    changes.changed = +changes.changed
