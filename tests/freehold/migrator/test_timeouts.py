"""Time limits that a role, a database or a server has for its sessions end no migration, however they are called."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from django.db import connections

from freehold.migrator.session import migrator_session
from freehold.ownership import get_ownership
from tests.freehold.migrator.estates import ALIAS, Estate

pytestmark = pytest.mark.postgresql

THINKS = """
    migrations.RunSQL("CREATE TABLE app.meadow ()"),
    migrations.RunPython(lambda apps, editor: __import__("time").sleep(0.6)),
    migrations.RunSQL("SELECT 1"),
"""
NAMED = "name LIKE '%timeout' AND name !~ '^(tcp|wal)_' AND context = 'user'"
LIMITS = f"SELECT name, setting FROM pg_settings WHERE {NAMED} AND setting <> '0'"


def list_names(estate: Estate) -> list[str]:
    """Give the limits that a session of this server may have for itself."""
    return [name for (name,) in estate.query(f"SELECT name FROM pg_settings WHERE {NAMED}")]


@pytest.fixture(params=["ROLE migrator IN DATABASE {0}", "DATABASE {0}"])
def limited(estate: Estate, request: pytest.FixtureRequest) -> Iterator[Estate]:
    """The estate, where sessions of the migrator have every limit that there is."""
    connections[ALIAS].close()
    target, names = request.param.format(estate.server["dbname"]), list_names(estate)
    assert {"idle_session_timeout", "idle_in_transaction_session_timeout", "lock_timeout"} < set(names)
    for name in names:
        estate.query(f"ALTER {target} SET {name} = '{'300ms' if 'idle' in name or 'tra' in name else '20s'}'")
    yield estate
    connections[ALIAS].close()
    for name in names:
        estate.query(f"ALTER {target} RESET {name}")
    estate.query(f"ALTER DATABASE {estate.server['dbname']} SET lock_timeout = '20s'")  # as the fixture has it


@pytest.mark.parametrize("atomic", [True, False])
def test_code_that_takes_longer_than_anothers_limits_is_not_ended(atomic: bool, limited: Estate) -> None:
    limited.write("meadow", "0001_meadow", THINKS, atomic=atomic)

    limited.migrate("meadow")

    assert limited.applied == ["meadow.0001_meadow"]
    assert [row[3] for row in limited.history][-1] == "ok"


def test_sessions_that_migrate_have_no_limits_but_their_own_and_give_them_back(limited: Estate) -> None:
    connection = connections[ALIAS]
    with connection.cursor() as cursor:
        cursor.execute(LIMITS)
        before = cursor.fetchall()

    with migrator_session(connection, get_ownership(), print, changes=True, alone=True) as lock:
        with connection.cursor() as cursor:
            cursor.execute(LIMITS)
            inside = cursor.fetchall()
        assert lock
        assert isinstance(lock.holder, psycopg.Connection)
        held = lock.holder.execute(LIMITS).fetchall()

    with connection.cursor() as cursor:
        cursor.execute(LIMITS)
        assert cursor.fetchall() == before != []
    assert inside == held == []
