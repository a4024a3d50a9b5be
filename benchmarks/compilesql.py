"""`compilesql --check` of 100 files, beside a template that is there.

    python -m benchmarks.compilesql

The files are those of the project, varied by a number in name and text, in a copy of the project. Prints seconds of the
whole command, its start included, as CI has it: the median of several runs, with the least and the most.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.server import ROOT

FILES, ROUNDS, LIMIT = 100, int(os.environ.get("ROUNDS", "7")), 5.0
LEFT_OUT = (".git", ".venv*", "var", "__pycache__", ".*_cache", "tests", "docs", "local.db*")
SQLITE = ".sqlite.sql"


def main() -> None:
    """Print the seconds."""
    with tempfile.TemporaryDirectory(prefix="freehold-benchmark-") as directory:
        os.chmod(directory, 0o755)  # as root, the server's own account must be able to pass
        project = Path(directory, "project")
        shutil.copytree(ROOT, project, ignore=shutil.ignore_patterns(*LEFT_OUT))
        statements = vary(project)
        spent, used = zip(*iter_seconds(project), strict=True)
    print(
        f"compilesql --check of {FILES} files, {statements} of them with a text of their own for SQLite, beside the "
        f"template: {statistics.median(spent):.2f} s ({min(spent):.2f} to {max(spent):.2f}; limit {LIMIT:.0f} s), of "
        f"which {statistics.median(used):.2f} s are CPU of the command"
    )


def vary(project: Path) -> int:
    """Write files until there are as many as are wanted; give how many have one for SQLite beside them."""
    found = [path for path in sorted(project.glob("*/sql/*/*.sql")) if not path.name.endswith(SQLITE)]
    found = [path for path in found if (path.parent / "__init__.py").is_file()]
    left, twice = FILES - len(found), 0
    for number in range(2, FILES):
        for path in found:
            if not left:
                return twice
            name = f"{path.stem}_{number}"
            folder = path.parent.with_name(f"{path.parent.name}_{number}")
            folder.mkdir(exist_ok=True)
            text = path.read_text().replace(f"-- name: {path.stem}\n", f"-- name: {name}\n")
            (folder / f"{name}.sql").write_text(f"{text.rstrip()}\n-- {number}\n")
            beside = path.with_name(f"{path.stem}{SQLITE}")
            if beside.is_file():
                (folder / f"{name}{SQLITE}").write_text(f"{beside.read_text().rstrip()}\n-- {number}\n")
                twice += 1
            with (project / "items" / "varied.py").open("a") as code:
                code.write(f"functions.{name}()\n")
            left -= 1
    return twice


def iter_seconds(project: Path) -> Iterator[tuple[float, float]]:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "ENV_FILE": os.devnull}
    environment["DATABASE_URL"] = f"sqlite:///{project / 'local.db'}"
    words = [sys.executable, "manage.py", "compilesql", "-v0"]
    silent: Any = {"cwd": project, "env": environment, "check": True, "stderr": subprocess.DEVNULL}
    subprocess.run(words, **silent)  # makes the template, and the modules
    for _ in range(ROUNDS):
        started, used = time.monotonic(), os.times()
        subprocess.run([*words, "--check"], **silent)
        now = os.times()
        spent = now.children_user + now.children_system - used.children_user - used.children_system
        yield time.monotonic() - started, spent


if __name__ == "__main__":
    main()
