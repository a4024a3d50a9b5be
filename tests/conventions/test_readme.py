"""What the README tells a newcomer to type works, and what it says of the map is what the map says."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from config.ownership import OWNERSHIP
from freehold.ownership import Contract, Schema, Service

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
WORDS = {"Contract": Contract, "Schema": Schema, "Service": Service}


def list_blocks(language: str) -> list[str]:
    """Give the code of the README's blocks in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def list_commands() -> list[str]:
    """Give the lines that call manage.py, without the interpreter."""
    return re.findall(r"^\.venv/bin/python (manage\.py .+)$", "".join(list_blocks("sh")), re.MULTILINE)


def get_said(entry: Any, text: str) -> dict[str, Any]:
    """Give the fields that a line sets: what it leaves out may be anything in the map."""
    call: Any = ast.parse(text, mode="eval").body
    names = [*(each.name for each in fields(entry)[: len(call.args)]), *(each.arg for each in call.keywords)]
    return {name: getattr(entry, name) for name in names}


def test_readme_shows_both_commands() -> None:
    make = (ROOT / "Makefile").read_text()

    assert re.findall(r"^make (\w+)", "".join(list_blocks("sh")), re.MULTILINE) == ["run", "test"]
    assert re.findall(r"^(run|test):", make, re.MULTILINE) == ["run", "test"]


@pytest.mark.postgresql
@pytest.mark.django_db
@pytest.mark.parametrize("command", list_commands())
def test_command_of_the_readme_runs(command: str) -> None:
    if " psql " in command:
        command += f" -d {connection.settings_dict['NAME']}"  # the suite's own: the server's first one is empty

    run = subprocess.run(
        ["/bin/sh", "-c", f'"$0" {command}', sys.executable], cwd=ROOT, capture_output=True, text=True, timeout=60
    )

    assert run.returncode == 0, run.stderr
    assert "auth_owner" in run.stdout


@pytest.mark.parametrize("line", next(block for block in list_blocks("python") if "Schema(" in block).splitlines())
def test_line_of_the_map_in_the_readme_is_in_the_map(line: str) -> None:
    entry: Any = eval(line, {"__builtins__": {}}, WORDS)
    said = get_said(entry, line)

    entries: list[Any] = [*OWNERSHIP.schemas, *OWNERSHIP.services, *OWNERSHIP.contracts]

    assert any(
        type(each) is type(entry) and all(getattr(each, name) == value for name, value in said.items())
        for each in entries
    ), f"{said} is not in config/ownership.py"
