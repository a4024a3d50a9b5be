"""Typed SQL beside other ways to the same rows, all as `api_rw` under policies, in one process and one session.

    python -m benchmarks.typed_sql

- A list of 50 items with their category: the ORM, `.values()`, Django's cursor, psycopg by hand, typed SQL. By hand is
  the cheapest that psycopg's own interface gives with who asks told in the same transaction: its pipeline, binary, the
  same rows made of the same class.
- A load of 100,000 items with an upsert under a policy, over a bare binary COPY of the same values into a table like it
  without: with indexes, constraints and keys of `app.items`, and of a table that has a primary key and no more.
- Page 20,000 of 1,000,000 rows over page 1.

Prints ratios of CPU time, of the application and of its PostgreSQL backend together, each of medians of many rounds in
turn.
"""

from __future__ import annotations

import datetime
import gc
import os
import statistics
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
import psutil
import psycopg

from benchmarks.request import SEAL, get_seconds
from benchmarks.server import migrated_server
from freehold import embedded
from freehold.backends.postgresql.named import HELD
from freehold.queries import Column, Parameter, Query, Segment, Sort

ROUNDS = int(os.environ.get("ROUNDS", "31"))
CALLS = 40  # of each kind in a round
ROWS, PAGED, LIMIT = 100_000, 1_000_000, 50
MEASURE = "--measure"
NAMED = "psycopg by hand, named, which no pooler bears"
LIMITS = {"list": 1.10, "load": 0.85, "page": 1.2}
COLUMNS = "i.id, i.name, i.price, i.currency, i.created_at, c.id, c.name"
FROM = "FROM app.items i JOIN master.categories c ON c.id = i.category_id WHERE i.is_active ORDER BY i.created_at DESC"
LIST = f"SELECT {COLUMNS} {FROM} LIMIT 50"
TELL = (
    "SELECT pg_catalog.set_config('freehold.proof', %s, true), pg_catalog.set_config('freehold.tenant_id', %s, true), "
    "pg_catalog.set_config('application_name', %s, true)"
)
TABLES = ("app.bench_held", "app.bench_bare", "app.bench_held_items", "app.bench_bare_items")
MAKE_TABLES = """
    CREATE TABLE app.bench_held (id uuid PRIMARY KEY, user_id uuid NOT NULL, category_id uuid NOT NULL,
        name text NOT NULL, price numeric(12,2) NOT NULL, created_at timestamptz NOT NULL);
    CREATE TABLE app.bench_bare (LIKE app.bench_held INCLUDING INDEXES);
    CREATE TABLE app.bench_held_items (LIKE app.items INCLUDING ALL, FOREIGN KEY (user_id) REFERENCES auth."user",
        FOREIGN KEY (category_id) REFERENCES master.categories);
    CREATE TABLE app.bench_bare_items (LIKE app.items INCLUDING ALL, FOREIGN KEY (user_id) REFERENCES auth."user",
        FOREIGN KEY (category_id) REFERENCES master.categories);
    CREATE TABLE app.bench_paged (LIKE app.bench_held INCLUDING INDEXES);
    INSERT INTO app.bench_paged SELECT gen_random_uuid(), '{user}', gen_random_uuid(), 'item ' || n, n % 100,
        timestamptz '2026-01-01Z' + n % 500000 * interval '1 minute' FROM generate_series(1, {paged}) n;
    CREATE INDEX ON app.bench_paged (created_at DESC, id DESC);
    VACUUM ANALYZE app.bench_paged;
"""
PROTECT = """
    ALTER TABLE app.{table} ENABLE ROW LEVEL SECURITY;
    CREATE POLICY own ON app.{table} TO api_rw
        USING (user_id = (SELECT {asking})) WITH CHECK (user_id = (SELECT {asking}));
"""


class CategoryRow(msgspec.Struct, frozen=True):
    id: UUID
    name: str


class ItemRow(msgspec.Struct, frozen=True):
    id: UUID
    name: str
    price: Decimal
    currency: str
    created_at: datetime.datetime
    category: CategoryRow


