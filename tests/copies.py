"""Copies of the project, in which a test does what a developer would."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from freehold import embedded
from tests.dialect import DIALECT, OWNER

ROOT = Path(__file__).resolve().parents[1]
C = TypeVar("C", bound="Copy")


class Copy:
    """A copy of what git tracks, as it is in the work tree, with a database of its own that is not made yet."""

    def __init__(self, directory: Path, url: str) -> None:
        self.directory = directory
        kept = {name: value for name, value in os.environ.items() if name not in {"DJANGO_SETTINGS_MODULE", OWNER}}
        self.environment = {**kept, "DATABASE_URL": url, "PYTHON": sys.executable}

    def run(self, line: str, code: int = 0) -> str:
        """Run a line as a person would type it; give what it prints, to standard error too where it is to fail."""
        line = {"make run": "manage.py quickstart --no-serve"}.get(line, line)
        line = re.sub(r"(?<!\S)manage\.py", ".venv/bin/python manage.py", line)
        done = subprocess.run(
            ["/bin/sh", "-c", line.replace(".venv/bin/python", '"$PYTHON"')],
            cwd=self.directory, env=self.environment, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == code, f"{line}\n{done.stdout}{done.stderr}"
        return done.stdout + (done.stderr if code else "")

    def replace(self, name: str, old: str, new: str) -> None:
        """Change a file where the old text stands, once."""
        path = self.directory / name
        before = path.read_text(encoding="utf-8")
        assert before.count(old) == 1, f"{path.name} does not hold this once:\n{old}"
        path.write_text(before.replace(old, new), encoding="utf-8")


@contextmanager
def copying_project(name: str, kind: type[C]) -> Iterator[C]:
    """Make the copy, and take it away with its server."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    directory = Path(os.environ[OWNER]) / f"{name}-{os.getpid()}"  # the server's own account gets there
    for each in filter(None, listed.split("\0")):
        if (ROOT / each).is_file():
            (directory / each).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / each, directory / each)
    url = f"embedded://{directory}/var/postgres" if DIALECT == "postgresql" else f"sqlite:///{directory}/local.db"
    yield kind(directory, url)
    for path in ("var/postgres", "var/typed_sql/postgres"):
        if (directory / path).exists():
            embedded.stop(str(directory / path))
    shutil.rmtree(directory)
