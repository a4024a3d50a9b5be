"""A part of Django's own suite, on the dialect of this run, plain and moved: well under two minutes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from conformance.errors import ConformanceError
from conformance.source import get_tests
from tests.dialect import DIALECT

ROOT = Path(__file__).resolve().parents[2]
LABELS = (
    *("basic", "check_framework.test_database", "constraints", "indexes", "introspection", "m2m_through"),
    *("migrations.test_commands.MigrateTests", "migrations.test_operations", "schema"),
    *("select_for_update", "transactions", "update"),
)

Conform = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def conform() -> Conform:
    """Give a function that calls the command and gives how it ended."""
    try:
        get_tests()
    except ConformanceError as error:
        pytest.skip(str(error))

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "conformance", "--dialect", DIALECT, *arguments]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)

    return run


def test_subset_with_every_table_moved_and_plain_fails_nothing(conform: Conform) -> None:
    run = conform("--parallel", "2", *LABELS)

    last = run.stdout.splitlines()[-1]
    assert (run.returncode, " in 2 runs: 0 failures beyond the " in last, run.stderr) == (0, True, ""), run.stdout
    assert int(last.partition(" ")[0].replace(",", "")) > 1_000


def test_unknown_label_is_refused_before_anything_starts(conform: Conform) -> None:
    run = conform("nosuch.tests")

    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr == f"conformance: Django's suite has no 'nosuch': {get_tests()} lists what there is\n"


@pytest.mark.sqlite
def test_unknown_test_of_known_package_is_refused(conform: Conform) -> None:
    run = conform("--mode", "plain", "basic.tests.NoSuchTest")

    assert run.returncode == 1
    assert run.stderr == (
        "conformance: Django's suite has no 'NoSuchTest', or it can't be loaded "
        "(AttributeError: module 'basic.tests' has no attribute 'NoSuchTest')\n"
    )


def test_parallel_of_nought_is_refused(conform: Conform) -> None:
    run = conform("--parallel", "0")

    assert run.returncode == 2
    assert run.stderr.endswith("error: argument --parallel: '0' is no number from 1 to 64\n")
