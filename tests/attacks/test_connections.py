"""What an injected statement reads of other connections of its login, adds to its own message, and leaves behind.

`inject` is what a view would do that puts a text into its SQL; it runs as the service's own login.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import psycopg
import pytest
from django.db import ProgrammingError, connection
from pytest_django import DjangoDbBlocker
from pytest_django.fixtures import Settings

from freehold.acting import Principal
from freehold.services import acting_as
from tests.freehold.backends.conftest import open_alias
from tests.freehold.estates import get_server

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db]

ANN, BEN = (Principal("user", user_id=f"00000000-0000-4000-8000-00000000000{each}") for each in "ab")
SECRET = "what-ben-searches-for"


@pytest.fixture(params=["web", "api", "admin"])
def service(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def kept(service: str, db: None, django_db_blocker: DjangoDbBlocker, settings: Settings) -> Iterator[Any]:
    """A connection of the service's login that is kept for the next request. The map has no proofs: what a service says
    of who acts can be looked for."""
    settings.OWNERSHIP = "tests.config.believing.OWNERSHIP"
    entry = deepcopy(connection.settings_dict) | {"CONN_MAX_AGE": None, "USER": f"{service}_rw", "SWITCH_LOGIN": False}
    with django_db_blocker.unblock(), open_alias("kept", entry) as found:
        yield found


def inject(session: Any, text: str) -> list[Any]:
    with session.cursor() as cursor:
        cursor.execute(f"SELECT 1 WHERE 'x' = '{text}'")
        found: list[Any] = cursor.fetchall()
        return found


@pytest.mark.parametrize(
    "stacked",
    [
        "ALTER ROLE CURRENT_USER PASSWORD 'x'",
        "ALTER ROLE CURRENT_USER SET statement_timeout = '1ms'",
        "SELECT set_config('freehold.user_id', '', true)",
        "COMMIT",
        "PREPARE _pg3_0 AS SELECT 1",
    ],
)
def test_second_statement_of_a_message_is_refused(kept: Any, service: str, stacked: str) -> None:
    with acting_as(service, ANN), pytest.raises(ProgrammingError) as caught:
        inject(kept, f"'; {stacked}; --")

    assert str(caught.value).startswith(
        "cannot insert multiple commands into a prepared statement: a service sends one"
    )


def test_code_block_is_refused(kept: Any, service: str) -> None:
    with acting_as(service, ANN), pytest.raises(ProgrammingError) as caught, kept.cursor() as cursor:
        cursor.execute("DO $$BEGIN PERFORM 1; END$$")

    assert "plpgsql" in str(caught.value)


def test_what_an_injection_sets_is_gone_in_the_next_request(kept: Any, service: str) -> None:
    with acting_as(service, ANN), kept.cursor() as cursor:
        cursor.execute("SELECT current_setting('statement_timeout')")
        (before,) = cursor.fetchone()
        inject(kept, "' OR set_config('statement_timeout', '100s', false) = 'x")
        inject(kept, "' OR pg_advisory_lock(4711)::text = 'x")
    kept.close_if_unusable_or_obsolete()
    with acting_as(service, BEN), kept.cursor() as cursor:
        cursor.execute("SELECT 1, current_setting('statement_timeout'), current_setting('freehold.user_id')")
        found = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")

        assert found[1:] == (before, BEN.user_id)
        assert cursor.fetchone() == (0,)


def test_other_connection_of_the_login_is_shown_nothing(kept: Any, service: str) -> None:
    with acting_as(service, BEN), kept.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid(), %s::text", [SECRET])
        (pid, _) = cursor.fetchone()
        parameters = {**get_server(), "dbname": kept.settings_dict["NAME"], "user": f"{service}_rw"}
        with psycopg.connect(**parameters, autocommit=True) as other:
            seen = other.execute("SELECT query, state FROM pg_stat_activity WHERE pid = %s", [pid]).fetchall()

    assert seen == [("", "disabled")]
