"""What is asked about all tables is asked at once: more tables take no more queries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core import checks
from django.db import models
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from tests.freehold.backends.labs import Lab
from tests.freehold.backends.postgresql.changes import link, table, text

pytestmark = pytest.mark.postgresql


def make_tables(lab: Lab, first: int, last: int, *, leftover: bool) -> None:
    """Make tables with whatever is looked for, and an index too many on each where there is to be one."""
    for number in range(first, last):
        unique = models.UniqueConstraint(fields=["beside"], name=f"item{number}_beside_key")
        fields = [("name", text(db_index=True)), ("beside", text()), ("parent", link("item0", null=True))]
        lab.forwards(table(lab.t, f"item{number}", *fields, constraints=[unique]))
        if leftover:
            with lab.connection.cursor() as cursor:
                cursor.execute(f"CREATE INDEX item{number}_left_1234abcd ON alpha.item{number} (beside)")


def count_queries(connection: Any, call: Callable[[], Any]) -> tuple[int, int]:
    """Give how many queries the call takes, and how many things it finds."""
    with CaptureQueriesContext(connection) as queries:
        found = call()
    return len(queries), len(found)


def test_table_list_takes_one_query_whatever_the_number_of_tables(scratch: Any) -> None:
    def list_tables() -> list[Any]:
        with scratch.cursor() as cursor:
            return [each for each in scratch.introspection.get_table_list(cursor) if each.name.startswith("alpha.")]

    lab, counted = Lab(scratch, "alpha"), []
    for first, last in ((0, 1), (1, 12)):
        make_tables(lab, first, last, leftover=False)
        counted.append(count_queries(scratch, list_tables))

    assert counted == [(1, 1), (1, 12)]


@pytest.mark.parametrize("leftover", [False, True])
def test_check_of_a_database_takes_the_same_queries_whatever_the_number_of_tables(leftover: bool, scratch: Any) -> None:
    def check() -> list[Any]:
        with lab.installed(), override_settings(MIGRATION_MODULES={"lab": None}):
            found = checks.run_checks(tags=[checks.Tags.database], databases=["scratch"])
        return [message for message in found if message.id == "freehold.W010"]

    lab, counted = Lab(scratch, "alpha"), []
    for first, last in ((0, 1), (1, 12)):
        make_tables(lab, first, last, leftover=leftover)
        counted.append(count_queries(scratch, check))

    (few, found), (many, found_later) = counted
    assert (found, found_later) == ((1, 12) if leftover else (0, 0))
    assert 0 < few == many
