"""What a login may do with counters: count in its own, and nothing else."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from config.ownership import OWNERSHIP
from freehold.limits.counting import make_digest

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db]
LOGINS = [service.login for service in OWNERSHIP.services]
TAKE = "SELECT * FROM limits.take('rights', %s, 3600, 1, 3)"


@pytest.mark.parametrize("login", LOGINS)
def test_login_counts_and_begins_anew_in_its_own_counters(
    login: str, whose: str, connect_as: Callable[[str], Any]
) -> None:
    mine, others = connect_as(login), [connect_as(each) for each in LOGINS if each != login]
    digest = [make_digest(whose)]

    assert [mine.execute(TAKE, digest).fetchone()[:2] for _ in range(4)] == [
        (True, 2), (True, 1), (True, 0), (False, 0)
    ]  # fmt: skip
    for other in others:
        other.execute("SELECT limits.forget('rights', %s)", digest)
        assert other.execute(TAKE, digest).fetchone()[:2] == (True, 2)
    assert mine.execute(TAKE, digest).fetchone()[:2] == (False, 0)
    mine.execute("SELECT limits.forget('rights', %s)", digest)
    assert mine.execute(TAKE, digest).fetchone()[:2] == (True, 2)


def test_connections_at_once_get_what_is_allowed_and_no_more(whose: str, connect_as: Callable[[str], Any]) -> None:
    digest, sessions = [make_digest(whose)], [connect_as("api_rw") for _ in range(4)]
    start = threading.Barrier(len(sessions))

    def run(session: Any) -> int:
        start.wait()
        query = "SELECT is_allowed FROM limits.take('rights', %s, 3600, 1, 50)"
        return sum(session.execute(query, digest).fetchone()[0] for _ in range(40))

    with ThreadPoolExecutor(len(sessions)) as pool:
        assert sum(pool.map(run, sessions)) == 50


@pytest.mark.parametrize("login", [*LOGINS, str(OWNERSHIP.combined)])
@pytest.mark.parametrize(
    "statement",
    [
        "SELECT 1 FROM limits.counter",
        "DELETE FROM limits.counter",
        "UPDATE limits.counter SET taken = 0",
        "TRUNCATE limits.counter",
        "INSERT INTO limits.counter VALUES ('web_rw', 'a', '', 0, now())",
    ],
)
def test_table_is_closed_to_every_login(login: str, statement: str, connect_as: Callable[[str], Any]) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connect_as(login).execute(statement)


def test_login_can_say_no_other_name_than_its_own(whose: str, connect_as: Callable[[str], Any]) -> None:
    session = connect_as("web_rw")
    for statement in (
        "SET ROLE api_rw",
        "SELECT set_config('role', 'api_rw', false)",
        "SET SESSION AUTHORIZATION api_rw",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute(statement)


def test_combined_login_counts_as_whom_it_became(whose: str, connect_as: Callable[[str], Any]) -> None:
    digest, combined = [make_digest(whose)], connect_as(str(OWNERSHIP.combined))
    connect_as("api_rw").execute(TAKE, digest)
    combined.execute("SET ROLE api_rw")

    assert combined.execute(TAKE, digest).fetchone()[:2] == (True, 1)


@pytest.mark.parametrize(
    "arguments",
    [
        "'', %s, 60, 1, 3", f"'{'a' * 64}', %s, 60, 1, 3", "'a', 'short'::bytea || %s, 60, 1, 3", "'a', %s, 0, 1, 3",
        "'a', %s, 604801, 1, 3", "'a', %s, 60, 0, 3", "'a', %s, 60, -1, 3", "'a', %s, 60, 4, 3", "'a', %s, 60, 1, 0",
    ],
)  # fmt: skip
def test_odd_value_is_refused(arguments: str, whose: str, connect_as: Callable[[str], Any]) -> None:
    with pytest.raises(psycopg.errors.InvalidParameterValue):
        connect_as("api_rw").execute(f"SELECT limits.take({arguments})", [make_digest(whose)])


def test_limit_that_is_not_given_counts_nothing(whose: str, connect_as: Callable[[str], Any]) -> None:
    row = connect_as("api_rw").execute("SELECT * FROM limits.take('a', %s, 60, 1, NULL)", [make_digest(whose)])

    assert row.fetchone() == (None, None, None)
