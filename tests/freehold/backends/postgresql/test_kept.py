"""What one principal's statements leave on a connection that serves another: nothing, or the connection is closed."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from django.db.backends.signals import connection_created
from pytest_django import DjangoDbBlocker

from freehold.acting import acting
from freehold.passfile import find_password
from freehold.services import acting_as
from tests.freehold.backends.conftest import open_alias
from tests.freehold.backends.postgresql.poolers import PROGRAM, running_pgbouncer
from tests.freehold.backends.postgresql.test_contexts import ANN, AS_BEN, BEN, ask, ask_beside, get_backend
from tests.freehold.backends.postgresql.test_poolers import get_direct_entry
from tests.freehold.backends.postgresql.wire import tracing
from tests.seeded import execute_as_superuser

pytestmark = pytest.mark.postgresql

LEFT = [
    "SET statement_timeout = '100s'",
    "SELECT set_config('statement_timeout', '100s', false)",
    "SET row_security = off",
    "SET search_path = pg_temp, app",
    "SET default_transaction_read_only = on",
    "SET application_name = 'left'",
    "SET standard_conforming_strings = off",
    "SELECT set_config('freehold.user_id', '00000000-0000-4000-8000-0000000000ff', false)",
    "SET ROLE admin_rw",
    "PREPARE _pg3_0 AS SELECT 1",
    "DECLARE left_over CURSOR WITH HOLD FOR SELECT 1",
    "LISTEN left_over",
    "SELECT pg_advisory_lock(4711)",
    "SELECT pg_advisory_lock_shared(1, 2)",
]
FOUND = """
SELECT array_agg(format('%s=%s', name, setting) ORDER BY name)
    FILTER (WHERE source NOT IN ('default', 'override') AND name <> 'application_name' OR setting = 'left'),
    current_user::text, coalesce(current_setting('freehold.user_id', true), ''),
    (SELECT count(*) FROM pg_prepared_statements WHERE from_sql), (SELECT count(*) FROM pg_cursors WHERE is_holdable),
    (SELECT count(*) FROM pg_listening_channels()),
    (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid())
FROM pg_settings
"""


@pytest.fixture
def kept(db: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Any]:
    """A connection that is kept from one request to the next."""
    entry = deepcopy(connection.settings_dict) | {"CONN_MAX_AGE": None}
    with django_db_blocker.unblock(), open_alias("kept", entry) as found:
        yield found


@pytest.mark.parametrize("statement", LEFT)
def test_statement_leaves_nothing_on_a_kept_connection(kept: Any, statement: str) -> None:
    kept.ensure_connection()
    before, backend = ask_beside(kept, FOUND), get_backend(kept)
    with acting_as("api", ANN), kept.cursor() as cursor:
        cursor.execute(statement)
        assert ask_beside(kept, FOUND) != before
    kept.close_if_unusable_or_obsolete()

    with acting_as("web", BEN, request_id="r2"):
        assert ask(kept) == AS_BEN
    assert ask_beside(kept, FOUND) == before
    assert get_backend(kept) == backend


def test_pools_connection_whose_session_has_ended_says_so(kept: Any) -> None:
    backend = get_backend(kept)
    execute_as_superuser(f"SELECT pg_terminate_backend({backend})")
    vars(kept.connection).pop("freehold_found", None)  # as a pool hands it out that opened it
    with acting_as("api", ANN), pytest.raises(psycopg.OperationalError, match="terminating connection"):
        kept.kept.remember()


@pytest.mark.parametrize("begin", ["BEGIN", "START TRANSACTION READ ONLY"])
def test_connection_with_a_transaction_left_open_is_closed(kept: Any, begin: str) -> None:
    backend = get_backend(kept)
    with acting_as("api", ANN), kept.cursor() as cursor:
        cursor.execute(begin)
    kept.close_if_unusable_or_obsolete()

    with acting_as("web", BEN, request_id="r2"):
        assert ask(kept) == AS_BEN
    assert get_backend(kept) != backend


def test_connection_that_can_not_be_put_back_is_closed(kept: Any) -> None:
    backend = get_backend(kept)
    with acting_as("api", ANN), kept.cursor() as cursor:
        cursor.execute("SELECT 1")
    kept.connection.pgconn.finish()
    kept.close_if_unusable_or_obsolete()

    assert get_backend(kept) != backend


def test_what_was_set_when_the_connection_was_opened_stays(kept: Any) -> None:
    def set_up(connection: Any, **unused: Any) -> None:
        if connection.alias == "kept":
            connection.connection.execute("SET lock_timeout = '7s'")

    connection_created.connect(set_up)
    try:
        kept.close()
        with acting_as("api", ANN):
            ask(kept, "SELECT set_config('lock_timeout', '8s', false), set_config('TimeZone', 'Asia/Tokyo', false)")
        kept.close_if_unusable_or_obsolete()
    finally:
        connection_created.disconnect(set_up)

    shown = "SELECT current_setting('lock_timeout'), current_setting('TimeZone')"
    assert ask_beside(kept, shown) == ("7s", kept.timezone_name)


def test_cursor_of_an_abandoned_iterator_is_not_on_the_server(kept: Any) -> None:
    with acting_as("api", ANN):
        cursor = kept.chunked_cursor()
        cursor.execute("SELECT generate_series(1, 10000)")
        assert next(iter(cursor.fetchmany(1))) == (1,)

        assert ask(kept, "SELECT count(*) FROM pg_cursors WHERE name <> ''") == (0,)
        with transaction.atomic(using="kept"), kept.chunked_cursor() as inside:
            inside.execute("SELECT generate_series(1, 10000)")
            assert ask(kept, "SELECT count(*) FROM pg_cursors WHERE name <> '' AND NOT is_holdable") == (1,)


def test_connection_that_no_service_used_is_not_asked(kept: Any, tmp_path: Path) -> None:
    with acting(None):
        kept.ensure_connection()
        with tracing(kept, tmp_path) as wire:
            kept.close_if_unusable_or_obsolete()
    with acting_as("api", ANN):
        ask(kept)
    kept.close_if_unusable_or_obsolete()
    with tracing(kept, tmp_path) as again:
        kept.close_if_unusable_or_obsolete()

    assert wire.list_sent("Query", "Parse") == again.list_sent("Query", "Parse") == []


def test_connection_opened_for_nobody_is_closed_after_a_service(kept: Any) -> None:
    with acting(None):
        kept.close()
        kept.ensure_connection()
        backend = kept.connection.info.backend_pid
    with acting_as("api", ANN):
        ask(kept)
    kept.close_if_unusable_or_obsolete()

    assert get_backend(kept) != backend


# --- Django's pool ----------------------------------------------------------------------------------------------------
@pytest.fixture
def pooled(db: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Any]:
    """A connection of Django's pool, which holds one."""
    pytest.importorskip("psycopg_pool")
    entry, params = get_direct_entry("all_rw")
    entry |= {"HOST": params["host"], "PORT": str(params["port"])}
    entry["OPTIONS"] |= {"pool": {"min_size": 1, "max_size": 1}, "passfile": params["passfile"]}
    with django_db_blocker.unblock(), open_alias("pooled", entry) as found:
        yield found
        found.close()
        found.close_pool()