class BenchRow(msgspec.Struct, frozen=True):
    id: UUID
    user_id: UUID
    category_id: UUID
    name: str
    price: Decimal
    created_at: datetime.datetime


TYPES = {
    "id": "uuid",
    "user_id": "uuid",
    "category_id": "uuid",
    "name": "text",
    "price": "numeric(12,2)",
    "created_at": "timestamptz",
}
LIST_ITEMS: Query[ItemRow] = Query(
    "benchmarks/list_items.sql",
    "many",
    (Segment(LIST),),
    ItemRow,
    columns=(
        Column("id", "uuid"),
        Column("name", "varchar"),
        Column("price", "numeric(12,2)"),
        Column("currency", "varchar"),
        Column("created_at", "timestamptz"),
        Column("category.id", "uuid"),
        Column("category.name", "varchar"),
    ),
)
LOADS: dict[str, Query[None]] = {
    table: Query(
        "benchmarks/load.sql",
        "load",
        (
            Segment(f"INSERT INTO app.bench_held{table} (", role="columns"),
            Segment(")"),
            Segment("", role="rows"),
            Segment("ON CONFLICT (id) DO UPDATE SET name = excluded.name, price = excluded.price"),
        ),
        parameters=tuple(Parameter(name, kind) for name, kind in TYPES.items()),
    )
    for table in ("", "_items")
}
LIST_PAGED: Query[BenchRow] = Query(
    "benchmarks/list_paged.sql",
    "many",
    (
        Segment(
            "SELECT b.id, b.user_id, b.category_id, b.name, b.price, b.created_at FROM app.bench_paged b WHERE true"
        ),
        Segment("", role="after"),
        Segment("", role="order"),
    ),
    BenchRow,
    columns=tuple(Column(name, kind) for name, kind in TYPES.items()),
    sorts={"newest": Sort((("b.created_at", "timestamptz", "DESC"), ("b.id", "uuid", "DESC")), (5, 0))},
    page=(LIMIT, LIMIT),
)


def main() -> None:
    """Print the ratios, against a server of the benchmark's own."""
    with migrated_server(DEBUG="1") as (server, environment):
        command = [sys.executable, "-m", "benchmarks.typed_sql", MEASURE, server]
        subprocess.run(command, check=True, env={**environment, "SERVICE": "api"})


def measure(server: str) -> None:
    """Measure all three as a user whose ticket the database sealed."""
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection

    from freehold.acting.principals import LazyPrincipal
    from freehold.services import acting_as

    settings.DEBUG = False
    admin = psycopg.connect(embedded.get_url(server), autocommit=True)
    user, ticket = prepare(admin)
    connection.settings_dict["CONN_MAX_AGE"] = None  # a connection that is kept, on which statements get names
    with acting_as("api", LazyPrincipal(ticket)):
        connection.ensure_connection()
        backend = psutil.Process(connection.connection.info.backend_pid)
        print_lists(backend, ticket)
        print_requests(backend)
        print_pages(backend, admin)
        for table, says in {"_items": "as app.items", "": "with a primary key alone"}.items():
            print_load(backend, admin, UUID(user), table, says)


def prepare(admin: psycopg.Connection) -> tuple[str, str]:
    """Make the tables; give a user and their ticket."""
    from config.ownership import OWNERSHIP
    from freehold.ownership.proofs import write_asking

    (user,) = admin.execute("SELECT user_id::text FROM app.items LIMIT 1").fetchone() or ("",)
    (ticket,) = admin.execute(SEAL, ["user", user, "", "api_rw", 60]).fetchone() or ("",)
    for statement in MAKE_TABLES.format(user=user, paged=PAGED).split(";")[:-1]:
        admin.execute(statement)
    for table in ("bench_held", "bench_held_items", "bench_paged"):
        admin.execute(PROTECT.format(table=table, asking=write_asking(OWNERSHIP, "user")))
    admin.execute(f"GRANT SELECT, INSERT, UPDATE ON {', '.join(TABLES)}, app.bench_paged TO api_rw")
    return user, ticket


