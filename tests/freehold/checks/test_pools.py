"""W034: a pool that is larger than its login's limit is reported, made smaller, and silent."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
from django.core.checks import CheckMessage
from django.db import connections

from config.ownership import OWNERSHIP
from tests.freehold.backends.conftest import open_alias

Check = Callable[..., list[CheckMessage]]
LIMITS = {"web": 2, "api": -1}
SERVICES = tuple(replace(each, connections=LIMITS.get(each.name)) for each in OWNERSHIP.services)


@pytest.fixture
def check(run: Callable[[str], list[CheckMessage]], use: Callable[..., None]) -> Check:
    """Give a function that says what the check says of a database whose entry has a pool."""
    use(services=SERVICES)

    def check(pool: Any, login: str = "web_rw", schemas: tuple[str, ...] = ("app",)) -> list[CheckMessage]:
        entry = deepcopy(connections.settings["default"]) | {"ENGINE": "freehold.backends.postgresql", "USER": login}
        entry["OPTIONS"] = {"schemas": schemas, "pool": pool}
        with open_alias("pooled", entry):
            return run("freehold.W034")

    return check


@pytest.mark.parametrize(("pool", "size"), [({"max_size": 3}, 3), ({"min_size": 5}, 5), (True, 4), ({"timeout": 5}, 4)])
def test_pool_over_the_limit_is_reported(check: Check, pool: Any, size: int) -> None:
    (message,) = check(pool)

    assert (message.msg, message.hint) == (
        f"The pool of the database 'pooled' may open {size} connections, and the ownership map gives service web 2, "
        "for all its processes together.",
        "Make max_size of the pool in DATABASE_URL smaller, so that max_size times the processes stays below, or give "
        "Service('web', connections=…) more.",
    )


@pytest.mark.parametrize(
    ("pool", "login"),
    [
        ({"max_size": 2}, "web_rw"),
        (False, "web_rw"),
        ({"max_size": 300}, "api_rw"),
        ({"max_size": 300}, "somebody"),
        ({"max_size": 40}, "admin_rw"),
    ],
    ids=["within", "none", "no limit", "no service's login", "the default limit"],
)
def test_other_pools_are_silent(check: Check, pool: Any, login: str) -> None:
    assert check(pool, login) == []


def test_pool_of_a_database_that_the_map_does_not_govern_is_silent(check: Check) -> None:
    assert check({"max_size": 300}, schemas=()) == []
