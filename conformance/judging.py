"""Decides which failures count."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from conformance.modes import STOCK, Mode
from conformance.outcomes import Outcome


class Suite(Protocol):
    """Runs tests of a dialect and mode. `parts.Suite` is one."""

    def run(self, dialect: str, mode: str, labels: list[str], tag: str = "") -> Outcome:
        """Run them together."""
        ...

    def run_alone(self, dialect: str, mode: str, labels: list[str]) -> set[str]:
        """Run each by itself; give those that fail."""
        ...


@dataclass
class Verdict:
    """A run's failures by what becomes of them. Only `unexpected` and `misplaced` make it fail."""

    tests: int
    allowed: list[str] = field(default_factory=list)
    passed_alone: list[str] = field(default_factory=list)
    stock_fails_too: list[str] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)  # allowed, and passed
    misplaced: list[str] = field(default_factory=list)  # tables, not tests

    @property
    def is_good(self) -> bool:
        """Whether nothing failed that may not."""
        return not self.unexpected and not self.misplaced


def judge(outcome: Outcome, suite: Suite, *, dialect: str, mode: Mode, reasons: dict[str, str]) -> Verdict:
    """Give the verdict on a run's failures. Only what fails again alone counts, and passes on the stock backend."""
    failed = sorted(outcome.failures)
    others = [label for label in failed if label not in reasons]
    stock = find_stock_failures(suite, dialect, others)
    again = suite.run_alone(dialect, mode.name, [label for label in others if label not in stock])
    stock |= suite.run_alone(dialect, STOCK.name, sorted(again))
    return Verdict(
        tests=outcome.tests,
        allowed=[label for label in failed if label in reasons],
        passed_alone=[label for label in others if label not in stock | again],
        stock_fails_too=sorted(stock),
        unexpected=sorted(again - stock),
        stale=sorted(set(reasons) & set(outcome.passed) - set(failed)),
        misplaced=[f"{alias}: {table}" for alias, landing in outcome.landings.items() for table in landing.missing],
    )


def find_stock_failures(suite: Suite, dialect: str, labels: list[str]) -> set[str]:
    """Give the tests that fail on the stock backend as it is: for want of a locale, say, or since they run as root."""
    if not labels:
        return set()
    outcome = suite.run(dialect, STOCK.name, labels, "again")
    return {label for label in labels if outcome.find_failure(label)}
