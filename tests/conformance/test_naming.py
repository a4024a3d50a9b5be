"""The suite's own helpers look at the table where it went; nothing else is told another name."""

from __future__ import annotations

from typing import Any

import pytest

from conformance import naming


def make_test() -> Any:
    class Suite:
        def assert_table(self, table: str, using: str = "default") -> tuple[str, str]:
            return table, using

        def assert_key(self, table: str, to: tuple[str, str]) -> tuple[str, tuple[str, str]]:
            return self.assert_table(table)[0], to

        def assert_column(self, to: str) -> str:
            return to

        def test_it(self, table: str = "item") -> str:
            return table

    Suite.__module__ = "migrations.base"
    return Suite()


@pytest.fixture
def test() -> Any:
    """A test of the suite whose helpers are translated, twice."""
    made = make_test()
    naming.translate([made, make_test()], "app.")
    naming.translate([made], "app.")
    return made


def test_helper_takes_the_renamed_table(test: Any) -> None:
    assert test.assert_table("item", using="other") == ("app.item", "other")
    assert test.assert_table("app.item") == ("app.item", "default")


def test_helper_takes_the_renamed_target_of_a_key(test: Any) -> None:
    assert test.assert_key("item", to=("user", "id")) == ("app.item", ("app.user", "id"))


@pytest.mark.parametrize("table", ["i_love_ponies", "django_migrations"])
def test_helper_takes_tables_that_are_nowhere_else_as_they_are(test: Any, table: str) -> None:
    assert test.assert_table(table) == (table, "default")


def test_what_takes_no_table_is_left_alone(test: Any) -> None:
    assert (test.assert_column("item"), test.test_it()) == ("item", "item")


def test_classes_of_django_and_python_are_left_alone() -> None:
    made = make_test()
    type(made).__module__ = "django.test.testcases"

    naming.translate([made], "app.")

    assert made.assert_table("item") == ("item", "default")
