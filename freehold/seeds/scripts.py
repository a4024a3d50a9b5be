"""Seeds that are a pair of SQL files: up runs the one, down the other, and what they did to rows is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from freehold.acting.roles import using_role
from freehold.errors import SeedError
from freehold.progress import Progress
from freehold.scripts.pairs import (
    Script,
    ScriptFileError,
    ScriptPair,
    iter_runnable,
    naming_line,
    read_header_words,
    read_script,
    shorten,
)
from freehold.seeds import KINDS, Seed
from freehold.seeds.identities import iter_batches
from freehold.seeds.journal import SeedEntry, TableCount

# Counters of this session, of the transaction at hand and maybe of some before it: differences alone say anything.
# They need `track_counts`, which is on unless a superuser took it away; then nothing is counted.
_POSTGRESQL = """
    SELECT schemaname || '.' || relname, n_tup_ins, n_tup_del, n_tup_upd
    FROM pg_catalog.pg_stat_xact_user_tables
    WHERE n_tup_ins + n_tup_del + n_tup_upd > 0
"""
_TERMS = 200  # SQLite takes 500 in a compound SELECT
_ELSEWHERE = "another table"  # SQLite counts rows that change, and does not say of which table


# --- What it is ------------------------------------------------------------------------------------------------------
def read_header(seed: str, pair: ScriptPair) -> Seed:
    """Give what the comments at the beginning of the way up declare: `-- kind: demo`, `-- depends: app.NNNN_name, …`.

    Raises:
        SeedError: a file is missing, or the kind is.
    """
    ups = [path for path in pair.files if ".up." in path.name]
    downs = [path for path in pair.files if ".down." in path.name]
    if not ups or not downs:
        missing = pair.get_path("down" if ups else "up")
        raise SeedError(f"seed {seed}: {shorten(missing)} is missing: write it, or remove the file that is there")
    up = pair.get_path("up") if pair.get_path("up") in ups else ups[0]  # a variant needs no header of its own
    words = read_header_words(up)
    kind = words.get("kind", "")
    if kind not in KINDS:
        found = f"is of kind {kind!r}" if kind else "says no kind"
        raise SeedError(f"seed {seed} {found}: begin {shorten(up)} with `-- kind: {'` or `-- kind: '.join(KINDS)}`")
    depends = tuple(name.strip() for name in words.get("depends", "").split(",") if name.strip())
    return Seed(kind=kind, rows=(), depends=depends)


# --- What it does ----------------------------------------------------------------------------------------------------
def run_up(
    connection: Any, name: str, pair: ScriptPair, owner: str, entry: SeedEntry | None, progress: Progress
) -> list[TableCount]:
    """Run the way up as the owner, in the transaction at hand; give what it added to each table. Rows that an earlier
    version of the seed added count as present.

    Raises:
        SeedError: a file is missing or wrong.
    """
    before = {count.table: count.present for count in entry.counts} if entry and entry.is_up else {}
    with _telling(f"seed {name} was not applied, and nothing changed"), using_role(connection, owner):
        script = read_script(pair.get("up", connection.vendor))
        with watching(connection) as changes:
            for _ in _iter_run(connection, name, script, progress):
                pass
    connection.check_constraints()
    present = {table: before.get(table, 0) + changes.added[table] for table in [*before, *changes.added]}
    return [
        TableCount(table, declared=count, added=changes.added[table], present=count) for table, count in present.items()
    ]


def run_down(
    connection: Any, name: str, pair: ScriptPair, owner: str, entry: SeedEntry, progress: Progress
) -> list[TableCount]:
    """Run the way down as the owner, in the transaction at hand; give what it removed from each table.

    Raises:
        SeedError: a file is missing or wrong, or rows would go or change that the seed did not put there.
    """
    put = {count.table: count.present for count in entry.counts}
    unasked = _Changes()
    with _telling(f"seed {name} was not taken down, and nothing changed"), using_role(connection, owner):
        script = read_script(pair.get("down", connection.vendor))
        with watching(connection) as changes:
            for deletes, each in _iter_run(connection, name, script, progress):
                if deletes:  # a DELETE changes no row by itself: a foreign key's SET NULL or SET DEFAULT did
                    unasked.changed += each.changed
        _check_rows(name, script, put, changes, unasked)
    connection.check_constraints()
    return [TableCount(table, removed=count) for table, count in changes.removed.items()]


def _iter_run(connection: Any, name: str, script: Script, progress: Progress) -> Iterator[tuple[bool, _Changes]]:
    total = script.count
    for number, (statement, line) in enumerate(iter_runnable(script, connection), 1):
        progress.start(f"{name}: statement {number} of {total}")
        deletes = statement.upper().startswith("DELETE")
        with naming_line(script, line), connection.cursor() as cursor:
            if not deletes:
                cursor.execute(statement)
                yield False, _Changes()
                continue
            with watching(connection) as changes:
                cursor.execute(statement)
        yield True, changes


def _check_rows(name: str, script: Script, put: dict[str, int], changes: _Changes, unasked: _Changes) -> None:
    """Raise SeedError where more rows went than the seed had put there, or rows of others lost what they point at.

    Whether a row is the seed's is not known, since SQL gives it what id it likes; how many there were is.
    """
    faults = [
        f"it would delete {rows(count)} of {table}, where the seed put {put.get(table, 0):,}"
        for table, count in sorted(changes.removed.items())
        if count > put.get(table, 0)
    ]
    faults += [
        f"{rows(count)} of {table} would lose what they point at" for table, count in sorted(unasked.changed.items())
    ]
    if faults:
        raise SeedError(
            f"seed {name} not taken down, and nothing changed: {'; '.join(faults)}. Move or delete the rows of others, "
            f"or let {shorten(script.path)} name the seed's own"
        )


def rows(count: int) -> str:
    return f"{count:,} {'row' if count == 1 else 'rows'}"


@contextmanager
def _telling(what: str) -> Iterator[None]:
    """Turn what is wrong with a file into a SeedError that begins with `what`."""
    try:
        yield
    except ScriptFileError as error:
        raise SeedError(f"{what}: {error}") from error


# --- What it did ------------------------------------------------------------------------------------------------------
@dataclass
class _Changes:
    """How many rows were added to, removed from and changed in each table."""

    added: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)


@contextmanager
def watching(connection: Any) -> Iterator[_Changes]:
    """Count what happens inside the block, in one transaction; the counts are there when it ends."""
    changes = _Changes()
    read = _read_postgresql if connection.vendor == "postgresql" else _read_sqlite
    before = read(connection)
    yield changes
    after = read(connection)
    for kind, counts in vars(after).items():
        setattr(changes, kind, counts - getattr(before, kind))
    if connection.vendor != "postgresql":
        # Rows there before and after become rows added and removed; what else was written was changed.
        changes.removed = before.added - after.added
        moved = changes.added.total() + changes.removed.total()
        changes.changed = +Counter({_ELSEWHERE: changes.changed[_ELSEWHERE] - moved})


def _read_postgresql(connection: Any) -> _Changes:
    changes = _Changes()
    with connection.cursor() as cursor:
        cursor.execute(_POSTGRESQL)
        for table, added, removed, changed in cursor.fetchall():
            changes.added[table], changes.removed[table], changes.changed[table] = added, removed, changed
    return changes


def _read_sqlite(connection: Any) -> _Changes:
    """Give how many rows each table has, as `added`, and how many were ever written on this connection."""
    changes = _Changes()
    with connection.cursor() as cursor:
        for tables in iter_batches(connection.introspection.table_names(cursor), _TERMS):
            counts = (f"SELECT %s, count(*) FROM {connection.ops.quote_name(table)}" for table in tables)  # noqa: S608
            cursor.execute(" UNION ALL ".join(counts), tables)
            changes.added.update(dict(cursor.fetchall()))
    changes.changed[_ELSEWHERE] = connection.connection.total_changes
    return changes
