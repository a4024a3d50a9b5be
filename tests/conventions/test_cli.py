"""A mistake a person can mend costs one line and no traceback, whatever command met it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"SERVICE": "shop"}, "freehold: SERVICE='shop' is not known: set it to one of web, api, admin, all"),
        ({"DEBUG": "perhaps"}, "freehold: DEBUG='perhaps' is neither yes nor no: set it to 1 or 0"),
        (
            {"DEBUG": "0", "SECRET_KEY": ""},
            "freehold: SECRET_KEY is not set, and DEBUG is off: set it to a long random text",
        ),
    ],
)
def test_command_wrong_setting_is_one_line(environment: dict[str, str], message: str) -> None:
    run = manage("check", **environment)

    assert (run.returncode, run.stderr.strip()) == (1, message)


def test_command_unreachable_server_is_one_line_without_the_password() -> None:
    run = manage("migrate", DATABASE_URL="postgresql://someone:hush-hush@127.0.0.1:1/freehold")

    assert run.returncode == 1
    assert len(run.stderr.strip().splitlines()) == 1
    assert "127.0.0.1" in run.stderr
    assert "hush-hush" not in run.stderr + run.stdout
