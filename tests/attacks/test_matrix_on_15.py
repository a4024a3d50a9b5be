"""The matrix on PostgreSQL 15, where it is installed: rights are others there, as MAINTAIN and SET on a role."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from config.ownership import OWNERSHIP
from freehold.ownership import Service
from tests.attacks.attempts import iter_attempts, list_columns
from tests.attacks.injection.runs import PROGRAMS, Server, running
from tests.attacks.test_matrix import list_wrong

pytestmark = [pytest.mark.postgresql, pytest.mark.xdist_group("matrix on 15")]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server of PostgreSQL 15, migrated and without rows: what the superuser connects by."""
    programs = PROGRAMS["PostgreSQL 15"]
    if not programs or not (programs / "postgres").exists():
        pytest.skip(f"PostgreSQL 15 is not installed in {programs}")
    with running(programs, filled=False) as found:
        yield found


@pytest.mark.parametrize("service", OWNERSHIP.services, ids=lambda service: service.name)
def test_service_may_do_what_is_declared_and_nothing_else_on_15(
    service: Service, server: Server, request: pytest.FixtureRequest
) -> None:
    with psycopg.connect(**{**server, "user": service.login}, autocommit=True) as login:
        attempts = list(iter_attempts(list_columns(login)))
        wrong = list_wrong(service, login, attempts)
        version = login.info.server_version // 10000
    request.node.user_properties.append(("attempts on 15", len(attempts)))

    assert (version, wrong) == (15, [])
    assert {attempt.schema for attempt in attempts} >= {*OWNERSHIP.schema_names}
