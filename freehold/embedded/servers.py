"""Finds the server, starts it, stops it."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import psutil
import psycopg

from freehold.embedded import HOST, SUPERUSER
from freehold.embedded.accounts import find_account
from freehold.embedded.binaries import Installation, get_installation
from freehold.embedded.clusters import check_home, make_cluster, read_major, restore_password
from freehold.embedded.directories import Directory, check_vacancy, explain_faults, give_to_owner, make_directory
from freehold.embedded.handovers import hand_over
from freehold.embedded.launches import launch
from freehold.embedded.postmasters import (
    PidFile,
    ask,
    find_postmaster,
    is_alive,
    is_same,
    list_processes,
    make_database,
    read_pidfile,
)
from freehold.embedded.programs import Account
from freehold.errors import EmbeddedError
from freehold.filelocks import file_lock, open_for_lock, take_lock
from freehold.passfile import find_password

PATIENCE = 120.0  # seconds for a start (after a crash it replays its log), for another process's start, for a stop
REFUSALS = 15.0  # seconds in which a server that is ready may refuse us, being full
_PAUSE = 0.02


@dataclass(frozen=True)
class Server:
    """A running server that has proved to be ours."""

    process: psutil.Process
    port: int
    version: str
    pidfile: str
    has_database: bool
    is_new: bool = False  # started by this call


def find_server(directory: Directory) -> Server | None:
    """Give the running server; one that is just starting or stopping is waited for.

    Raises:
        EmbeddedError: it runs, but does not let us in or does not get ready.
    """
    begin = time.monotonic()
    problem = ""
    while (pidfile := read_pidfile(directory.data)) and (process := find_postmaster(directory.data, pidfile)):
        if pidfile.port and pidfile.status == "ready":
            try:
                return _get_server(directory, process, pidfile.port, pidfile)
            except psycopg.OperationalError as error:
                problem = " ".join(str(error).split())
        _check_patience(directory, pidfile, problem, time.monotonic() - begin)
        time.sleep(_PAUSE)
    return None


def _get_server(directory: Directory, process: psutil.Process, port: int, pidfile: PidFile) -> Server:
    data, version, has_database = ask(directory, port)
    if not is_same(data, directory.data):
        raise EmbeddedError(
            f"the PostgreSQL on port {port} works on {data}, not on {directory.data}: "
            "if the directory was moved while it ran, run `manage.py embedded stop`, then start it again"
        )
    return Server(process, port, version, pidfile.text, has_database)


def _check_patience(directory: Directory, pidfile: PidFile, problem: str, waited: float) -> None:
    """Give up on a server that runs and is of no use; `waited` in seconds."""
    runs = f"the embedded PostgreSQL in {directory.path} runs (process {pidfile.pid})"
    if find_password(directory.passfile, user=SUPERUSER, host=HOST) is None:
        raise EmbeddedError(
            f"{runs}, but {directory.passfile} has no password of {SUPERUSER}: put the file back, "
            "or run `manage.py embedded stop`: the next start sets a new one"
        )
    if "password authentication failed" in problem:
        raise EmbeddedError(
            f"{runs}, but {directory.passfile} holds another password than the server: put the right file back, "
            "or run `manage.py embedded stop` and remove the file: the next start sets a new one"
        )
    if "definition of service" in problem:
        raise EmbeddedError(
            f"PGSERVICE={os.environ.get('PGSERVICE', '')} names a service that libpq does not find: "
            "unset PGSERVICE, which the embedded PostgreSQL has no use for"
        )
    if waited > (REFUSALS if problem else PATIENCE):
        says = problem or f"it has been {pidfile.status or 'starting'} for {waited:.0f} seconds"
        raise EmbeddedError(f"{runs}, but can't be used ({says}): see {directory.log}")


def start_server(directory: Directory) -> Server:
    """Give the running server, started when needed, with its database. Of several callers one starts it.

    Raises:
        EmbeddedError: it can't be started.
    """
    server = find_server(directory)
    if server and server.has_database:
        return server
    check_vacancy(directory)
    if not directory.path.exists():
        get_installation(find_account(directory.data))  # a fault of it leaves no directory behind
    make_directory(directory)
    with _hold_lock(directory) as lock:
        server = find_server(directory) or _launch_server(directory, lock)
        if not server.has_database:
            make_database(directory, server.port)
        return server


@contextmanager
def _hold_lock(directory: Directory) -> Iterator[int]:
    """Hold the lock of those who start or stop the server; give its descriptor."""
    try:
        with explain_faults(directory.path), file_lock(directory.lock, timeout=PATIENCE) as lock:
            give_to_owner(directory, directory.lock)
            yield lock
    except TimeoutError:
        raise EmbeddedError(
            f"another process has been starting or stopping the embedded PostgreSQL in {directory.path} "
            f"for {PATIENCE:.0f} seconds: see {directory.log}"
        ) from None


def _launch_server(directory: Directory, lock: int) -> Server:
    check_home(directory)
    account = find_account(directory.data)
    installation = get_installation(account, major=read_major(directory))
    if not directory.is_initialised:
        make_cluster(directory, installation, account, lock)
    alive = open_for_lock(directory.alive)
    try:
        give_to_owner(directory, directory.alive)
        return _wait_for_orphans(directory, alive) or _launch_alone(directory, installation, account, alive)
    finally:
        os.close(alive)


def _wait_for_orphans(directory: Directory, alive: int) -> Server | None:
    """Lock the descriptor that the server's processes inherit; give the server if one turns up instead.

    Backends may outlive a server that was killed, with its shared memory, and a starter may have been killed just
    after its server came up. No process id is needed to see them: each holds the lock. Containers that share the
    directory see each other's, too.
    """
    deadline = time.monotonic() + PATIENCE / 2
    while time.monotonic() < deadline:
        try:
            take_lock(alive, timeout=0.1)
        except TimeoutError:
            if server := find_server(directory):
                return server
        else:
            return None
    raise EmbeddedError(
        f"processes of an earlier PostgreSQL in {directory.path} still run "
        f"({', '.join(map(str, list_processes(directory.data))) or 'perhaps in another container'}): "
        "end them, then start again"
    )


def _launch_alone(directory: Directory, installation: Installation, account: Account | None, alive: int) -> Server:
    """Start the server, now that no other is there: what postmaster.pid says is stale."""
    (directory.data / "postmaster.pid").unlink(missing_ok=True)
    if account:
        _settle(directory.data, account)
    restore_password(directory, installation, account, alive)
    launch(directory, installation, account, alive)
    server = find_server(directory)
    if server is None:
        raise EmbeddedError(f"PostgreSQL has started in {directory.path} and ended again: see {directory.log}")
    return replace(server, is_new=True)


def _settle(data: Path, account: Account) -> None:
    """Give the account the data of an earlier release; say so, or why not."""
    with explain_faults(data):
        if hand_over(data, account):
            _tell(f"{data} belonged to nobody, and now to the account {account.name}, which PostgreSQL runs as")
    if account.note:
        _tell(account.note)


def _tell(line: str) -> None:
    sys.stderr.write(f"freehold: {line}\n")


def stop_server(directory: Directory) -> bool:
    """Stop the server, ending its connections; say whether there was one.

    The signal goes to no process but a PostgreSQL server that works in this very data directory.

    Raises:
        EmbeddedError: it may not be stopped, or does not end.
    """
    if not directory.path.exists():
        return False
    with _hold_lock(directory):
        process = find_postmaster(directory.data, read_pidfile(directory.data))
        if not process:
            return False
        try:
            process.send_signal(signal.SIGINT)  # "fast": roll back, write a checkpoint, end
        except psutil.NoSuchProcess:
            return True
        except psutil.AccessDenied as error:
            raise EmbeddedError(
                f"the embedded PostgreSQL in {directory.path} (process {process.pid}) belongs to another account: "
                "stop it as that account, or as root"
            ) from error
        _wait_for_end(directory, process)
    return True


def _wait_for_end(directory: Directory, process: psutil.Process) -> None:
    deadline = time.monotonic() + PATIENCE
    while is_alive(process):
        if time.monotonic() > deadline:
            raise EmbeddedError(
                f"the embedded PostgreSQL in {directory.path} (process {process.pid}) has not ended "
                f"in {PATIENCE:.0f} seconds: see {directory.log}"
            )
        time.sleep(_PAUSE)
