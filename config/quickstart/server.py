"""Serves the site with granian in a process of its own, and knows when it answers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from types import TracebackType

from config.environment.variables import SettingError
from config.quickstart.ports import APPLICATION, BASE, HOST

READY_WITHIN = 60.0  # seconds


class SiteServer:
    """The site's web server as a child process. It loads the project at once, and serves when it is told where.

    Leaving the `with` block ends it, the way it was left or not.
    """

    url = ""

    def __enter__(self) -> SiteServer:
        command = [sys.executable, "-m", "config.quickstart.serving", "--interface", "wsgi", "--host", HOST]
        command += ["--workers", "1", "--blocking-threads", "4", "--no-ws", "--log-level", "warning"]
        # A group of its own: Ctrl-C reaches this process alone, which then ends the server in order. The pipe is how it
        # learns that this process was killed. It runs where the project is, so that others can tell whose it is.
        self.process = subprocess.Popen(
            [*command, APPLICATION], start_new_session=True, stdin=subprocess.PIPE, cwd=BASE, text=True
        )
        signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
        return self

    def serve_at(self, port: int) -> None:
        """Let it listen."""
        self.port = port
        self.url = f"http://{HOST}:{port}"
        assert self.process.stdin is not None  # noqa: S101 - for mypy: it is a pipe
        with suppress(BrokenPipeError):  # it has ended: see wait_until_ready
            print(port, file=self.process.stdin, flush=True)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)  # its workers too

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
