"""What Django does beside migrating comes out for a table with a dot in its name as for one without."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from django.db import connections
from pytest_django import DjangoDbBlocker, Settings

from freehold.acting import acting
from tests.freehold.backends.conftest import open_alias
from tests.freehold.backends.labs import Lab
from tests.freehold.backends.postgresql.readings import READINGS, furnish, run

pytestmark = pytest.mark.sqlite

# Those that ask PostgreSQL's catalogue or send SQL of its own, and those of what SQLite has not: comments, row locks.
POSTGRESQL_ONLY = {
    "introspection.get_constraints",  # the table's whole name is part of an index's here
    "introspection.get_table_list",
    "inspectdb with partitions and views",
    "sqlsequencereset",
    "createcachetable",
    "createcachetable a second time",
    "sqlmigrate",
    "select_for_update",
    "select_for_update(of=…)",
    "QuerySet.explain, raw, extra",
    "test database",
}


@pytest.fixture
def labs(django_db_blocker: DjangoDbBlocker) -> Iterator[list[Lab]]:
    """A stock Django with bare names, and the engine; each in memory."""
    entry = connections.settings["default"] | {"NAME": ":memory:"}
    stock = entry | {"ENGINE": "django.db.backends.sqlite3", "OPTIONS": {}}
    own = entry | {"OPTIONS": {"schemas": ["alpha"]}}
    with django_db_blocker.unblock(), acting(None), ExitStack() as stack:
        yield [
            Lab(stack.enter_context(open_alias("stock", stock)), "alpha", prefix=""),
            Lab(stack.enter_context(open_alias("scratch", own)), "alpha"),
        ]


@pytest.mark.parametrize("name", [name for name in READINGS if name not in POSTGRESQL_ONLY])
def test_reading_of_names_with_a_dot_gives_that_of_stock_django(name: str, labs: list[Lab]) -> None:
    for lab in labs:
        furnish(lab)

    expected, found = (READINGS[name](lab) for lab in labs)

    assert found == expected


def test_cache_table_is_made_once_and_used(labs: list[Lab], settings: Settings) -> None:
    cache = {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "alpha.cache"}
    settings.CACHES = {"default": cache}
    _, lab = labs

    run(lab, "createcachetable", verbosity=0)

    assert lab.own(lab.connection.introspection.table_names()) == ["cache"]
    assert run(lab, "createcachetable") == "Cache table 'alpha.cache' already exists.\n"
    with lab.connection.cursor() as cursor:
        constraints = lab.connection.introspection.get_constraints(cursor, "alpha.cache")
    assert "alpha.cache_expires" in constraints
