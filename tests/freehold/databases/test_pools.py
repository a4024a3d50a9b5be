"""The pool of a DATABASE_URL: what each form gives, and one line for each way to get it wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from freehold.databases import parse_database_url, pools
from freehold.errors import DatabaseURLError

FORM = "DATABASE_URL has a pool that can't be read: write pool=true, or its settings as pool=max_size:8,timeout:5"


def parse(pool: str, url: str = "postgresql://h/shop") -> Any:
    """Give OPTIONS["pool"] as the settings would."""
    entry = parse_database_url(f"{url}?pool={pool}", base=Path("/project"), schemas=["app"], login="web_rw")
    return entry["OPTIONS"]["pool"]


@pytest.mark.parametrize("url", ["postgresql://h/shop", "postgres://u:p@h/shop"])
@pytest.mark.parametrize(
    ("pool", "given"),
    [
        ("true", True),
        ("false", False),
        ("max_size:8,timeout:5", {"max_size": 8, "timeout": 5}),
        ("min_size:0,max_size:8", {"min_size": 0, "max_size": 8}),
        ("min_size:2", {"min_size": 2}),
        ("max_size:2", {"min_size": 2, "max_size": 2}),
        ("max_size%3A8%2Cmax_waiting%3A20", {"max_size": 8, "max_waiting": 20}),
        ("max_size:8,max_size:9", {"max_size": 9}),
    ],
)
def test_pool_is_what_django_takes(pool: str, given: object, url: str) -> None:
    assert parse(pool, url) == given


@pytest.mark.parametrize(
    ("pool", "message"),
    [
        ("yes", FORM),
        ("", FORM),
        ("8", FORM),
        ("max_size=8", FORM),
        ("max_size:8,", FORM),
        ("maxsize:8", "DATABASE_URL has the unknown setting 'maxsize' of its pool: did you mean max_size?"),
        (
            "kwargs:8",
            "DATABASE_URL has the unknown setting 'kwargs' of its pool: it may be one of max_idle, max_lifetime, "
            "max_size, max_waiting, min_size, num_workers, reconnect_timeout, timeout",
        ),
        (
            "max_size:0",
            "DATABASE_URL has max_size:0 for its pool: it takes a whole number from 1 on, of up to 9 digits",
        ),
        (
            "timeout:-1",
            "DATABASE_URL has timeout:-1 for its pool: it takes a whole number from 0 on, of up to 9 digits",
        ),
        (
            "timeout:5s",
            "DATABASE_URL has timeout:5s for its pool: it takes a whole number from 0 on, of up to 9 digits",
        ),
        (
            "min_size:9,max_size:8",
            "DATABASE_URL has a pool of min_size 9 and max_size 8: max_size is the larger one",
        ),
        ("min_size:0", "DATABASE_URL has a pool of min_size 0 without a max_size: add max_size:8, say"),
    ],
)
def test_pool_that_can_not_be_is_one_line(pool: str, message: str) -> None:
    with pytest.raises(DatabaseURLError) as caught:
        parse(pool)

    assert str(caught.value) == message


def test_pool_without_its_package_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "find_spec", lambda name: None)

    with pytest.raises(DatabaseURLError, match=r'psycopg-pool is not installed: pip install "psycopg\[pool\]"$'):
        parse("true")


def test_largest_is_what_psycopg_pool_would_open() -> None:
    from psycopg_pool import ConnectionPool

    for settings in ({}, {"min_size": 2}, {"max_size": 8}, {"min_size": 0, "max_size": 3}):
        made = ConnectionPool(open=False, **settings)
        assert pools.get_largest(settings or True) == made.max_size
