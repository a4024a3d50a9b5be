"""`manage.py lint`: what it prints, and the exit status."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from freehold.acting.logins import using_login
from freehold.findings import Finding, LookError
from freehold.ownership import get_ownership
from freehold_lint import project
from freehold_lint.reports import LintReport

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", "lint", *arguments]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True)


def test_nothing_found_exits_with_0() -> None:
    done = run(DATABASE_URL="sqlite://:memory:")

    assert (done.returncode, done.stdout) == (0, "No findings.\n")
    assert (
        done.stderr == "Database: SQLite in memory\nNo catalogue was looked at: sqlite has no owners and no policies.\n"
    )


def test_server_that_does_not_answer_exits_with_2() -> None:
    done = run(DATABASE_URL="postgresql://someone:hush-hush@127.0.0.1:1/freehold")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(
        "Database: PostgreSQL database freehold at 127.0.0.1:1 as someone\n"
        "freehold: the catalogue of 'default' can't be read: "
    )
    assert "hush-hush" not in done.stderr


def test_finding_exits_with_1(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    found = Finding("L041", "items", "no schema", path="items/sql/x.sql", line=1)
    monkeypatch.setattr(project.project_sql, "list_file_findings", lambda *ignored: [found])
    monkeypatch.setattr(project, "look_at_catalogue", lambda *ignored: None)

    with pytest.raises(SystemExit) as caught:
        call_command("lint", format="json")

    assert caught.value.code == 1
    assert [each["rule"] for each in json.loads(capsys.readouterr().out)["findings"]] == ["L041"]


def test_missing_lock_is_reported_until_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def look() -> list[str]:
        found = project._list_lock_findings(get_ownership())
        return [f"{each.rule} {each.object}: {each.message}" for each in found]

    monkeypatch.setattr(project.locks, "get_lock_path", lambda: tmp_path / "contracts.lock.json")
    missing = look()
    call_command("lockcontracts", verbosity=0)

    assert missing == [
        "L033 contracts: there is no contracts.lock.json beside the map: nobody sees it when a shared column changes "
        "its type."
    ]
    assert look() == []


@pytest.mark.postgresql
def test_hand_made_change_is_found_and_mended(django_db_setup: None, django_db_blocker: Any, tmp_path: Path) -> None:
    def look() -> set[str]:
        report = project.lint(connection, get_ownership(), tmp_path / "none.toml", date.today())
        return {f"{each.rule} {each.object}" for each in report.findings}

    with django_db_blocker.unblock(), using_login(connection, "postgres"):  # it may be the first test that connects
        before = look()
        with connection.cursor() as cursor:
            cursor.execute("CREATE FUNCTION app.note() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'")
            cursor.execute("GRANT EXECUTE ON FUNCTION app.note TO PUBLIC")
        try:
            assert look() - before == {"L007 app.note()", "L021 app.note()", "L023 app.note()"}
        finally:
            with connection.cursor() as cursor:
                cursor.execute("DROP FUNCTION app.note")
        assert look() == before


@pytest.mark.postgresql
def test_catalogue_that_can_not_be_read_is_an_error(monkeypatch: pytest.MonkeyPatch, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        connection.close()
        monkeypatch.setitem(connection.settings_dict, "NAME", "no such database")
        with pytest.raises(LookError):
            project.look_at_catalogue(LintReport(), get_ownership(), connection)
        connection.close()
