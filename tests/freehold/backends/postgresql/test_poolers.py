"""Connections that several principals use in turn: Django's own pool, and pgbouncer in transaction mode."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction
from pytest_django import DjangoDbBlocker

from freehold.acting import Principal, acting
from freehold.passfile import find_password
from freehold.services import acting_as
from tests.freehold.backends.conftest import open_alias
from tests.freehold.backends.postgresql.poolers import PROGRAM, running_pgbouncer
from tests.freehold.backends.postgresql.test_contexts import WHO, ask, get_backend

pytestmark = pytest.mark.postgresql

NOBODY = ("all_rw", "", "", "", "")


def make_principal(number: int) -> Principal:
    return Principal("user", user_id=f"00000000-0000-4000-8000-{number:012}")


def get_direct_entry(login: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give the test database's settings with nothing of the embedded server's, and its address."""
    params = connection.get_connection_params()
    entry = deepcopy(connection.settings_dict) | {"SWITCH_LOGIN": False, "USER": login}
    entry["OPTIONS"] = {"schemas": entry["OPTIONS"]["schemas"]}
    return entry, params


@pytest.fixture
def through_pgbouncer(db: None, tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[list[Any]]:
    """Two clients of one pooler, which has one connection to the server for both."""
    if not PROGRAM:
        pytest.skip("pgbouncer is not installed: apt-get install pgbouncer")
    entry, params = get_direct_entry("all_rw")
    password = find_password(Path(params["passfile"]), user="all_rw", host=params["host"])
    with (
        running_pgbouncer(tmp_path, params, {"all_rw": str(password)}) as port,
        django_db_blocker.unblock(),
        open_alias("one", entry | {"HOST": "127.0.0.1", "PORT": str(port)}) as one,
        open_alias("two", deepcopy(entry) | {"HOST": "127.0.0.1", "PORT": str(port)}) as two,
    ):
        yield [one, two]


def test_clients_of_a_transaction_pooler_share_a_connection_and_no_principal(through_pgbouncer: list[Any]) -> None:
    one, two = through_pgbouncer
    seen = []
    for number in range(6):
        with acting_as("api", make_principal(number)):
            seen.append(ask(one if number % 2 else two))
        with acting(None):
            seen.append(ask(two if number % 2 else one))

    assert seen[1::2] == [NOBODY] * 6
    assert [each[:2] for each in seen[::2]] == [("api_rw", make_principal(number).user_id) for number in range(6)]
    assert get_backend(one) == get_backend(two)


def test_transaction_over_a_pooler_keeps_its_principal_to_its_end(through_pgbouncer: list[Any]) -> None:
    one, two = through_pgbouncer
    with acting_as("api", make_principal(1)), transaction.atomic(using="one"):
        first = ask(one)
        second = ask(one)
    with acting_as("web"), transaction.atomic(using="two"):
        third = ask(two)

    assert first == second
    assert (first[:2], third[:2]) == (("api_rw", make_principal(1).user_id), ("web_rw", ""))


def test_fault_over_a_pooler_leaves_no_principal(through_pgbouncer: list[Any]) -> None:
    one, two = through_pgbouncer
    with acting_as("api", make_principal(1)), pytest.raises(DatabaseError):
        ask(one, "SELECT 1/0")
    with acting(None):
        assert ask(two) == NOBODY


@pytest.fixture
def pooled(db: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Any]:
    """A connection of Django's pool, which holds one for every thread."""
    pytest.importorskip("psycopg_pool")
    entry, params = get_direct_entry("all_rw")
    entry |= {"HOST": params["host"], "PORT": str(params["port"])}
    entry["OPTIONS"] |= {"pool": {"min_size": 1, "max_size": 1}, "passfile": params["passfile"]}
    with django_db_blocker.unblock(), open_alias("pooled", entry) as found:
        yield found
        found.close()
        found.close_pool()


def test_next_user_of_djangos_pool_finds_no_principal(pooled: Any) -> None:
    with acting_as("api", make_principal(1)):
        first, backend = ask(pooled), get_backend(pooled)
        with transaction.atomic(using="pooled"):
            ask(pooled)
        pooled.close()  # back into the pool
    with acting(None):
        second, again = ask(pooled), get_backend(pooled)

    assert (first[:2], second, again) == (("api_rw", make_principal(1).user_id), NOBODY, backend)


def test_threads_of_djangos_pool_each_act_for_their_own(pooled: Any, django_db_blocker: DjangoDbBlocker) -> None:
    pooled.close()

    def work(number: int) -> bool:
        with acting_as("api", make_principal(number)), django_db_blocker.unblock():
            try:
                return ask(connections["pooled"])[1] == make_principal(number).user_id
            finally:
                connections["pooled"].close()

    with ThreadPoolExecutor(max_workers=4) as pool:
        assert all(pool.map(work, range(40)))


def test_what_a_transaction_was_told_is_what_the_server_holds(pooled: Any) -> None:
    with acting_as("api", make_principal(1)), transaction.atomic(using="pooled"):
        told = ask(pooled)

        assert pooled.connection.execute(WHO).fetchone() == told
