"""A site with Django's pool: under load it answers, and where the pool stays empty it says that it can't."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.config.processes import PRODUCTION, READY_WITHIN, Site, Visitor, make_url, serving
from tests.freehold.embedded.processes import wait_for
from tests.freehold.estates import get_server

pytestmark = [pytest.mark.postgresql, pytest.mark.xdist_group("processes")]
PLAIN = {**PRODUCTION, "HTTPS": "0", "DJANGO_SETTINGS_MODULE": "config.settings"}  # Django pools no kept connections
# Of this database alone: a copy's tables have the numbers of the one it was copied from.
WAITING = """
    SELECT count(*) = 2 FROM pg_locks WHERE NOT granted AND relation = 'app.items'::regclass
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
ENDLESS = "-c lock_timeout=0 -c statement_timeout=0"


@pytest.fixture
def root(seeded_database: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(**{**get_server(), "dbname": seeded_database}, autocommit=True) as found:
        yield found


def ask(connection: psycopg.Connection, statement: str) -> Any:
    row = connection.execute(statement).fetchone()
    return row and row[0]


def get_status(site: Site, address: str = "/items/") -> int:
    return Visitor().open(site.url + address).status


def test_requests_beyond_the_pool_are_all_answered(
    seeded_database: str, tmp_path: Path, root: psycopg.Connection
) -> None:
    """A pool that opened more than its two connections would keep them for minutes."""
    url = make_url(seeded_database, application_name="pooled", pool="max_size:2,timeout:60")
    with serving(tmp_path, "api", url, threads=12, **PLAIN) as site, ThreadPoolExecutor(24) as visitors:
        statuses = list(visitors.map(lambda _: get_status(site), range(96)))

        assert statuses == [200] * 96
        assert ask(root, "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pooled'") == 2


@pytest.mark.parametrize("address", ["/items/", "/items/places/"])
def test_request_that_the_pool_has_nothing_for_is_a_503_and_the_next_is_answered(
    seeded_database: str, tmp_path: Path, root: psycopg.Connection, address: str
) -> None:
    url = make_url(seeded_database, pool="max_size:2,timeout:1", options=ENDLESS)
    with serving(tmp_path, "api", url, threads=6, **PLAIN) as site, ThreadPoolExecutor(2) as visitors:
        with psycopg.connect(**{**get_server(), "dbname": seeded_database}) as owner:
            owner.execute("LOCK TABLE app.items IN ACCESS EXCLUSIVE MODE")
            holding = [visitors.submit(get_status, site) for _ in range(2)]
            wait_for(lambda: ask(root, WAITING), READY_WITHIN)

            assert get_status(site, address) == 503
            assert get_status(site, "/readyz") == 503
            assert "couldn't get a connection after 1.00 sec" in site.said

        assert [each.result() for each in holding] == [200, 200]
        assert get_status(site, address) == 200
