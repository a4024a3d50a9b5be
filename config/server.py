"""Serves the site with granian in a process of its own, and knows when it answers."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection, HTTPException
from types import TracebackType

from config.environment import SettingError, read_text

HOST = "127.0.0.1"
FIRST_PORT = 8000
PORTS_TO_TRY = 50
READY_WITHIN = 60.0  # seconds


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
        raise SettingError(f"port {wanted} on {HOST} can't be used ({reason}): choose another with PORT=… or --port")
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


class SiteServer:
    """The site's web server as a child process. Leaving the `with` block ends it, the way it was left or not."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.url = f"http://{HOST}:{port}"

    def __enter__(self) -> SiteServer:
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(self.port)]
        command += ["--workers", "1", "--blocking-threads", "4", "--no-ws", "--log-level", "warning"]
        # A group of its own: Ctrl-C reaches this process alone, which then ends the server in order.
        self.process = subprocess.Popen([*command, "config.wsgi:application"], start_new_session=True)
        signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.process.kill()

    def wait_until_ready(self) -> None:
        """Return when the site answers.

        Raises:
            SettingError: it ended, or did not answer within a minute.
        """
        deadline = time.monotonic() + READY_WITHIN
        while time.monotonic() < deadline and self.process.poll() is None:
            if self.answers():
                return
            time.sleep(0.05)
        raise SettingError(f"the web server at {self.url} did not start; its own words stand above")

    def answers(self) -> bool:
        """Tell whether the site answers a request now."""
        connection = HTTPConnection(HOST, self.port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status < 500
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    def wait(self) -> None:
        """Return when the server has ended by itself; Ctrl-C is raised to the caller."""
        status = self.process.wait()
        raise SettingError(f"the web server ended by itself with status {status}; its own words stand above")