@pytest.mark.parametrize("statement", LEFT)
def test_statement_leaves_nothing_in_djangos_pool(pooled: Any, statement: str) -> None:
    pooled.ensure_connection()
    before, backend = ask_beside(pooled, FOUND), get_backend(pooled)
    with acting_as("api", ANN), pooled.cursor() as cursor:
        cursor.execute(statement)
    pooled.close()  # back into the pool

    with acting_as("web", BEN, request_id="r2"):
        assert ask(pooled) == AS_BEN
    assert ask_beside(pooled, FOUND) == before
    assert get_backend(pooled) == backend


def test_pool_throws_away_a_connection_with_an_open_transaction(pooled: Any) -> None:
    backend = get_backend(pooled)
    with acting_as("api", ANN), pooled.cursor() as cursor:
        cursor.execute("BEGIN")
    pooled.close()

    with acting_as("web", BEN, request_id="r2"):
        assert ask(pooled) == AS_BEN
        assert get_backend(pooled) != backend


# --- pgbouncer --------------------------------------------------------------------------------------------------------
@pytest.fixture
def pooler(db: None, tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[list[Any]]:
    """Two clients of one pooler, which makes the one connection for both as new before the other has it."""
    if not PROGRAM:
        pytest.skip("pgbouncer is not installed: apt-get install pgbouncer")
    entry, params = get_direct_entry("all_rw")
    password = find_password(Path(params["passfile"]), user="all_rw", host=params["host"])
    with (
        running_pgbouncer(tmp_path, params, {"all_rw": str(password)}, resets=True) as port,
        django_db_blocker.unblock(),
        open_alias("one", entry | {"HOST": "127.0.0.1", "PORT": str(port)}) as one,
        open_alias("two", deepcopy(entry) | {"HOST": "127.0.0.1", "PORT": str(port)}) as two,
    ):
        yield [one, two]


@pytest.mark.parametrize("statement", LEFT)
def test_statement_leaves_nothing_behind_pgbouncer(pooler: list[Any], statement: str) -> None:
    one, two = pooler
    backend = get_backend(two)
    before = ask_beside(two, FOUND)
    with acting_as("api", ANN), one.cursor() as cursor:
        cursor.execute(statement)

    with acting_as("web", BEN, request_id="r2"):
        assert ask(two) == AS_BEN
    assert ask_beside(two, FOUND) == before
    assert get_backend(two) == backend
