"""`manage.py movetable` writes what moves a table, says what else there is to do, and makes nothing of bad input."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings as project
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django.fixtures import Settings

from config.ownership import OWNERSHIP
from freehold.errors import MigrationError
from freehold.ownership import Move
from freehold.ownership.moves import get_today

pytestmark = pytest.mark.django_db  # a database that answers is asked what depends on the table
MOVED = replace(OWNERSHIP, moves=(Move("app.barn", "master.barn"),))
UNTIL = get_today() + timedelta(days=90)
REASONS = {
    "app.nothing master.x": "no migration makes app.nothing: name a table as its model's db_table does",
    "app.runs app.items": "app.runs can't become app.items, which is the table of items.Item already",
    "runs master.runs": (
        "'runs' names no table of the map's: write schema.table with one of auth, master, app, seal, limits, public"
    ),
    "app.runs master.runs.x": (
        "'master.runs.x' names no table of the map's: write schema.table with one of auth, master, app, seal, limits, "
        "public"
    ),
    "app.runs master.runs --until 2020-01-31": ("2020-01-31 is over: name a later day with --until, or say --no-view"),
    "app.runs master.runs --no-view --until 2090-01-31": (
        "--until is the last day of a view, and --no-view leaves none: say one of them"
    ),
    "app.runs master.runs --finish": (
        "no migration moves app.runs to master.runs and leaves a view: there is nothing to finish"
    ),
    "app.runs master.runs --app items": (
        "master.runs lies in master, which has no installed app 'items': name one of master"
    ),
    "auth.user app.user": (
        "which app does app.user go to? Schema app has items, profile, tenancy, runs: name one with --app"
    ),
}


def run(line: str) -> str:
    """Run the command; give what it prints."""
    output = StringIO()
    call_command("movetable", *line.split(), stdout=output)
    return output.getvalue()


@pytest.fixture
def written(tmp_path: Path, settings: Settings) -> Iterator[Path]:
    """Let the migrations of master lie where a test may write; give their directory."""
    package = f"moved_{tmp_path.name}"
    directory = tmp_path / package
    directory.mkdir()
    for file in (Path(project.BASE_DIR) / "master" / "migrations").glob("*.py"):
        (directory / file.name).write_text(file.read_text())
    sys.path.insert(0, str(tmp_path))
    settings.MIGRATION_MODULES = {"master": package}
    yield directory
    sys.path.remove(str(tmp_path))
    for name in [name for name in sys.modules if name.split(".")[0] == package]:
        del sys.modules[name]


@pytest.mark.parametrize("line", REASONS)
def test_bad_input_is_one_line_and_writes_nothing(line: str, written: Path) -> None:
    before = sorted(written.iterdir())

    with pytest.raises(MigrationError) as caught:
        run(line)

    assert str(caught.value) == REASONS[line]
    assert sorted(written.iterdir()) == before


def test_day_that_is_none_is_refused(written: Path) -> None:
    with pytest.raises(CommandError) as caught:
        run("app.runs master.runs --until soon")

    assert str(caught.value) == "Error: argument --until: 'soon' is no day: write it as 2027-01-31"


def test_command_writes_the_migration_and_says_what_is_left(written: Path) -> None:
    output = run("app.runs master.runs")

    path = written / "0006_move_app_runs.py"
    text = path.read_text()
    assert 'MoveTable("app.runs", "master.runs", model="runs.Run"),' in text
    assert '    lock_timeout = "400ms"\n' in text
    assert all(f'("{app}", "' in text for app in ("master", "runs", "tenancy"))
    triggers = [line for line in output.splitlines() if ". Trigger runs_" in line]  # each names its function's contract
    assert len(triggers) == (4 if connection.vendor == "postgresql" else 0)
    said = [re.sub(r"^  \d+\. ", "", line) for line in output.splitlines()[1:] if line not in triggers]
    assert said == [
        "To do:",
        f'In the ownership map, among moves: Move("app.runs", "master.runs", until=date({UNTIL.year}, '
        f"{UNTIL.month}, {UNTIL.day}))",
        'The model Run from runs to master, with db_table = "master.runs"',
        "manage.py makemigrations --check, which should find nothing to do",
        "manage.py ownership bootstrap, where the server is not embedded: it makes the role that moves tables",
        "manage.py migrate",
        f"Before {UNTIL}: manage.py movetable app.runs master.runs --finish",
    ]


def test_dry_run_prints_and_writes_nothing(written: Path) -> None:
    before = sorted(written.iterdir())

    assert 'MoveTable("app.runs", "master.runs", model="runs.Run", view=False),' in run(
        "app.runs master.runs --no-view --dry-run"
    )
    assert sorted(written.iterdir()) == before


def test_end_is_written_once(written: Path, settings: Settings) -> None:
    run("app.runs master.runs")
    output = run("app.runs master.runs --finish")

    text = (written / "0007_remove_app_runs.py").read_text()
    assert 'RemoveOldName("app.runs", "master.runs"),' in text
    assert '("master", "0006_move_app_runs"),' in text
    assert output.splitlines()[2] == (
        '  1. In the ownership map, among moves: Move("app.runs", "master.runs"); the older migration needs it'
    )
    with pytest.raises(MigrationError) as caught:
        run("app.runs master.runs --finish")
    assert str(caught.value) == "a migration drops the view app.runs already: run manage.py migrate"


def test_foreign_keys_from_elsewhere_want_a_contract(written: Path) -> None:
    output = run("app.projects master.projects --dry-run")

    assert (
        'A contract, for the foreign key from app: Contract("master", consumer="app", reference={"projects": ("id",)})'
    ) in output
