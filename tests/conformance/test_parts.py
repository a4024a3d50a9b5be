"""The suite is cut into parts of about equal work; a run that breaks off is not taken for one that passed."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.errors import ConformanceError
from conformance.order import Order
from conformance.parts import Suite, explain, list_modules, split


@pytest.fixture
def tests(tmp_path: Path) -> Path:
    """A suite with packages of four, two, one and one tests, and what runtests.py skips."""
    for name, count in {"large": 4, "middle": 2, "small": 1, "tiny": 1, "gis_tests": 9}.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").touch()
        (tmp_path / name / "tests.py").write_text("    def test_it(self): ...\n" * count)
    (tmp_path / "templates").mkdir()
    return tmp_path


def test_modules_are_packages_without_those_that_django_skips(tests: Path) -> None:
    assert list_modules(tests) == ["large", "middle", "small", "tiny"]


def test_split_balances_work(tests: Path) -> None:
    assert split(tests, list_modules(tests), 2) == [["large"], ["middle", "small", "tiny"]]


def test_run_that_ends_without_report_is_refused(tmp_path: Path) -> None:
    log = tmp_path / "run.log"
    log.write_text("Traceback\nImportError: no\n")

    with pytest.raises(ConformanceError) as caught:
        explain(log, ["basic", "schema"])

    assert str(caught.value) == f"a run of Django's suite broke off (ImportError: no): {log} tells where"


def test_test_alone_that_ends_without_report_failed(tmp_path: Path) -> None:
    log = tmp_path / "run.log"
    log.write_text("Segmentation fault\n")

    outcome = explain(log, ["basic.tests.ModelTest.test_it"])

    assert {label: failure.summary for label, failure in outcome.failures.items()} == {
        "basic.tests.ModelTest.test_it": "Segmentation fault"
    }


def test_suite_whose_process_dies_fails(tests: Path, tmp_path: Path) -> None:
    (tests / "runtests.py").write_text("raise SystemExit('no')\n")
    suite = Suite(tests, tmp_path, tmp_path, {}, 1)

    failed = suite.run_alone("sqlite", "plain", ["small"])

    assert failed == {"small"}


def test_environment_of_run_hides_servers_of_the_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGHOST", "elsewhere")
    monkeypatch.setenv("DATABASE_URL", "sqlite:///local.db")

    environment = Order("sqlite", "plain", "one", "report.json").get_environment(tmp_path)

    assert environment["PYTHONPATH"] == str(tmp_path)
    assert {"PGHOST", "DATABASE_URL", "DJANGO_SETTINGS_MODULE"} & set(environment) == set()
