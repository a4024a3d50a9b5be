"""Django's test runner, which also writes down what failed and where the tables are (`settings.TEST_RUNNER`)."""

from __future__ import annotations

import re
import unittest
from pathlib import Path
from typing import Any

from django.test.runner import DiscoverRunner
from django.test.utils import iter_test_cases  # type: ignore[attr-defined]  # the stubs leave it out

from conformance import landing, naming
from conformance.order import read_order
from conformance.outcomes import Failure, Outcome

EXCEPTION = re.compile(r"[A-Za-z_][\w.]*(Error|Exception|Warning|DoesNotExist)\b")
CLASS_FAILURE = re.compile(r"\w+ \(([\w.]+)\)")  # "setUpClass (basic.tests.ModelTest)"
LONGEST = 4_000  # characters of a traceback that are kept


class RecordingResult(unittest.TextTestResult):
    """Keeps each failure as data, beside printing it."""

    outcome: Outcome

    def addSuccess(self, test: Any) -> None:  # noqa: N802 - unittest's name
        """Record, then count."""
        super().addSuccess(test)
        self.outcome.passed.append(test.id())

    def record(self, test: Any, text: str) -> None:
        """Add a failed test. A subtest counts as its test, whose other subtests may have failed already."""
        name = get_label(getattr(test, "test_case", test))
        self.outcome.failures.setdefault(name, Failure(summarise(text), text[-LONGEST:]))

    def addError(self, test: Any, err: Any) -> None:  # noqa: N802 - unittest's name
        """Record, then count."""
        super().addError(test, err)
        self.record(test, self.errors[-1][1])

    def addFailure(self, test: Any, err: Any) -> None:  # noqa: N802 - unittest's name
        """Record, then count."""
        super().addFailure(test, err)
        self.record(test, self.failures[-1][1])

    def addSubTest(self, test: Any, subtest: Any, err: Any) -> None:  # noqa: N802 - unittest's name
        """Record, then count."""
        super().addSubTest(test, subtest, err)
        if err is not None:
            is_failure = issubclass(err[0], test.failureException)
            self.record(test, (self.failures if is_failure else self.errors)[-1][1])

    def addUnexpectedSuccess(self, test: Any) -> None:  # noqa: N802 - unittest's name
        """Record, then count."""
        super().addUnexpectedSuccess(test)
        self.record(test, "unexpected success")


def get_label(test: Any) -> str:
    """Give what `runtests.py` takes for this test, or for the class whose setUpClass failed."""
    match = CLASS_FAILURE.fullmatch(test.id())
    return match[1] if match else test.id()


def summarise(text: str) -> str:
    """Give the exception's first line: type and message."""
    lines = [line for line in text.splitlines() if EXCEPTION.match(line)]
    return (lines or text.splitlines() or [""])[-1][:500]


class RecordingRunner(DiscoverRunner):
    """Writes the outcome to the file that the order names: also when nothing failed, never when the run broke off."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.outcome = Outcome()
        self.expected: dict[str, set[str]] = {}

    def get_resultclass(self) -> Any:
        """Give the result's class, bound to this run's outcome."""
        return type("Result", (RecordingResult,), {"outcome": self.outcome})

    def build_suite(self, *args: Any, **kwargs: Any) -> Any:
        """Load the tests; where tables are renamed, have the tests' helpers know it."""
        suite = super().build_suite(*args, **kwargs)
        if prefix := read_order().mode.prefix:
            naming.translate(iter_test_cases(suite), prefix)
        return suite

    def setup_databases(self, **kwargs: Any) -> Any:
        """Make the test databases, those that the chosen tests use, with what watches them inside."""
        landing.install()
        made = super().setup_databases(**kwargs)
        # Now, and not at the end: tests define models of their own, whose tables nobody makes.
        self.expected = {alias: landing.list_model_tables(alias) for alias in sorted(kwargs["aliases"])}
        return made

    def run_suite(self, suite: Any, **kwargs: Any) -> Any:
        """Run the tests and note where the tables are before the databases go."""
        result = super().run_suite(suite, **kwargs)
        self.outcome.tests = result.testsRun
        self.outcome.skipped = len(result.skipped)
        self.outcome.expected = len(result.expectedFailures)
        self.outcome.landings = landing.read_all(self.expected)
        Path(read_order().report).write_text(self.outcome.to_json(), encoding="utf-8")
        return result
