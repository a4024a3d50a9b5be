"""The matrix under pytest: nothing of another's is reached, on the suite's server and on PostgreSQL 15."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from pytest_django import DjangoDbBlocker

from tests.attacks.injection.runs import PROGRAMS, attack, report, running
from tests.freehold.estates import get_server
from tests.seeded import execute_as_superuser

pytestmark = [pytest.mark.postgresql, pytest.mark.xdist_group("injection")]


@pytest.fixture
def server(seeded_database: str, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Any]]:
    """A copy of the filled database."""
    name = f"{seeded_database}_injected"
    with django_db_blocker.unblock():
        connections["seeded"].close()
        execute_as_superuser(f"CREATE DATABASE {name} TEMPLATE {seeded_database}")
        # As bootstrap leaves it: a login that owns a temporary table starts no process, in any database of the server.
        execute_as_superuser(f"REVOKE TEMPORARY ON DATABASE {name} FROM PUBLIC")
        yield {**get_server(), "dbname": name}
        execute_as_superuser(f"DROP DATABASE {name} WITH (FORCE)")


def test_nothing_of_another_is_reached(server: dict[str, Any], request: pytest.FixtureRequest) -> None:
    check(attack(server, step=4), request)


@pytest.mark.long
def test_nothing_of_another_is_reached_by_any_attempt(server: dict[str, Any], request: pytest.FixtureRequest) -> None:
    check(attack(server), request)


@pytest.mark.long
def test_nothing_of_another_is_reached_on_postgresql_15(request: pytest.FixtureRequest) -> None:
    programs = PROGRAMS["PostgreSQL 15"]
    if not programs or not (programs / "postgres").exists():
        pytest.skip(f"PostgreSQL 15 is not installed in {programs}")
    with running(programs) as server:
        check(attack(server), request)


def check(tally: dict[str, Any], request: pytest.FixtureRequest) -> None:
    request.node.user_properties.append(("attempts", sum(tally["attempts"].values())))

    assert (tally["rows"], tally["changed"], tally["disturbed"]) == (0, 0, 0), report(tally)
    assert len(tally["attempts"]) > 25
    assert min(tally["attempts"].values()) > 0


def test_policy_that_believes_a_setting_is_seen_through(server: dict[str, Any]) -> None:
    tally = attack(server, only="who asks", believing=True)

    assert tally["rows"] > 50
    assert {hole["title"].partition(" = ")[0] for hole in tally["holes"]} >= {"who asks: freehold.user_id"}
