"""The project's own database and SQL break no rule that `config/exceptions.toml` does not name with reason and end."""

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest
from django.db import connection

from freehold.ownership import get_ownership
from freehold_lint.project import lint

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.django_db
def test_lint_finds_nothing() -> None:
    report = lint(connection, get_ownership(), ROOT / "config" / "exceptions.toml", date.today())

    assert [f"{each.rule} {each.place}: {each.object}: {each.message}" for each in report.findings] == []


def test_parser_under_the_gpl_is_a_tool_for_development_alone() -> None:
    assert "pglast==" in (ROOT / "requirements-dev.txt").read_text()
    assert "pglast" not in (ROOT / "requirements.txt").read_text() + (ROOT / "pyproject.toml").read_text()


def test_parser_that_the_extra_brings_is_the_one_that_tests_know() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]

    assert [each.replace(">=", "==") for each in extras["lint"]] == re.findall(
        r"^pgparse==\S+", (ROOT / "requirements-dev.txt").read_text(), re.MULTILINE
    )
