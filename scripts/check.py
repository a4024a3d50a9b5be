"""Everything that can be said about the code without running the tests; `make check` calls it.

Each check runs even where one before it failed, so that one run tells all. The exit status is 0 only if all passed.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

from layers import list_packages

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = [*list_packages(), "conformance"]
SETTINGS = {"DJANGO_SETTINGS_MODULE": "config.settings", "DATABASE_URL": "sqlite://:memory:", "ENV_FILE": os.devnull}


def list_templates() -> list[str]:
    """Give the tracked templates."""
    found = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "*.html"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return found.stdout.split("\n")[:-1]


def list_checks() -> list[tuple[str, list[str]]]:
    """Give each check as its title and command."""
    python = [sys.executable, "-m"]
    djade = str(Path(sys.executable).with_name("djade"))  # a program, without a module to run
    manage = [sys.executable, "manage.py"]
    return [
        ("ruff", [*python, "ruff", "check", "."]),
        ("format", [*python, "ruff", "format", "--check", "."]),
        ("types", [*python, "mypy", *PACKAGES]),
        ("layers", [sys.executable, "scripts/layers.py"]),
        (
            "templates",
            [djade, "--check", "--target-version", "5.2", *list_templates()],
        ),
        ("system checks", [*manage, "check", "--fail-level", "WARNING"]),
        ("SQL and exceptions", [*manage, "lint"]),  # the catalogue is looked at by tests/conventions/test_lint.py
        ("migrations", [*manage, "lintmigrations"]),
        ("typed SQL", [*manage, "compilesql", "--check", "-v", "0"]),  # on a server of its own below var/
        ("missing migrations", [*manage, "makemigrations", "--check", "--dry-run"]),
    ]


def run_check(title: str, command: list[str]) -> bool:
    """Run one check and print what it found; tell whether it passed."""
    started = time.monotonic()
    run = subprocess.run(command, cwd=ROOT, env={**os.environ, **SETTINGS}, capture_output=True, text=True)
    passed = run.returncode == 0
    print(f"{'ok  ' if passed else 'FAIL'} {title} ({time.monotonic() - started:.1f} s)", flush=True)
    if not passed:
        print(run.stdout + run.stderr, flush=True)
    return passed


def main() -> int:
    """Run every check; return the exit status."""
    passed = [run_check(title, command) for title, command in list_checks()]
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
