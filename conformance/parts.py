"""Cuts the suite into parts that run at once, and starts `runtests.py` for each.

Django's own `--parallel` would need a further package (tblib), and loses the run when a failure can't be pickled.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conformance.errors import ConformanceError
from conformance.order import Order
from conformance.outcomes import Failure, Outcome, from_json, merge

SKIPPED = {"gis_tests", "import_error_package", "test_runner_apps"}  # as runtests.py skips them; GIS is another backend
CONTRIB_TESTS = {"db_functions", "postgres_tests"}  # their migrations make extensions
ROUNDS = 4  # parts for each process: the guess at their work is a rough one, and the last should not run alone for long
MANY = 50  # labels from which that is worth a database more
ENGINE = ("freehold", "conformance")


@dataclass(frozen=True)
class Suite:
    """Django's suite on one server, in a directory for reports and logs."""

    tests: Path
    path: Path  # on the module search path: holds links to the engine and to this package, and nothing else
    directory: Path
    server: dict[str, Any]
    parallel: int

    def run(self, dialect: str, mode: str, labels: list[str], tag: str = "") -> Outcome:
        """Run the tests of these labels, in as many processes as may run at once; give what came of it."""
        count = self.parallel * (ROUNDS if len(labels) >= MANY else 1)
        parts = [part for part in split(self.tests, labels, count) if part]
        with ThreadPoolExecutor(self.parallel) as pool:
            names = [f"{mode}{tag}{number}" for number in range(len(parts))]
            return merge(pool.map(lambda name, part: self.run_part(dialect, mode, name, part), names, parts))

    def run_alone(self, dialect: str, mode: str, labels: list[str]) -> set[str]:
        """Run each test in a process and a database of its own; give those that fail."""
        with ThreadPoolExecutor(self.parallel) as pool:
            runs = pool.map(
                lambda job: self.run_part(dialect, mode, f"{mode}_alone{job[0]}", [job[1]]), enumerate(labels)
            )
            return {label for label, outcome in zip(labels, runs, strict=True) if outcome.failures}

    def run_part(self, dialect: str, mode: str, name: str, labels: list[str]) -> Outcome:
        """Run the labels in one process."""
        report = self.directory / f"{dialect}-{name}.json"
        report.unlink(missing_ok=True)
        order = Order(dialect, mode, name, str(report), self.server if dialect == "postgresql" else {})
        command = [
            sys.executable,
            "runtests.py",
            "--settings=conformance.settings",
            "--parallel=1",
            "--noinput",
            *labels,
        ]
        log = report.with_suffix(".log")
        with log.open("w", encoding="utf-8") as output:
            subprocess.run(
                command, cwd=self.tests, env=order.get_environment(self.path), stdout=output, stderr=subprocess.STDOUT
            )
        if report.is_file():
            return from_json(report.read_text(encoding="utf-8"))
        return explain(log, labels)


def explain(log: Path, labels: list[str]) -> Outcome:
    """Give the outcome of a run that ended before its report: every test alone decides, where there is one label.

    Raises:
        ConformanceError: it had several, so that there is no telling which tests ran.
    """
    said = (log.read_text(encoding="utf-8", errors="replace").strip().splitlines() or ["nothing"])[-1]
    if len(labels) == 1:
        return Outcome(failures={labels[0]: Failure(said, said)})
    raise ConformanceError(f"a run of Django's suite broke off ({said}): {log} tells where")


def list_modules(tests: Path) -> list[str]:
    """Give the suite's top-level packages."""
    return sorted(init.parent.name for init in tests.glob("*/__init__.py") if init.parent.name not in SKIPPED)


def split(tests: Path, labels: list[str], count: int) -> list[list[str]]:
    """Give `count` lists of about equal work: the largest label first, each to the list that has least so far."""
    parts: list[list[str]] = [[] for _ in range(count)]
    weights = [0] * count
    for label in sorted(labels, key=lambda label: (-weigh(tests, label), label)):
        lightest = weights.index(min(weights))
        parts[lightest].append(label)
        weights[lightest] += weigh(tests, label)
    return [sorted(part) for part in parts]


def weigh(tests: Path, label: str) -> int:
    """Give how many test methods the label's package holds: a guess at its work."""
    files = (tests / label.partition(".")[0]).rglob("*.py")
    return sum(len(re.findall(r"^ +(?:async )?def test", file.read_text(encoding="utf-8"), re.M)) for file in files)


def make_path(directory: Path, root: Path) -> Path:
    """Make the directory for the module search path: nothing else of the repository can be imported from it."""
    directory.mkdir(parents=True, exist_ok=True)
    for name in ENGINE:
        link = directory / name
        link.unlink(missing_ok=True)
        link.symlink_to(root / name, target_is_directory=True)
    return directory


def make_directory() -> Path:
    """Make a directory for reports and logs of one call."""
    return Path(tempfile.mkdtemp(prefix="freehold-conformance-reports-"))
