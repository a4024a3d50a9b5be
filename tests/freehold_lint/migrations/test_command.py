"""`manage.py lintmigrations`: what it prints, its exit status, which migrations it looks at, what is let pass."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django.fixtures import Settings

from freehold.findings import LookError
from freehold_lint.migrations import linter
from freehold_lint.migrations.linter import lint_migrations
from tests.freehold_lint.migrations.cases import add
from tests.freehold_lint.workshop import TODAY, Workshop

ROOT = Path(__file__).resolve().parents[3]
URLS = ["sqlite://:memory:", "postgresql://someone:hush-hush@127.0.0.1:1/freehold"]
FIELD = add("models.IntegerField(default=1)")
EXCEPTION = """
[[exception]]
rule = "M105"
object = "app.stones (extra)"
path = "{path}"
reason = "nobody writes there"
until = {until}
"""


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", "lintmigrations", *arguments]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True)


@pytest.mark.parametrize("url", URLS)
def test_project_has_no_findings_whatever_the_database(url: str) -> None:
    done = run(DATABASE_URL=url)

    assert (done.returncode, done.stdout, done.stderr) == (0, "No findings.\n", "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nothing"], "there is no app 'nothing': write the label of an installed one"),
        (["items", "0999"], "app 'items' has no migration '0999': `manage.py showmigrations items` lists them"),
        (["items", "0"], "several migrations of app 'items' begin with '0': write more of the name"),
        (["unfold"], "app 'unfold' has no migrations"),
        (["--base", "nowhere"], "there is no commit 'nowhere' here: fetch it, or name another one"),
    ],
)
def test_what_can_not_be_looked_at_exits_with_2(arguments: list[str], said: str) -> None:
    done = run(*arguments, DATABASE_URL="sqlite://:memory:")

    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"freehold: {said}\n")


def test_findings_exit_with_1_and_are_written_as_sarif(workshop: Workshop, capsys: pytest.CaptureFixture[str]) -> None:
    path = workshop.write("0002_change", FIELD)

    with pytest.raises(SystemExit) as caught:
        call_command("lintmigrations", "runs", format="sarif")
    (log,) = json.loads(capsys.readouterr().out)["runs"]
    (result,) = log["results"]

    assert (caught.value.code, log["tool"]["driver"]["name"]) == (1, "freehold lintmigrations")
    place = result["locations"][0]["physicalLocation"]
    assert (result["ruleId"], Path(place["artifactLocation"]["uri"]).name) == ("M105", path.name)
    assert "AddField" in path.read_text().splitlines()[place["region"]["startLine"] - 1]


def test_named_migrations_alone_are_judged(workshop: Workshop) -> None:
    workshop.write("0002_change", FIELD)
    workshop.write("0003_change", FIELD.replace("extra", "more"))

    assert [each.object for each in workshop.lint(names=("0003",))] == ["app.stones (more)"]


def test_installed_packages_are_judged_where_they_are_named(workshop: Workshop) -> None:
    assert lint_migrations(TODAY).findings == []
    assert "M002" in [each.rule for each in lint_migrations(TODAY, "contenttypes").findings]


def test_baseline_exempts_what_was_there_before(workshop: Workshop, settings: Settings) -> None:
    workshop.write("0002_change", FIELD)
    workshop.write("0003_change", FIELD.replace("extra", "more"))
    settings.MIGRATION_LINT_BASELINE = {"runs": "0002_change"}

    assert [each.object for each in lint_migrations(TODAY).findings] == ["app.stones (more)"]


def test_baseline_of_a_migration_that_is_not_there_is_one_line(workshop: Workshop, settings: Settings) -> None:
    settings.MIGRATION_LINT_BASELINE = {"runs": "0009_gone"}

    with pytest.raises(LookError) as caught:
        lint_migrations(TODAY)

    assert str(caught.value) == (
        "settings.MIGRATION_LINT_BASELINE names runs.0009_gone, and there is no such migration: name the last exempt one"
    )


@pytest.mark.parametrize(("until", "rules"), [(date(2026, 5, 1), []), (date(2026, 4, 30), ["L061", "M105"])])
def test_exception_lets_a_finding_pass_until_its_day(
    until: date, rules: list[str], workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = os.path.relpath(workshop.write("0002_change", FIELD))
    (workshop.directory / "exceptions.toml").write_text(EXCEPTION.format(path=path, until=until))
    monkeypatch.setattr(linter, "get_directory", lambda: workshop.directory)

    assert sorted(each.rule for each in lint_migrations(TODAY).findings) == rules


def test_exception_that_matches_nothing_is_reported_where_all_was_looked_at(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    (workshop.directory / "exceptions.toml").write_text(EXCEPTION.format(path="x.py", until="2026-05-01"))
    monkeypatch.setattr(linter, "get_directory", lambda: workshop.directory)

    assert [each.rule for each in lint_migrations(TODAY).findings] == ["L062"]
    assert workshop.lint() == []


def test_migrations_in_no_order_are_one_line(workshop: Workshop) -> None:
    path = workshop.write("0002_change", FIELD)
    path.write_text(path.read_text().replace("0001_start", "0001_stop"))
    workshop.forget()

    with pytest.raises(LookError) as caught:
        workshop.lint()

    assert str(caught.value).startswith("the migrations can't be read: Migration runs.0002_change dependencies")


def test_migration_that_does_not_fit_the_state_is_one_line(workshop: Workshop) -> None:
    workshop.write("0002_change", 'migrations.RemoveField("Stone", "unheard_of"),')

    with pytest.raises(LookError) as caught:
        workshop.lint()

    assert str(caught.value).startswith("runs.0002_change can't be followed: ")
