"""Runs PostgreSQL's own programs in English, without the caller's PG* variables, as the account that the server runs
under: PostgreSQL refuses to run as root."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from freehold.errors import EmbeddedError

if sys.platform != "win32":
    import pwd

_DEFAULT = "nobody"


@dataclass(frozen=True)
class Account:
    """Whom a program is started as; `groups` are the supplementary ones."""

    name: str
    uid: int
    gid: int
    groups: tuple[int, ...] = ()

    @property
    def options(self) -> dict[str, Any]:
        return {"user": self.uid, "group": self.gid, "extra_groups": list(self.groups)}


def find_account(data: Path) -> Account | None:
    """Give the account that a root process starts the server as; none for anyone else: it runs as the caller.

    It is the one that PG_ACCOUNT names, else the owner of the data directory where there is one, else `nobody`.

    Raises:
        EmbeddedError: PG_ACCOUNT names no account, root, or another one than the owner of the data.
    """
    if os.geteuid() != 0:
        return None
    owner = data.stat().st_uid if data.exists() else 0
    named = os.environ.get("PG_ACCOUNT", "").strip()
    account = _get_account(named or _DEFAULT) if named or not owner else _get_owner(owner, data)
    if owner and owner != account.uid:
        raise EmbeddedError(
            f"PG_ACCOUNT={named}, but {data} belongs to {_get_owner(owner, data).name}: "
            f"unset PG_ACCOUNT, or stop the server and give the directory to {named} with chown -R"
        )
    return account


def _get_account(name: str) -> Account:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        raise EmbeddedError(
            f"there is no account {name!r} to run PostgreSQL: set PG_ACCOUNT to one that exists"
        ) from None
    if entry.pw_uid == 0:
        raise EmbeddedError(f"PG_ACCOUNT={name} is root, which PostgreSQL refuses to run as: name an ordinary account")
    return Account(name, entry.pw_uid, entry.pw_gid, tuple(os.getgrouplist(name, entry.pw_gid)))


def _get_owner(uid: int, path: Path) -> Account:
    """Give the account with this number; one without a name will do to start a server, though not to make one."""
    try:
        return _get_account(pwd.getpwuid(uid).pw_name)
    except KeyError:
        return Account(str(uid), uid, path.stat().st_gid)


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
