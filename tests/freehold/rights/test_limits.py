"""What a service may take of connections and time: on its login, as that login, and in the map."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import psycopg
import pytest
from psycopg import errors

from config.ownership import OWNERSHIP
from freehold.ownership import Ownership
from freehold.ownership.limits import list_times
from tests.freehold.rights.estates import Estate

pytestmark = pytest.mark.postgresql


def limit(estate: Estate, **limits: Any) -> None:
    """Let `farm` have these limits, and bring the server in line."""
    farm, *others = estate.ownership.services
    estate.ownership = replace(estate.ownership, services=(replace(farm, **limits), *others))
    estate.make()


def test_login_gets_no_more_connections_than_the_map_says(estate: Estate) -> None:
    limit(estate, connections=2)

    with estate.connect("farm"), estate.connect("farm"):
        with pytest.raises(psycopg.OperationalError, match="too many connections for role"):
            estate.connect("farm")
        with estate.connect("mill"), estate.connect("steward"):
            pass


def test_statement_of_a_login_ends_at_its_time(estate: Estate) -> None:
    limit(estate, statement_timeout="50ms")

    with pytest.raises(errors.QueryCanceled):
        estate.execute("SELECT pg_sleep(10)", "farm")
    assert estate.execute("SHOW statement_timeout", "mill") == [("1min",)]


def test_login_that_waits_for_a_lock_gives_up(estate: Estate) -> None:
    limit(estate, lock_timeout="50ms")

    with estate.connect() as owner, owner.transaction():
        owner.execute("LOCK TABLE field.plot")
        with pytest.raises(errors.LockNotAvailable):
            estate.execute("SELECT FROM field.plot", "farm")


def test_transaction_that_idles_is_ended(estate: Estate) -> None:
    limit(estate, idle_in_transaction_session_timeout="50ms")

    farm = estate.connect("farm")
    farm.execute("BEGIN")
    estate.execute("SELECT pg_sleep(0.3)")

    with pytest.raises(psycopg.Error):
        farm.execute("SELECT 1")
    farm.close()


def test_no_limit_is_one_that_is_set(estate: Estate) -> None:
    limit(estate, connections=-1, statement_timeout="0", lock_timeout="0")

    held = estate.execute("SELECT rolconnlimit FROM pg_catalog.pg_roles WHERE rolname = current_user", "farm")
    assert held == [(-1,)]
    assert estate.execute("SHOW statement_timeout", "farm") == [("0",)]
    assert estate.tell() == []


def test_owners_the_migrator_and_the_combined_login_have_none(made: Estate) -> None:
    rows = made.execute(
        "SELECT rolname FROM pg_catalog.pg_roles WHERE rolconnlimit <> -1 AND rolname LIKE '%@' ORDER BY 1"
    )

    assert rows == [(f"{name}_{made.tag}",) for name in ("farm", "inn", "mill")]
    for login in ("steward", "all"):
        assert made.execute("SHOW statement_timeout", login) == [("0",)]


def test_service_of_commands_may_take_its_time() -> None:
    def get_times(ownership: Ownership, name: str) -> dict[str, str]:
        service = ownership.find_service(name)
        assert service is not None
        return list_times(ownership, service)

    usual = {"statement_timeout": "60s", "idle_in_transaction_session_timeout": "60s", "lock_timeout": "10s"}
    assert get_times(OWNERSHIP, "api") == usual
    assert get_times(OWNERSHIP, "admin") == {"idle_in_transaction_session_timeout": "1h", "lock_timeout": "60s"}
    other = replace(OWNERSHIP, commands="web")
    assert get_times(other, "admin") == usual
    assert "statement_timeout" not in get_times(other, "web")
