"""Processes of root's that see an /etc and a /var/lib of their own, so that they may make accounts: none is left behind
on this machine."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.freehold.embedded.processes import needs_root

ROOT = Path(__file__).resolve().parents[3]
_MOUNTS = """
set -e
[ -d "$0/etc" ] || { cp -a /etc "$0/etc"; mkdir "$0/lib"; sed -i '/^freehold:/d' "$0"/etc/passwd "$0"/etc/group; }
mount --bind "$0/lib" /var/lib
mount --bind "$0/etc" /etc
"""


def _can_mount() -> bool:
    """Say whether root may do so here: in many containers it may not."""
    if os.geteuid() != 0 or not shutil.which("unshare"):
        return False
    return subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False).returncode == 0


needs_privacy = [
    needs_root,
    pytest.mark.skipif(os.geteuid() == 0 and not _can_mount(), reason="root may not have mounts of its own here"),
]


class Machine:
    """An /etc and a /var/lib, kept in a directory from one process to the next."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.run("true")

    def run(self, *command: str, before: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a command there, as root without PG* variables, after some lines of shell."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        script = f'{_MOUNTS}{before}\nexec "$@"'
        words = ["unshare", "--mount", "sh", "-c", script, str(self.directory), *command]
        # fmt: off
        return subprocess.run(
            words, cwd=ROOT, env=environment | variables, capture_output=True, text=True, check=False
        )
        # fmt: on

    def execute(self, code: str, *, before: str = "", **variables: str) -> tuple[Any, str]:
        """Run Python that prints JSON; give what it printed, and what stood on stderr."""
        said = self.run(sys.executable, "-c", f"from freehold import embedded\n{code}", before=before, **variables)
        assert said.returncode == 0, said.stderr
        return json.loads(said.stdout or "null"), said.stderr

    def start(self, path: str, *, before: str = "", **variables: str) -> tuple[str, str]:
        """Start the server; give the account that it runs under, and what stood on stderr."""
        code = f"import json; print(json.dumps(embedded.start({path!r}).account))"
        return self.execute(code, before=before, **variables)

    def find_account(self, name: str = "freehold") -> str:
        """Give the account's line of /etc/passwd; nothing where there is none."""
        lines = (self.directory / "etc" / "passwd").read_text().splitlines()
        return "\n".join(line for line in lines if line.startswith(f"{name}:"))
