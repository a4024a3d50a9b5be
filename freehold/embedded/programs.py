"""Runs PostgreSQL's own programs in English, without the caller's PG* variables, as the account that the server runs
under: PostgreSQL refuses to run as root."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from freehold.errors import EmbeddedError


@dataclass(frozen=True)
class Account:
    """Whom a program is started as; `groups` are the supplementary ones, `note` what is to be told of the choice."""

    name: str
    uid: int
    gid: int
    groups: tuple[int, ...] = ()
    note: str = ""

    @property
    def options(self) -> dict[str, Any]:
        return {"user": self.uid, "group": self.gid, "extra_groups": list(self.groups)}


def can_reach(account: Account | None, path: Path) -> bool:
    """Say whether the account can pass through the directory `path`, or run the program `path`.

    The kernel is asked, as that account: mode bits alone miss access control lists and what a container forbids.

    Raises:
        EmbeddedError: this process may not start programs as the account.
    """
    if account is None:
        return os.access(path, os.X_OK)
    try:
        test = subprocess.run(["/bin/sh", "-c", 'test -x "$1"', "sh", path], cwd="/", check=False, **account.options)
    except (PermissionError, OSError, subprocess.SubprocessError) as error:
        raise EmbeddedError(
            f"root may not start programs as the account {account.name} here ({error}): "
            "run as an ordinary user, or name another account with PG_ACCOUNT"
        ) from error
    return test.returncode == 0


def run_program(
    command: Sequence[str | Path], *, account: Account | None, text: str = "", pass_fds: Sequence[int] = ()
) -> subprocess.CompletedProcess[str]:
    """Run the command to its end with `text` as its input; give its status and what it said.

    Raises:
        EmbeddedError: it can't be started at all.
    """
    try:
        return subprocess.run(
            list(command),
            input=text,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            cwd="/",  # the caller's may be out of the account's reach
            env=get_environment(),
            pass_fds=tuple(pass_fds),
            check=False,
            **(account.options if account else {}),
        )
    except OSError as error:
        raise EmbeddedError(
            f"{command[0]} can't be run ({error.strerror}): "
            "set PG_BIN to the bin directory of a PostgreSQL for this machine"
        ) from error


def get_environment() -> dict[str, str]:
    """Give the environment for a PostgreSQL program: PGDATA, PGPORT, PGOPTIONS and their like are meant for others."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**kept, "LC_ALL": "C"}  # the messages in the log are read by this package


def get_complaint(text: str) -> str:
    """Give the line of a program's output, or of the server's log, that says what went wrong; else the last one."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for mark in ("PANIC:", "FATAL:", "error:", "ERROR:", "could not", "cannot"):
        for line in reversed(lines) if mark in ("PANIC:", "FATAL:") else lines:
            if mark in line:
                return line[line.find(mark) :] if mark.endswith(":") else line
    return lines[-1] if lines else "it said nothing"