# --- A list of 50 ----------------------------------------------------------------------------------------------------
def print_lists(backend: psutil.Process, ticket: str) -> None:
    """Print what each way to the list takes over psycopg by hand."""
    sides = make_lists(ticket)
    for name, side in sides.items():
        assert name.endswith("JSON") or len(side()) == 50
    spent = compare(backend, sides, CALLS, ROUNDS)
    hand, named = spent["psycopg by hand"], spent[NAMED]
    print("50 items with their category, CPU of application and server's session:")
    for name, seconds in spent.items():
        limit = f" (limit {LIMITS['list']})" if name.startswith("typed SQL") and "JSON" not in name else ""
        print(f"    {name}: {seconds / hand:.2f} of psycopg by hand{limit}; {seconds / CALLS * 1e6:,.0f} µs")
    print(f"typed SQL over psycopg by hand, both named: {spent['typed SQL'] / named:.2f} (limit {LIMITS['list']})")


def print_requests(backend: psutil.Process) -> None:
    """Print what a list takes with what puts the connection back behind it, with names and without."""
    from django.db import connection

    def serve() -> None:
        LIST_ITEMS.fetch_many({})
        assert connection.kept.restore()  # type: ignore[attr-defined]  # of this engine's backend

    def serve_unnamed() -> None:
        without_names(serve)()
        getattr(connection.connection, HELD).doubt()  # what was put back so has none

    sides = {"named": serve, "unnamed": serve_unnamed}
    spent = compare(backend, sides, CALLS, ROUNDS)
    print(
        f"one list a request, and the connection put back: {spent['named'] / spent['unnamed']:.2f} of the same without "
        f"names; {spent['named'] / CALLS * 1e6:,.0f} µs over {spent['unnamed'] / CALLS * 1e6:,.0f} µs"
    )


def make_lists(ticket: str) -> dict[str, Callable[[], Any]]:
    """Give each way to read the list."""
    from django.db import connection

    from items.models import Item

    fields = ("id", "name", "price", "currency", "created_at", "category__id", "category__name")
    wanted = Item.objects.filter(is_active=True).order_by("-created_at")

    def read_by_cursor() -> Any:
        with connection.cursor() as cursor:
            cursor.execute(LIST)
            return cursor.fetchall()

    raw: Any = connection.connection

    def read_by_hand(make: Any) -> Any:
        with raw.pipeline():
            psycopg.Cursor(raw).execute(TELL, [ticket, "", ""])
            cursor = psycopg.Cursor(raw, row_factory=make)
            cursor.execute(LIST, binary=True)
            return cursor.fetchall()

    def read_prepared() -> Any:
        raw.prepare_threshold = 0
        try:
            return read_by_hand(make_row)
        finally:
            raw.prepare_threshold = None

    def make_row(cursor: Any) -> Any:
        return lambda each: ItemRow(each[0], each[1], each[2], each[3], each[4], CategoryRow(each[5], each[6]))

    return {
        "ORM": lambda: list(wanted.select_related("category").only(*fields)[:50]),
        ".values()": lambda: list(wanted.values(*fields)[:50]),
        "Django's cursor": read_by_cursor,
        "psycopg by hand": lambda: read_by_hand(make_row),
        "psycopg by hand, tuples": lambda: read_by_hand(psycopg.rows.tuple_row),
        NAMED: read_prepared,
        "typed SQL without names": without_names(lambda: LIST_ITEMS.fetch_many({})),
        "typed SQL": lambda: LIST_ITEMS.fetch_many({}),
        "typed SQL, as JSON": lambda: LIST_ITEMS.fetch_many_json({}),
    }


def without_names(read: Callable[[], Any]) -> Callable[[], Any]:
    """Give the same as it is on a connection of one request, or behind a pooler."""
    from django.db import connection

    raw: Any = connection.connection

    def run() -> Any:
        names = getattr(raw, HELD)
        delattr(raw, HELD)
        try:
            return read()
        finally:
            setattr(raw, HELD, names)

    return run


