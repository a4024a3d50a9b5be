"""A failure counts when it is not allowed, fails again alone, and passes on the stock backend."""

from __future__ import annotations

from dataclasses import dataclass, field

from conformance.judging import judge
from conformance.modes import MOVED
from conformance.outcomes import Failure, Landing, Outcome

FAILURE = Failure("AssertionError: 1 != 2", "")


@dataclass
class Suite:
    """Stands for Django's suite: which tests fail in which mode, in company and alone."""

    together: dict[str, set[str]] = field(default_factory=dict)
    alone: dict[str, set[str]] = field(default_factory=dict)
    asked: list[tuple[str, str, list[str]]] = field(default_factory=list)

    def run(self, dialect: str, mode: str, labels: list[str], tag: str = "") -> Outcome:
        self.asked.append((mode, "together", labels))
        return Outcome(failures=dict.fromkeys(self.together.get(mode, set()), FAILURE))

    def run_alone(self, dialect: str, mode: str, labels: list[str]) -> set[str]:
        self.asked.append((mode, "alone", labels))
        return self.alone.get(mode, set()) & set(labels)


def make_outcome(*failures: str, passed: tuple[str, ...] = ()) -> Outcome:
    return Outcome(tests=9, failures=dict.fromkeys(failures, FAILURE), passed=list(passed))


def test_failure_that_stays_alone_and_passes_on_stock_is_unexpected() -> None:
    suite = Suite(alone={"moved": {"a.A.test"}})

    verdict = judge(make_outcome("a.A.test"), suite, dialect="sqlite", mode=MOVED, reasons={})

    assert (verdict.unexpected, verdict.is_good) == (["a.A.test"], False)


def test_failure_that_passes_alone_does_not_count() -> None:
    suite = Suite()

    verdict = judge(make_outcome("a.A.test"), suite, dialect="sqlite", mode=MOVED, reasons={})

    assert (verdict.passed_alone, verdict.unexpected, verdict.is_good) == (["a.A.test"], [], True)
    assert ("moved", "alone", ["a.A.test"]) in suite.asked


def test_failure_of_stock_backend_does_not_count() -> None:
    suite = Suite(together={"stock": {"a.A.test"}}, alone={"moved": {"a.A.test", "b.B.test"}, "stock": {"b.B.test"}})

    verdict = judge(make_outcome("a.A.test", "b.B.test"), suite, dialect="sqlite", mode=MOVED, reasons={})

    assert (verdict.stock_fails_too, verdict.passed_alone, verdict.is_good) == (["a.A.test", "b.B.test"], [], True)


def test_test_of_class_that_fails_on_stock_does_not_count() -> None:
    suite = Suite(together={"stock": {"a.A"}}, alone={"moved": {"a.A.test"}})

    verdict = judge(make_outcome("a.A.test"), suite, dialect="sqlite", mode=MOVED, reasons={})

    assert verdict.stock_fails_too == ["a.A.test"]


def test_allowed_failure_is_not_run_again() -> None:
    suite = Suite(alone={"moved": {"a.A.test"}})

    verdict = judge(make_outcome("a.A.test"), suite, dialect="sqlite", mode=MOVED, reasons={"a.A.test": "why"})

    assert (verdict.allowed, verdict.unexpected) == (["a.A.test"], [])
    assert [labels for _, _, labels in suite.asked] == [[], []]


def test_allowed_test_is_stale_only_when_it_ran_and_passed() -> None:
    reasons = {"a.A.test": "why", "b.B.test": "why", "c.C.test": "why"}

    verdict = judge(
        make_outcome("b.B.test", passed=("a.A.test",)), Suite(), dialect="sqlite", mode=MOVED, reasons=reasons
    )

    assert verdict.stale == ["a.A.test"]


def test_table_that_is_missing_from_its_schema_fails_the_run() -> None:
    outcome = Outcome(tests=1, landings={"default": Landing(models=2, missing=["conformance.item"])})

    verdict = judge(outcome, Suite(), dialect="sqlite", mode=MOVED, reasons={})

    assert (verdict.misplaced, verdict.is_good) == (["default: conformance.item"], False)
