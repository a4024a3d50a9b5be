"""The server's process, as far as it can be trusted: a process id in a file proves nothing. The one test that can't be
fooled is to ask a server over its port who it is.

After a crash, or a restart of the machine, postmaster.pid may name a process that has nothing to do with it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import psycopg
from psycopg import sql

from freehold.embedded import DATABASE, HOST, SUPERUSER
from freehold.embedded.directories import Directory, explain_faults
from freehold.passfile import find_password

_CLOCK = 10.0  # seconds by which a process's start may differ from what its pid file says
_KNOWN = {option.keyword.decode() for option in psycopg.pq.Conninfo.get_defaults()}  # to the libpq in use
PLAIN: dict[str, Any] = {  # on the loopback, with SCRAM, whatever PGSSLMODE, PGHOSTADDR and their like say
    name: value
    for name, value in {
        "hostaddr": HOST,
        "password": "",  # looked up in the password file, although PGPASSWORD is set
        "require_auth": "scram-sha-256",  # the server proves that it knows it: a stranger learns nothing
        "channel_binding": "disable",
        "gssencmode": "disable",
        "sslmode": "disable",
        "sslnegotiation": "postgres",
        "sslcertmode": "disable",
        "sslrootcert": "",
        "target_session_attrs": "any",
    }.items()
    if name in _KNOWN
}
_QUESTION = """
select pg_catalog.current_setting('data_directory'),
       pg_catalog.current_setting('server_version'),
       exists (select from pg_catalog.pg_database where datname = %s)
"""
_OTHERS = """
select exists (
    select from pg_catalog.pg_stat_activity where backend_type = 'client backend' and pid <> pg_catalog.pg_backend_pid()
)
"""


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
    try:
        return os.path.samefile(one, other)
    except OSError:
        return False


# --- Asking it --------------------------------------------------------------------------------------------------------
def _connect(directory: Directory, port: int) -> psycopg.Connection:
    """Connect as the superuser, whatever PG* variables the environment holds."""
    password = find_password(directory.passfile, user=SUPERUSER, host=HOST) or ""
    return psycopg.connect(
        host=HOST,
        port=port,
        user=SUPERUSER,
        dbname="postgres",  # no session of ours may keep `freehold` from being used as a template
        options="",
        connect_timeout=10,
        autocommit=True,
        **{**PLAIN, "password": password},
    )


def ask(directory: Directory, port: int) -> tuple[Path, str, bool]:
    """Ask the server on this port for its data directory, its version, and whether it has the database.

    Raises:
        psycopg.OperationalError: there is none, it refuses our password, or it is not ready.
    """
    with _connect(directory, port) as connection:
        row = connection.execute(_QUESTION, [DATABASE]).fetchone()
    if row is None:
        raise psycopg.OperationalError("the server gave no answer")
    return Path(row[0]), str(row[1]).split(" ")[0], bool(row[2])


def has_clients(directory: Directory, port: int) -> bool:
    """Tell whether anyone but the caller is connected.

    Raises:
        psycopg.OperationalError: there is no server, or it takes no more connections.
    """
    with _connect(directory, port) as connection:
        row = connection.execute(_OTHERS).fetchone()
    return bool(row and row[0])


def make_database(directory: Directory, port: int) -> None:
    """Make the database, unless it came into being meanwhile."""
    with _connect(directory, port) as connection:
        try:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(DATABASE)))
        except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
            return