# --- Pages -----------------------------------------------------------------------------------------------------------
def print_pages(backend: psutil.Process, admin: psycopg.Connection) -> None:
    """Print what the last page takes over the first."""
    from freehold.queries.cursors import write_cursor
    from freehold.queries.joining import Combination

    row = admin.execute(
        "SELECT created_at, id FROM app.bench_paged ORDER BY created_at DESC, id DESC OFFSET %s LIMIT 1",
        [PAGED - LIMIT - 1],
    ).fetchone()
    after = write_cursor("", LIST_PAGED.file, Combination(sort="newest"), LIST_PAGED.sorts["newest"], row or ())
    spent = compare(
        backend,
        {"first": lambda: LIST_PAGED.fetch_page({}), "last": lambda: LIST_PAGED.fetch_page({}, after=after)},
        CALLS,
        ROUNDS,
    )
    assert len(LIST_PAGED.fetch_page({}, after=after).rows) == LIMIT
    print(
        f"page {PAGED // LIMIT:,} of {PAGED:,} rows over page 1: {spent['last'] / spent['first']:.2f} "
        f"(limit {LIMITS['page']}); {spent['last'] / CALLS * 1e6:,.0f} µs over {spent['first'] / CALLS * 1e6:,.0f} µs"
    )


# --- Loads -----------------------------------------------------------------------------------------------------------
def print_load(backend: psutil.Process, admin: psycopg.Connection, user: UUID, table: str, says: str) -> None:
    """Print the rows a second of a load over those of the bare COPY, of CPU time."""
    from django.db import connection

    (category,) = admin.execute("SELECT id FROM master.categories LIMIT 1").fetchone() or (None,)
    rows = list(iter_rows(user, category))
    values = [msgspec.structs.astuple(row) for row in rows]
    raw: Any = connection.connection

    def copy() -> None:
        text = f"COPY app.bench_bare{table} ({', '.join(TYPES)}) FROM STDIN (FORMAT BINARY)"
        with psycopg.Cursor(raw) as cursor, cursor.copy(text) as copying:
            copying.set_types([kind.partition("(")[0] for kind in TYPES.values()])
            for each in values:
                copying.write_row(each)

    def clear() -> None:
        admin.execute(f"TRUNCATE {', '.join(TABLES)}")
        admin.execute("CHECKPOINT")

    sides = {"bare COPY": copy, "load": lambda: LOADS[table].load(rows)}
    spent = compare(backend, sides, 1, max(ROUNDS // 3, 5), clear)
    print(
        f"load of {ROWS:,} rows with an upsert under a policy, {says}, rows a second over a bare binary COPY: "
        f"{spent['bare COPY'] / spent['load']:.2f} (limit: at least {LIMITS['load']}); "
        f"{spent['load']:.2f} s over {spent['bare COPY']:.2f} s of CPU"
    )


def iter_rows(user: UUID, category: Any) -> Iterator[BenchRow]:
    start = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    for number in range(ROWS):
        moment = start + datetime.timedelta(seconds=number)
        yield BenchRow(uuid.uuid4(), user, category, f"item {number}", Decimal(number) / 4, moment)


# --- CPU -------------------------------------------------------------------------------------------------------------
def compare(
    backend: psutil.Process,
    sides: dict[str, Callable[[], Any]],
    calls: int,
    rounds: int,
    ready: Callable[[], object] = lambda: None,
) -> dict[str, float]:
    """Give the seconds of CPU, of this process and its backend, that the calls of a round take: medians of all."""
    spent: dict[str, list[float]] = {side: [] for side in sides}
    gc.collect()
    gc.freeze()
    for turn in range(rounds + 1):
        for name in sides if turn % 2 else reversed(sides):
            ready()
            gc.collect()
            started = get_seconds(backend)
            for _ in range(calls):
                sides[name]()
            if turn:  # the first round fills caches
                spent[name].append(get_seconds(backend) - started)
    return {name: statistics.median(taken) for name, taken in spent.items()}


if __name__ == "__main__":
    measure(sys.argv[-1]) if MEASURE in sys.argv else main()
