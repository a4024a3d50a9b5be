"""Projects of a test's own, each in a process of its own, with a database on the suite's server or a file."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.dialect import DIALECT
from tests.freehold.estates import get_server, make_tag, open_database

ROOT = Path(__file__).resolve().parents[3]
SAMPLES = Path(__file__).with_name("samples")
VARIABLES = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "passfile": "PGPASSFILE", "dbname": "PGDATABASE"}


class Project:
    """A directory with a `manage.py`, and the environment that its commands run in."""

    def __init__(self, directory: Path, server: dict[str, Any] | None, path: str = str(ROOT)) -> None:
        self.directory, self.server = directory, server
        own = {VARIABLES[name]: str(value) for name, value in (server or {}).items() if name in VARIABLES}
        self.environment = {
            **{name: value for name, value in os.environ.items() if name not in {"DJANGO_SETTINGS_MODULE"}},
            "PYTHONPATH": path,
            "PYTHONDONTWRITEBYTECODE": "1",
            **own,
        }

    def edit(self, path: str, *changes: tuple[str, str]) -> None:
        """Replace text in a file; it must be there."""
        file = self.directory / path
        text = file.read_text()
        for old, new in changes:
            assert old in text, f"{path} has no {old}"
            text = text.replace(old, new)
        file.write_text(text)

    def run(self, command: str, status: int = 0) -> str:
        """Run a line of the documentation, or one like it; give what it prints."""
        program, *arguments = shlex.split(command)
        assert program == "python"
        done = subprocess.run(
            [sys.executable, *arguments], cwd=self.directory, env=self.environment, capture_output=True, text=True
        )
        assert done.returncode == status, f"{command}\n{done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def fetch(self, query: str) -> list[Any]:
        """Give the rows of a query, or their first column where that is all."""
        assert self.server is not None
        with psycopg.connect(**self.server) as connection:
            rows = connection.execute(query).fetchall()
        return [row[0] if len(row) == 1 else row for row in rows]


@pytest.fixture
def server() -> Iterator[dict[str, Any] | None]:
    """libpq's parameters for an empty database, on PostgreSQL."""
    if DIALECT != "postgresql":
        yield None
        return
    with open_database(get_server(), make_tag()) as parameters:
        yield parameters


@pytest.fixture
def open_sample(tmp_path: Path, server: dict[str, Any] | None) -> Callable[[str], Project]:
    """Give a function that copies a project from `samples/` to where a test may change it."""

    def copy(name: str) -> Project:
        shutil.copytree(SAMPLES / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
        return Project(tmp_path / name, server)

    return copy


@pytest.fixture
def open_placed(tmp_path: Path) -> Iterator[Callable[[str], Project]]:
    """Give a function that copies a project with a map and, on PostgreSQL, makes its roles and schemas."""
    with ExitStack() as stack:

        def copy(name: str) -> Project:
            shutil.copytree(SAMPLES / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
            tag = make_tag()
            server = stack.enter_context(open_database(get_server(), tag)) if DIALECT == "postgresql" else None
            project = Project(tmp_path / name, server)
            project.environment["TAG"] = tag
            if server:
                project.run("python manage.py ownership bootstrap --passfile pgpass")
            return project

        yield copy


def read_commands(heading: str) -> list[str]:
    """Give the lines of the `sh` blocks below a heading of docs/backend.md, in their order."""
    text = (ROOT / "docs" / "backend.md").read_text()
    section = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    assert section, f"docs/backend.md has no section {heading!r}"
    blocks = re.findall(r"```sh\n(.*?)```", section, re.DOTALL)
    return [line.split("  #")[0].strip() for block in blocks for line in block.splitlines() if line.strip()]
