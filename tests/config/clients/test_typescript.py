"""openapi-typescript makes types of the live document, and `tsc --strict` holds a program to them, where Node is."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.config.clients.generated import read_command

ROOT = Path(__file__).resolve().parents[3]
SOURCES = Path(__file__).parent / "typescript"
PACKAGES = ROOT / "var" / "typescript"  # kept from run to run
LOCK = "package-lock.json"

pytestmark = pytest.mark.xdist_group("clients")


def run(directory: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=directory, capture_output=True, text=True, timeout=300)


@pytest.fixture(scope="module")
def packages() -> Path:
    """The folder with the pinned packages, installed where they are not yet, without running their scripts."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("no Node is installed: apt-get install nodejs npm")
    installed = PACKAGES / "installed.json"
    if not installed.exists() or installed.read_bytes() != (SOURCES / LOCK).read_bytes():
        PACKAGES.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", LOCK):
            shutil.copy(SOURCES / name, PACKAGES / name)
        done = run(PACKAGES, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
        if done.returncode:
            pytest.skip(f"npm can't install openapi-typescript: {done.stderr.strip().splitlines()[-1:]}")
        shutil.copy(SOURCES / LOCK, installed)
    return PACKAGES / "node_modules" / ".bin"


def check(document: Any, packages: Path, directory: Path) -> str:
    """Write the types, and hold the program to them; give what the compiler says."""
    (directory / "openapi.json").write_text(json.dumps(document))
    shutil.copy(SOURCES / "program.ts", directory)
    made = run(directory, f"{packages}/openapi-typescript", *read_command("openapi-typescript"))
    assert made.returncode == 0, made.stderr
    assert "warn" not in (made.stdout + made.stderr).lower()
    return run(directory, f"{packages}/tsc", "--strict", "--noEmit", "--target", "es2022", "program.ts").stdout


def test_program_is_held_to_the_types(document: Any, packages: Path, tmp_path: Path) -> None:
    assert check(document, packages, tmp_path) == ""
