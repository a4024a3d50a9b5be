"""What a run of the suite gave, as data that goes from one process to another and into `var/conformance`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple


class Failure(NamedTuple):
    """A test's exception in one line, and the end of its traceback."""

    summary: str
    text: str


@dataclass
class Landing:
    """Where the tables of one test database are. `made` counts those that were made and may be gone again."""

    models: int = 0
    missing: list[str] = field(default_factory=list)  # tables of models that are not where they belong
    elsewhere: list[str] = field(default_factory=list)  # tables outside the schema when the tests were over
    made: int = 0


@dataclass
class Outcome:
    """How a run ended. Failures by the test's label, each test once however many of its subtests failed."""

    tests: int = 0
    skipped: int = 0
    expected: int = 0
    passed: list[str] = field(default_factory=list)
    failures: dict[str, Failure] = field(default_factory=dict)
    landings: dict[str, Landing] = field(default_factory=dict)

    def find_failure(self, label: str) -> Failure | None:
        """Give how the test failed, or its whole class in setUpClass."""
        return self.failures.get(label) or self.failures.get(label.rpartition(".")[0])

    def to_json(self) -> str:
        """Give all of it."""
        return json.dumps(asdict(self), indent=1)


def from_json(text: str) -> Outcome:
    """Give what `to_json` wrote."""
    read: dict[str, Any] = json.loads(text)
    failures = {label: Failure(*failure) for label, failure in read.pop("failures").items()}
    landings = {alias: Landing(**landing) for alias, landing in read.pop("landings").items()}
    return Outcome(**read, failures=failures, landings=landings)


def merge(outcomes: Iterable[Outcome]) -> Outcome:
    """Give one outcome for the parts of a run."""
    whole = Outcome()
    for part in outcomes:
        whole.tests += part.tests
        whole.skipped += part.skipped
        whole.expected += part.expected
        whole.passed += part.passed
        whole.failures |= part.failures
        for alias, landing in part.landings.items():
            merge_landing(whole.landings.setdefault(alias, Landing()), landing)
    return whole


def merge_landing(into: Landing, part: Landing) -> None:
    """Add the part's tables; every part has a database of its own."""
    into.models += part.models
    into.made += part.made
    into.missing = sorted({*into.missing, *part.missing})
    into.elsewhere = sorted({*into.elsewhere, *part.elsewhere})
