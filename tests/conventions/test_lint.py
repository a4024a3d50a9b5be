"""The project's own database and SQL break no rule that `config/exceptions.toml` does not name with reason and end."""

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


def test_parser_is_a_tool_for_development_alone() -> None:
    assert "pglast==" in (ROOT / "requirements-dev.txt").read_text()
    assert "pglast" not in (ROOT / "requirements.txt").read_text() + (ROOT / "pyproject.toml").read_text()
