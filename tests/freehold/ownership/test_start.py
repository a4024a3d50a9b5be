"""A map that is wrong ends every command at its start: one line, exit status 1, no traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SETTINGS = """
from config.settings import *
OWNERSHIP = "wrong_map.MAP"
"""
PROJECT = "from dataclasses import replace\nfrom config.ownership import OWNERSHIP\nfrom freehold.ownership import *\n"
UNKNOWN_SERVICE = f"{PROJECT}MAP = replace(OWNERSHIP, schemas=(*OWNERSHIP.schemas, Schema('sea', service='boat')))"
WITHOUT_RUNS = (
    f"{PROJECT}MAP = replace(OWNERSHIP, schemas=tuple(\n"
    "    replace(each, apps=tuple(app for app in each.apps if app != 'runs')) for each in OWNERSHIP.schemas))"
)
WITHOUT_APP = (
    f"{PROJECT}MAP = replace(OWNERSHIP, contracts=(), groups=(), proofs={{}},\n"
    "    services=tuple(replace(each, writes=(), reads=(), search_path=()) for each in OWNERSHIP.services),\n"
    "    schemas=tuple(replace(each, service=None) for each in OWNERSHIP.schemas if each.name != 'app'))"
)


def manage(tmp_path: Path, text: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `manage.py` with the map in `text`."""
    (tmp_path / "wrong_map.py").write_text(text)
    (tmp_path / "wrong_settings.py").write_text(SETTINGS)
    paths = [str(tmp_path), str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(paths),
        "DJANGO_SETTINGS_MODULE": "wrong_settings",
        "DATABASE_URL": f"sqlite:///{tmp_path}/local.db",
    }
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("command", [["check"], ["migrate"], ["runserver", "--noreload", "0"], ["ownership", "show"]])
def test_map_that_contradicts_itself_ends_every_command_in_one_line(command: list[str], tmp_path: Path) -> None:
    result = manage(tmp_path, UNKNOWN_SERVICE, *command)

    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == (
        "freehold: the ownership map is wrong: Schema 'sea': there is no Service 'boat': name one of web, api, admin\n"
    )
    assert not (tmp_path / "local.db").exists()


@pytest.mark.parametrize("command", [["check"], ["migrate"], ["runserver", "--noreload", "0"]])
def test_app_missing_in_the_map_ends_the_command_with_its_check(command: list[str], tmp_path: Path) -> None:
    result = manage(tmp_path, WITHOUT_RUNS, *command)

    assert result.returncode == 1
    assert "(freehold.E003) The app 'runs' has models, but the ownership map names it in no schema." in result.stderr
    assert "Traceback" not in result.stderr
    file = tmp_path / "local.db"
    # From 6.0 on Django's own commands look at every database while they check, which makes an empty one.
    assert not file.exists() or (command != ["migrate"] and file.stat().st_size == 0)


def test_schema_that_the_map_does_not_know_is_named_with_the_table(tmp_path: Path) -> None:
    result = manage(tmp_path, WITHOUT_APP, "check")

    assert result.returncode == 1
    assert "(freehold.E005) The table 'app.items' names the schema 'app', which the ownership map does not know" in (
        result.stderr
    )
    assert "Traceback" not in result.stderr
