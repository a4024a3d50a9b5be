"""Brings the server's process up, on a free TCP port of the loopback interface."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import time
from pathlib import Path

import psutil

from freehold.embedded import HOST
from freehold.embedded.binaries import Installation
from freehold.embedded.directories import Directory, give_to_owner, write_file
from freehold.embedded.postmasters import is_alive, read_pidfile
from freehold.embedded.programs import Account, get_complaint, get_environment
from freehold.errors import EmbeddedError
from freehold.filetrust import open_trusted

_RANGE = range(20000, 32000)  # below what Linux and macOS give to outgoing connections, registered for little
_PAUSE = 0.02
_PATIENCE = 120.0  # seconds for a server to get ready in
_RETRIES = 30.0  # seconds in which another try is made when a start fails for what may pass
# Values of rows and statements are for nobody who reads the log. Who was refused, and by which SQLSTATE, stays.
# On the command line they hold for data of earlier releases too; ALTER DATABASE and ALTER ROLE … SET go before them.
LOG_SETTINGS = {
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_line_prefix": "%m [%p] %q%u@%d [%a] %e ",
}
LOG_LIMIT = 10_000_000  # bytes; beyond, the log of earlier starts becomes server.log.1


def launch(directory: Directory, installation: Installation, account: Account | None, alive: int) -> None:
    """Start the server on the remembered port, or on another one where that is taken.

    Returns once it is ready, or takes its time over it. `alive` is a locked descriptor that the server inherits.

    Raises:
        EmbeddedError: it ends instead.
    """
    deadline = time.monotonic() + _RETRIES
    port = _choose_port(_read_port(directory))
    while True:
        begin = _open_log(directory)
        if _becomes_ready(directory, _spawn(directory, installation, account, port, alive)):
            if port != _read_port(directory):
                write_file(directory, directory.port, f"{port}\n")
            return
        said = directory.log.read_bytes()[begin:].decode(errors="replace")
        if "could not bind" in said:  # taken since we looked
            port = _choose_port()
        elif "is still in use" not in said:  # the memory of backends that outlived their server; they end soon
            break
        if time.monotonic() > deadline:
            break
        time.sleep(_PAUSE)
    raise EmbeddedError(f"PostgreSQL does not start in {directory.path} ({get_complaint(said)}): see {directory.log}")


def _spawn(
    directory: Directory, installation: Installation, account: Account | None, port: int, alive: int
) -> psutil.Process | None:
    """Start the server as nobody's child, in a session of its own: it outlives this process and its terminal's Ctrl-C.

    The shell in between ends at once, so that init inherits the server and no zombie of it can stay with us.
    """
    postgres: list[str | Path] = [installation.bin / "postgres", "-D", directory.data, "-h", HOST, "-p", str(port)]
    settings = {"unix_socket_directories": "", **LOG_SETTINGS}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    with os.fdopen(open_trusted(directory.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT), "ab") as log:
        shell = subprocess.run(
            ["/bin/sh", "-c", '"$@" >&2 & echo $!', "sh", *postgres, *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            cwd="/",
            env=get_environment(),
            pass_fds=[alive],
            start_new_session=True,
            check=True,
            **(account.options if account else {}),
        )
    try:
        return psutil.Process(int(shell.stdout))
    except psutil.NoSuchProcess:
        return None


def _becomes_ready(directory: Directory, process: psutil.Process | None) -> bool:
    """Wait until the server is ready; say no when it has ended instead. After a crash it replays its log first."""
    deadline = time.monotonic() + _PATIENCE
    while process and is_alive(process):
        pidfile = read_pidfile(directory.data)
        if pidfile and pidfile.pid == process.pid and pidfile.status == "ready":
            return True
        if time.monotonic() > deadline:
            return True  # it runs: what it is at, whoever asks it next will say
        time.sleep(_PAUSE)
    return False


def _read_port(directory: Directory) -> int | None:
    try:
        return int(directory.port.read_text())
    except (FileNotFoundError, ValueError):
        return None


def _open_log(directory: Directory) -> int:
    """Make sure that there is a log and that it is not endless; give its length, where this start's part begins."""
    if directory.log.exists() and directory.log.stat().st_size > LOG_LIMIT:
        directory.log.replace(directory.log.with_name("server.log.1"))
    os.close(open_trusted(directory.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND))
    give_to_owner(directory, directory.log)
    return directory.log.stat().st_size


def _choose_port(preferred: int | None = None) -> int:
    if preferred and is_free(preferred):
        return preferred
    for _ in range(100):
        port = secrets.choice(_RANGE)
        if port != preferred and is_free(port):
            return port
    raise EmbeddedError(f"no TCP port between {_RANGE.start} and {_RANGE.stop} on {HOST} is free for PostgreSQL")


def is_free(port: int) -> bool:
    """Say whether a server could listen there now, with the socket option that PostgreSQL sets as well."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as test:
        test.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            test.bind((HOST, port))
        except (OSError, OverflowError):
            return False
    return True
