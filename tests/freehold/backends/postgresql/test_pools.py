"""Django's pool under load: more threads than it has connections, each of them answered, none of them past the pool."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from threading import Event, Lock, Semaphore
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connections
from pytest_django import DjangoDbBlocker

from freehold.backends.postgresql import pools
from freehold.databases.pools import parse_pool
from freehold.services import acting_as
from tests.freehold.backends.conftest import open_alias
from tests.freehold.backends.postgresql.test_contexts import ANN
from tests.freehold.backends.postgresql.test_poolers import get_direct_entry

pytestmark = pytest.mark.postgresql
ALIAS = "pooled"
ASK = "SELECT pg_backend_pid(), current_user::text, pg_sleep(0.002)"


@pytest.fixture
def pooled(db: None, django_db_blocker: DjangoDbBlocker, request: pytest.FixtureRequest) -> Iterator[Any]:
    """A database with the pool that the URL would make."""
    entry, params = get_direct_entry("all_rw")
    entry |= {"HOST": params["host"], "PORT": str(params["port"])}
    entry["OPTIONS"] |= {"pool": parse_pool(request.param), "passfile": params["passfile"]}
    with django_db_blocker.unblock(), open_alias(ALIAS, entry) as found:
        yield found
        found.close()
        found.close_pool()


def answer(service: str) -> tuple[int, str]:
    """Do what a request does, in a thread of its own: ask as a service, and let the connection go."""
    try:
        with acting_as(service, ANN), connections[ALIAS].cursor() as cursor:
            cursor.execute(ASK)
            pid, login, _ = cursor.fetchone()
            return pid, login
    finally:
        connections[ALIAS].close()


@pytest.mark.parametrize("pooled", ["max_size:2", "min_size:0,max_size:3,timeout:60"], indirect=True)
def test_more_requests_than_connections_are_all_answered(pooled: Any) -> None:
    asked = ["web", "api", "admin"] * 100
    with ThreadPoolExecutor(24) as threads:
        answers = list(threads.map(answer, asked))

    assert [login for _, login in answers] == [f"{service}_rw" for service in asked]
    assert len({pid for pid, _ in answers}) <= pooled.pool.max_size


@pytest.mark.parametrize("pooled", ["max_size:2,timeout:1"], indirect=True)
def test_request_that_gets_none_in_time_is_an_operational_error_and_the_next_goes_on(pooled: Any) -> None:
    """Which pages answer with 503 (tests/config/test_pool_pages.py)."""
    done = Event()

    def hold() -> int:
        with acting_as("api", ANN), connections[ALIAS].cursor() as cursor:
            cursor.execute(ASK)
            held.append(None)
            if len(held) == 2:
                full.set()
            done.wait()
        connections[ALIAS].close()
        return 1

    held: list[None] = []
    full = Event()
    with ThreadPoolExecutor(2) as threads:
        holders = [threads.submit(hold) for _ in range(2)]
        try:
            full.wait()
            with pytest.raises(OperationalError, match="couldn't get a connection after"):
                answer("web")
        finally:
            done.set()
        assert [each.result() for each in holders] == [1, 1]

    assert answer("web")[1] == "web_rw"


@pytest.mark.parametrize("pooled", ["max_size:1,max_waiting:1"], indirect=True)
def test_request_beyond_those_that_may_wait_is_refused_at_once(pooled: Any) -> None:
    """`max_waiting` keeps a queue from growing: psycopg_pool calls what is over it too many requests."""
    done, holding = Event(), Event()

    def hold() -> None:
        with acting_as("api", ANN), connections[ALIAS].cursor() as cursor:
            cursor.execute(ASK)
            holding.set()
            done.wait()
        connections[ALIAS].close()

    with ThreadPoolExecutor(4) as threads:
        holder = threads.submit(hold)
        try:
            holding.wait()
            asked = [threads.submit(answer, "web") for _ in range(2)]
            refused, waiting = wait(asked, return_when=FIRST_COMPLETED)
            with pytest.raises(OperationalError, match="requests waiting"):
                refused.pop().result()
        finally:
            done.set()
        holder.result()
        assert waiting.pop().result()[1] == "web_rw"


WRONG = [
    ("password", {"PASSWORD": "wrong", "OPTIONS": {}}, "password authentication failed"),
    ("port", {"PORT": "1"}, "Connection refused"),
    ("database", {"NAME": "no_such_database"}, 'database "no_such_database" does not exist'),
]


@pytest.mark.parametrize("pooled", ["timeout:600"], indirect=True)
@pytest.mark.parametrize(("what", "change", "words"), WRONG)
def test_pool_that_can_not_open_says_why_and_does_not_wait(
    pooled: Any, what: str, change: dict[str, Any], words: str
) -> None:
    """Its timeout is that of the suite: a wait for the pool would end the test."""
    options = pooled.settings_dict["OPTIONS"]
    kept = {name: value for name, value in options.items() if what != "password" or name != "passfile"}
    pooled.settings_dict |= {**change, "OPTIONS": kept}

    with pytest.raises(OperationalError, match=words):
        pooled.ensure_connection()

    assert pooled.pool.closed


@pytest.mark.parametrize("pooled", ["max_size:2"], indirect=True)
def test_threads_that_open_a_pool_together_make_one_trial(pooled: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[None] = []
    connect = psycopg.connect

    def trying(**params: Any) -> Any:
        tried.append(None)
        return connect(**params)

    monkeypatch.setattr(psycopg, "connect", trying)
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(answer, ["web"] * 8))

    assert {login for _, login in answers} == {"web_rw"}
    assert len(tried) == 1


@pytest.mark.parametrize("pooled", ["max_size:2,timeout:1"], indirect=True)
def test_threads_share_a_trial_that_failed_and_it_ends_with_the_pools_timeout(
    pooled: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[int] = []
    ended, waiting = Event(), Semaphore(0)

    def trying(**params: Any) -> Any:
        tried.append(params["connect_timeout"])
        ended.wait()
        raise psycopg.OperationalError("nobody answers")

    class Counted:
        """A lock that tells of each thread which comes to it."""

        def __init__(self) -> None:
            self.lock = Lock()

        def __enter__(self) -> None:
            waiting.release()
            self.lock.acquire()

        def __exit__(self, *ignored: object) -> None:
            self.lock.release()

    monkeypatch.setattr(psycopg, "connect", trying)
    opening = pools._OPENINGS[ALIAS] = pools._Opening()
    monkeypatch.setattr(opening, "lock", Counted())
    with ThreadPoolExecutor(4) as threads:
        asked = [threads.submit(answer, "web") for _ in range(4)]
        for _ in range(4):
            waiting.acquire()
        ended.set()

    assert [str(each.exception()) for each in asked] == ["nobody answers"] * 4
    assert tried == [1]
