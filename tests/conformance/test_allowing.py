"""A reason comes from the control run; what passes there has none that a program could find."""

from __future__ import annotations

import pytest

from conformance.allowing import explain, get_reason
from conformance.outcomes import Failure, Outcome

MISSING = Failure('django.db.utils.ProgrammingError: relation "item" does not exist', "")
RENAMED = "fails on the stock backend too when its tables are merely renamed"


def fail(*labels: str) -> Outcome:
    return Outcome(failures=dict.fromkeys(labels, MISSING))


def test_test_that_fails_in_control_has_its_reason() -> None:
    found = explain(fail("a.A.test"), stock=fail(), control=fail("a.A.test"), known={})

    assert found == ({"a.A.test": f"sends SQL with a table's name in it: {RENAMED}"}, [])


def test_test_that_fails_on_stock_needs_no_reason() -> None:
    found = explain(fail("a.A.test"), stock=fail("a.A"), control=fail("a.A.test"), known={"a.A.test": "by hand"})

    assert found == ({}, [])


@pytest.mark.parametrize("control", [fail(), fail("a.A.test")], ids=["passes", "fails"])
def test_reason_written_by_hand_stays_whatever_the_control_does(control: Outcome) -> None:
    found = explain(fail("a.A.test"), stock=fail(), control=control, known={"a.A.test": "by hand"})

    assert found == ({"a.A.test": "by hand"}, [])


def test_test_that_passes_in_control_and_has_no_reason_by_hand_is_unexplained() -> None:
    known = {"a.A.test": f"asserts a table's name: {RENAMED}"}

    found = explain(fail("a.A.test", "b.B.test"), stock=fail(), control=fail(), known=known)

    assert found == ({}, ["a.A.test", "b.B.test"])


@pytest.mark.parametrize(
    ("summary", "reason"),
    [
        ("AssertionError: 'item' != 'conformance_item'", "asserts a table's name, or SQL with one in it"),
        ("django.db.utils.OperationalError: no such table: item", "sends SQL with a table's name in it"),
        ("KeyError: 'item'", "names a table"),
    ],
)
def test_reason_tells_what_went_wrong_in_control(summary: str, reason: str) -> None:
    assert get_reason(Failure(summary, "")) == f"{reason}: {RENAMED}"
