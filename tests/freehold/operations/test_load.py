"""The release before goes on reading and writing while a column changes: nothing fails, and nobody waits for long.

How long is asserted by PostgreSQL: the clients' lock_timeout is longer than an operation may hold or queue for a lock,
and shorter than what any of it takes as a whole.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count

import psycopg
import pytest
from django.db import connections

from tests.freehold.embedded.processes import wait_for
from tests.freehold.migrator.estates import ALIAS, Estate
from tests.freehold.operations.shops import dump, list_wares, open_shop, refuse, run_step, write_steps

pytestmark = pytest.mark.postgresql

WAIT = "1500ms"  # what a client waits for a lock
SHORT = 'lock_timeout="200ms", batch_size=50, pause=0.001'
BOTH = [f'RenameColumn("ware", "name", "title", "{step}", {SHORT}),' for step in ("expand", "contract")]
REQUIRE = f"""SetNotNull("ware", "note", value="'none'", {SHORT}),"""


class Client(threading.Thread):
    """A service's login that runs the same statements again and again until it is told to stop."""

    numbers = count(1)

    def __init__(self, estate: Estate, column: str, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.estate, self.column, self.stop = estate, column, stop
        self.written: list[str] = []
        self.errors: list[str] = []

    def run(self) -> None:
        """Insert, update and read."""
        with psycopg.connect(**{**self.estate.server, "user": "api_rw"}, autocommit=True) as session:
            session.execute("SELECT set_config('lock_timeout', %s, false)", [WAIT])
            while not self.stop.is_set():
                try:
                    self.work(session)
                except psycopg.Error as error:
                    self.errors.append(str(error))
                    return

    def work(self, session: psycopg.Connection) -> None:
        """Make a ware of one's own, change two of those that were there, and look for one's own."""
        number = next(self.numbers)
        name = f"{self.column} {number}"
        statements = (
            (f"INSERT INTO app.ware ({self.column}, size, note) VALUES (%s, 1, '') RETURNING id", [name]),
            (f"UPDATE app.ware SET {self.column} = %s WHERE id = %s", [f"changed {number}", 1 + number % 2000]),
            ("UPDATE app.ware SET size = size + 1 WHERE id = %s", [1 + number * 7 % 2000]),
        )
        for statement, values in statements:
            session.execute(statement, values)
        found = session.execute(f"SELECT count(*) FROM app.ware WHERE {self.column} = %s", [name]).fetchone()
        assert found == (1,)
        self.written.append(name)


@contextmanager
def under_load(estate: Estate, *columns: str) -> Iterator[list[Client]]:
    """Run a client for each column; at the end none has failed, and each has done something."""
    stop = threading.Event()
    clients = [Client(estate, column, stop) for column in columns]
    for client in clients:
        client.start()
    try:
        wait_for(lambda: all(client.written or client.errors for client in clients))
        yield clients
    finally:
        stop.set()
        for client in clients:
            client.join(30)
    assert [error for client in clients for error in client.errors] == []
    assert all(client.written for client in clients)


@pytest.fixture
def shop(estate: Estate) -> Estate:
    """Two thousand wares."""
    open_shop(estate)
    estate.query(
        "INSERT INTO app.ware (name, size, shelf_id, note) "
        "SELECT 'ware ' || n, n, 1 + n % 3, nullif('note', repeat('note', n % 2)) FROM generate_series(11, 2000) n"
    )
    return estate


# --- Both releases ---------------------------------------------------------------------------------------------------
def test_old_release_goes_on_while_a_column_is_doubled_and_both_until_one_is_alone(shop: Estate) -> None:
    write_steps(shop, *BOTH)

    with under_load(shop, "name", "name") as old:
        shop.migrate("meadow", "0002")
    with under_load(shop, "name", "title", "title") as both:
        expanded = dump(shop)
    differing = shop.query("SELECT name, title FROM app.ware WHERE name IS DISTINCT FROM title")
    with under_load(shop, "title", "title") as new:
        shop.migrate("meadow", "0003")

    titles = {title for (title,) in list_wares(shop, "title")}
    assert differing == []
    assert "zz_ware_name_title" in expanded
    assert {name for clients in (old, both, new) for client in clients for name in client.written} <= titles


def test_new_release_goes_on_while_the_old_column_is_made_again_and_the_old_while_the_new_goes(
    shop: Estate,
) -> None:
    write_steps(shop, *BOTH)
    shop.migrate("meadow")

    with under_load(shop, "title", "title"):
        shop.migrate("meadow", "0002")
    differing = shop.query("SELECT name, title FROM app.ware WHERE name IS DISTINCT FROM title")
    with under_load(shop, "name", "name"):
        shop.migrate("meadow", "0001")

    assert differing == []


def test_writers_go_on_while_a_column_is_required(shop: Estate) -> None:
    write_steps(shop, REQUIRE)

    with under_load(shop, "name", "name"):
        shop.migrate("meadow")

    assert shop.query("SELECT count(*) FROM app.ware WHERE note IS NULL") == [(0,)]


# --- What is sent ----------------------------------------------------------------------------------------------------
BRIEF = (  # what reads no row, whatever the table's size
    r'ALTER TABLE "app"."ware" ADD COLUMN \S+ [a-z ]+(\(\d+\))?$',
    r'ALTER TABLE "app"."ware" RENAME COLUMN',
    r'ALTER TABLE "app"."ware" ADD CONSTRAINT .* NOT VALID$',
    r'ALTER TABLE "app"."ware" ADD CONSTRAINT \S+ UNIQUE USING INDEX',
    r'ALTER TABLE "app"."ware" ALTER COLUMN "title" SET NOT NULL$',  # once a valid check proves it
    r'ALTER TABLE "app"."ware" DROP CONSTRAINT',
    r'ALTER TABLE "app"."ware" VALIDATE CONSTRAINT',  # SHARE UPDATE EXCLUSIVE, as the next three
    r"CREATE (UNIQUE )?INDEX CONCURRENTLY",
    r"DROP INDEX CONCURRENTLY",
    r'ANALYZE "app"."ware"',
    r"CREATE OR REPLACE (FUNCTION|TRIGGER)",
    r"COMMENT ON COLUMN",
    r"REVOKE ALL ON FUNCTION",
    r"EXPLAIN ",
    r"\s*(SELECT|UPDATE|SET LOCAL enable_seqscan)",
    r"-- name: ",
    r"(SAVEPOINT|RELEASE SAVEPOINT|ROLLBACK TO SAVEPOINT) ",
)


def test_expansion_sends_no_statement_that_reads_the_table_under_a_lock_that_others_wait_for(shop: Estate) -> None:
    write_steps(shop, BOTH[0])
    sent: list[str] = []

    def keep(execute: Callable[..., object], sql: str, *rest: object) -> object:
        sent.append(str(sql))
        return execute(sql, *rest)

    with connections[ALIAS].execute_wrapper(keep):
        run_step(shop, "0002_step", back=False)

    assert [each for each in sent if not any(re.match(pattern, each) for pattern in BRIEF)] == []
    order = [n for n, each in enumerate(sent) if "VALIDATE" in each or "SET NOT NULL" in each]
    assert "SET NOT NULL" in sent[order[-1]]
    assert "_filled_" in sent[order[-2]]


# --- A transaction that is held open ----------------------------------------------------------------------------------
@pytest.mark.parametrize("operation", [REQUIRE, BOTH[0]])
def test_others_are_not_queued_behind_a_step_that_waits_for_an_open_transaction(operation: str, shop: Estate) -> None:
    write_steps(shop, operation)

    with psycopg.connect(**shop.server) as holder, under_load(shop, "name", "name") as clients:
        holder.execute("SELECT count(*) FROM app.ware")  # an ACCESS SHARE lock, until the transaction ends
        migrating = Migrating(shop)
        migrating.start()
        wait_until(lambda: count_waits(shop) > 0)
        before = [len(client.written) for client in clients]
        wait_until(lambda: all(len(client.written) > n + 20 for client, n in zip(clients, before, strict=True)))
        holder.rollback()
        migrating.join(60)

    assert migrating.error is None
    assert shop.applied[-1] == "meadow.0002_step"


def test_step_that_others_hold_up_for_good_says_who_they_are_and_is_finished_by_running_it_again(
    shop: Estate, settings: object
) -> None:
    write_steps(shop, BOTH[0])
    settings.MIGRATION_RETRIES = 1  # type: ignore[attr-defined]

    with psycopg.connect(**{**shop.server, "user": "api_rw"}) as holder:
        holder.execute("SELECT count(*) FROM app.ware")
        backend = holder.info.backend_pid
        message = refuse(shop)
    shop.migrate("meadow")

    assert message.startswith(f"app.ware is locked by api_rw (backend {backend}, in a transaction for ")
    assert message.endswith(
        "adding column title gave up after 2 attempts of 200ms. End what holds it and run migrate again: what is done "
        "stays done"
    )


def test_index_waits_for_old_transactions_as_long_as_it_must_since_nobody_waits_for_it(shop: Estate) -> None:
    write_steps(shop, BOTH[0].replace('lock_timeout="200ms", ', ""))
    login = f"ALTER ROLE migrator IN DATABASE {shop.server['dbname']}"
    shop.query(f"{login} SET lock_timeout = '1ms'")

    try:
        with psycopg.connect(**shop.server) as holder:
            holder.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            holder.execute("SELECT")  # takes the snapshot that CREATE INDEX CONCURRENTLY waits for
            migrating = Migrating(shop)
            migrating.start()
            wait_until(lambda: migrating.error is not None or is_waiting_for_snapshots(shop))
            holder.rollback()
            migrating.join(60)
    finally:
        shop.query(f"{login} RESET lock_timeout")

    assert migrating.error is None


def is_waiting_for_snapshots(estate: Estate) -> bool:
    """Tell whether the migrator waits for another transaction to end, and for no lock on a table."""
    ((waits,),) = estate.query(
        "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE NOT l.granted "
        "AND a.usename = 'migrator' AND l.locktype = 'virtualxid'"
    )
    return bool(waits)


class Migrating(threading.Thread):
    """`migrate` in a thread of its own, on a connection of its own."""

    def __init__(self, estate: Estate) -> None:
        super().__init__(daemon=True)
        self.estate = estate
        self.error: BaseException | None = None

    def run(self) -> None:
        """Migrate, and keep what went wrong."""
        try:
            self.estate.migrate("meadow")
        except BaseException as error:  # told to the test
            self.error = error
        finally:
            connections.close_all()


def count_waits(estate: Estate) -> int:
    """Give how many sessions of the migrator wait for a lock on the table."""
    ((waits,),) = estate.query(
        "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE NOT l.granted "
        "AND a.usename = 'migrator' AND l.relation = 'app.ware'::regclass"
    )
    return int(waits)


def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so; a test that hangs would say less."""
    for _ in range(1200):
        if is_so():
            return
        threading.Event().wait(0.05)
    raise AssertionError("it was not so for a minute")
