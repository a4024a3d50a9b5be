"""The words about a run, and the figure that stands last."""

from __future__ import annotations

from conformance import telling
from conformance.judging import Verdict
from conformance.modes import CONTROL, MOVED, PLAIN
from conformance.outcomes import Failure, Landing, Outcome


def test_sum_of_one_run_gives_the_figure() -> None:
    verdicts = [Verdict(18_195, allowed=["a.A.test"] * 134)]

    assert telling.sum_up(verdicts) == "18,195 tests: 0 failures beyond the 134 allowed"


def test_sum_of_several_runs_adds_failures_and_tables() -> None:
    verdicts = [Verdict(2, allowed=["a"]), Verdict(1, unexpected=["b"], misplaced=["public.item"])]

    expected = "3 tests in 2 runs: 1 failure beyond the 1 allowed, 1 table in the wrong place"
    assert telling.sum_up(verdicts) == expected


def test_run_that_went_well_takes_one_line() -> None:
    told = telling.tell("5.2 sqlite", PLAIN, Outcome(tests=3, skipped=1), Verdict(3), 2.4)

    assert told == "5.2 sqlite plain: 3 tests, 1 skipped, 2 s: 0 failures beyond the 0 allowed"


def test_moved_run_names_tables_and_failures() -> None:
    outcome = Outcome(
        tests=3,
        failures={"a.A.test": Failure("AssertionError: 1 != 2", "")},
        landings={"default": Landing(models=2, missing=["conformance.item"], elsewhere=["public.item"], made=5)},
    )
    verdict = Verdict(3, unexpected=["a.A.test"], stale=["b.B.test"], misplaced=["public.item"])

    assert telling.tell("6.1 postgresql", MOVED, outcome, verdict, 60).splitlines() == [
        "6.1 postgresql moved: 3 tests, 0 skipped, 60 s: 1 failure beyond the 0 allowed, 1 table in the wrong place",
        "  default: 1 of 2 tables of models in the schema, 5 made or altered there; elsewhere at the end: public.item",
        "  allowed, and passed: take it off the list: b.B.test",
        "  UNEXPECTED: a.A.test",
        "      AssertionError: 1 != 2",
        "  TABLE IN THE WRONG PLACE: public.item",
    ]


def test_control_run_is_not_judged() -> None:
    outcome = Outcome(tests=3, failures={"a.A.test": Failure("AssertionError", "")})

    told = telling.tell("5.2 sqlite", CONTROL, outcome, Verdict(3), 1)

    assert told == "5.2 sqlite control: 3 tests, 0 skipped, 1 s: 1 failure, to compare with"
