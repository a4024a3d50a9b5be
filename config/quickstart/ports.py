"""Where the site listens: the port that was asked for, or the next free one, and who has the one that is taken."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import psutil

from config.environment.variables import SettingError, read_text

HOST = "127.0.0.1"
FIRST_PORT = 8000
PORTS_TO_TRY = 50
APPLICATION = "config.wsgi:application"
BASE = Path(__file__).resolve().parents[2]


def choose_port(wanted: int | None = None) -> int:
    """Give the port to serve at: the one asked for (`--port`, or PORT), else the first free one from 8000 on.

    Raises:
        SettingError: the port asked for is no port, or is taken.
    """
    if wanted is None and (text := read_text("PORT")):
        if not text.isdecimal():
            raise SettingError(f"PORT={text!r} is no port: set it to a number from 1 to 65535")
        wanted = int(text)
    if wanted is None:
        return find_free_port()
    if not 0 < wanted < 65536:
        raise SettingError(f"port {wanted} does not exist: choose one from 1 to 65535")
    if reason := why_taken(wanted):
        holder = f" by {found}" if (found := describe_holder(wanted)) else ""
        raise SettingError(
            f"port {wanted} on {HOST} can't be used ({reason}{holder}): choose another with PORT=… or --port"
        )
    return wanted


def find_free_port() -> int:
    """Give the first port from 8000 on that nobody listens at: another copy may be running."""
    for port in range(FIRST_PORT, FIRST_PORT + PORTS_TO_TRY):
        if not why_taken(port):
            return port
    raise SettingError(f"ports {FIRST_PORT} to {FIRST_PORT + PORTS_TO_TRY - 1} are all taken: name one with PORT=…")


def why_taken(port: int) -> str:
    """Say why `port` can't be listened at; empty if it can."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            return os.strerror(error.errno or 0).lower()
    return ""


# --- Whose it is -------------------------------------------------------------------------------------------------
def describe_holder(port: int) -> str:
    """Give who listens at `port`: `process 123 (nginx)`. Empty where this account may not know."""
    process = _find_listener(port)
    if process is None:
        return ""
    try:
        family = [each for each in [process, *process.parents()] if _is_site(each)]
        if not family:
            return f"process {process.pid} ({process.name()})"
        server = family[-1]  # its workers look like it
        if _is_left_behind(server):
            return f"this project's site, which process {server.pid} serves for nobody: `kill {server.pid}` ends it"
        return f"this project's site, process {server.pid}"
    except psutil.Error:  # it has just ended, or is somebody else's
        return f"process {process.pid}"


def _find_listener(port: int) -> psutil.Process | None:
    """Give the first of the processes that listen there: a server hands its socket on to workers."""
    try:
        found = [
            each.pid
            for each in psutil.net_connections("tcp")
            if each.pid and each.status == psutil.CONN_LISTEN and each.laddr[1:] == (port,)
        ]
        return psutil.Process(min(found)) if found else None
    except (psutil.Error, OSError):  # macOS tells root alone
        return None


def _is_site(process: psutil.Process) -> bool:
    """Tell whether the process serves this very project, and no copy of it."""
    return APPLICATION in process.cmdline() and Path(process.cwd()) == BASE


def _is_left_behind(server: psutil.Process) -> bool:
    """Tell whether nobody waits for it any more: whoever is started for a `quickstart` has it as its parent."""
    parent = server.parent()
    return "config.quickstart.serving" in server.cmdline() and (parent is None or "quickstart" not in parent.cmdline())
