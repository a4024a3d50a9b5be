"""The server's process, as far as it can be trusted: a process id in a file proves nothing.

After a crash, or a restart of the machine, postmaster.pid may name a process that has nothing to do with it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import psutil

from freehold.embedded.directories import explain_faults

_CLOCK = 10.0  # seconds by which a process's start may differ from what its pid file says


@dataclass(frozen=True)
class PidFile:
    """What postmaster.pid says (PostgreSQL, utils/pidfile.h): one value a line, written as the start proceeds."""

    text: str
    pid: int
    started: int  # seconds since the epoch; 0 when not written yet
    port: int | None
    status: str  # starting, stopping, ready, standby; blank before


def read_pidfile(data: Path) -> PidFile | None:
    """Give what the file says; none where it is missing or still blank."""
    with explain_faults(data):
        try:
            text = (data / "postmaster.pid").read_text(encoding="utf-8", errors="surrogateescape")
        except FileNotFoundError:
            return None
    lines = [line.strip() for line in [*text.split("\n"), *[""] * 8]]
    if not lines[0].isdigit():
        return None
    return PidFile(
        text=text,
        pid=int(lines[0]),
        started=int(lines[2]) if lines[2].isdigit() else 0,
        port=int(lines[3]) if lines[3].isdigit() else None,
        status=lines[7],
    )


def find_postmaster(data: Path, pidfile: PidFile | None) -> psutil.Process | None:
    """Give the process that the file names if it lives and is a server on this data directory; none for any other."""
    if pidfile is None:
        return None
    try:
        process = psutil.Process(pidfile.pid)
        return process if is_alive(process) and _works_in(process, data, pidfile.started) else None
    except (psutil.NoSuchProcess, OverflowError):
        return None


def _works_in(process: psutil.Process, data: Path, started: int) -> bool:
    """Say whether the process is PostgreSQL's and serves this data directory, which is where it works.

    Root in a container may not look at another account's working directory (it lacks CAP_SYS_PTRACE). Then it must be
    of the account that owns the data, and have been started with this directory, or at the moment the pid file names.
    """
    if not process.name().startswith(("postgres", "postmaster")):
        return False
    try:
        return is_same(process.cwd(), data)
    except psutil.AccessDenied:
        if process.uids().effective != data.stat().st_uid:
            return False
    words = process.cmdline()
    if "-D" in words[:-1]:
        return is_same(words[words.index("-D") + 1], data)
    return abs(process.create_time() - started) < _CLOCK


def list_processes(data: Path) -> list[int]:
    """Give the ids of all PostgreSQL processes that work in this data directory, as far as they can be seen."""
    found = []
    for process in psutil.process_iter():
        try:
            if _works_in(process, data, 0):
                found.append(process.pid)
        except psutil.Error:
            continue
    return found


def is_alive(process: psutil.Process) -> bool:
    """Say whether it still runs: the same process, and no zombie that nobody has waited for."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def is_same(one: str | Path, other: str | Path) -> bool:
    """Say whether both names lead to the same directory."""
    try:
        return os.path.samefile(one, other)
    except OSError:
        return False
