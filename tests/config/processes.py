"""Sites in processes of their own: started with a service and a database, browsed over HTTP, and ended."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import HTTPCookieProcessor, build_opener

from tests.freehold.estates import get_server
from tests.leaks import WATCH

ROOT = Path(__file__).resolve().parents[2]
SERVE = (
    "granian",
    "--interface",
    "wsgi",
    "--workers",
    "1",
    "--blocking-threads",
    "2",
    "--no-ws",
    "--log-level",
    "warning",
)
PRODUCTION = {"DEBUG": "0", "SECRET_KEY": secrets.token_urlsafe(50)}
READY_WITHIN = 60.0  # seconds


def make_url(database: str, account: str = "", **options: str) -> str:
    """Give the DATABASE_URL of a database on the suite's server; without an account each process has its own login."""
    server = get_server()
    options |= {name: str(server[name]) for name in ("sslmode", "gssencmode", "passfile") if name in server}
    at = f"{quote(account)}@" if account else ""
    return f"postgresql://{at}{server['host']}:{server['port']}/{database}?{urlencode(options, quote_via=quote)}"


def make_environment(service: str, url: str, **more: str) -> dict[str, str]:
    """Give the environment of a process of a service."""
    settings = "tests.config.probing_settings"
    return {**os.environ, "DJANGO_SETTINGS_MODULE": settings, "SERVICE": service, "DATABASE_URL": url, **more}


def find_port() -> int:
    """Give a port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Answer:
    """What a site answered, redirects followed."""

    status: int
    text: str
    url: str


class Visitor:
    """Someone with a browser: cookies are for a host, whatever the port, as behind one address."""

    def __init__(self) -> None:
        self.cookies = CookieJar()
        self.opener = build_opener(HTTPCookieProcessor(self.cookies))

    def open(self, url: str, **form: str) -> Answer:
        """Get a page, or post a form to it."""
        data = urlencode(form).encode() if form else None
        WATCH.add_named(form)
        try:
            with self.opener.open(url, data, timeout=30) as response:
                WATCH.add_keys(*(cookie.value or "" for cookie in self.cookies))
                return Answer(response.status, response.read().decode(), response.url)
        except HTTPError as error:
            return Answer(error.code, error.read().decode(), error.url or "")

    def sign_in(self, site: Site, email: str, path: str = "/login/") -> Answer:
        """Sign in at a site with the password of the demo data."""
        self.open(site.url + path)
        token = next(cookie.value for cookie in self.cookies if cookie.name == "csrftoken")
        form = {"username": email, "password": "freehold-demo", "csrfmiddlewaretoken": token or ""}
        return self.open(site.url + path, **form)

    def probe(self, site: Site, path: str = "/probe/") -> dict[str, Any]:
        """Ask a site as whom it asks PostgreSQL."""
        found: dict[str, Any] = json.loads(self.open(site.url + path).text)
        return found


class Site:
    """A site that runs. Its words are in a file."""

    def __init__(self, process: subprocess.Popen[str], url: str, words: Path) -> None:
        self.process, self.url, self.words = process, url, words

    @property
    def said(self) -> str:
        """Everything it printed."""
        return self.words.read_text()

    def wait(self) -> None:
        """Return when it listens."""
        deadline = time.monotonic() + READY_WITHIN
        port = int(self.url.rpartition(":")[2])
        while time.monotonic() < deadline and self.process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError(f"the site did not start:\n{self.said}")


@contextmanager
def serving(directory: Path, service: str, url: str, threads: int = 2, **environment: str) -> Iterator[Site]:
    """Run the site as a service for the block, once it listens. `threads` is how many requests it answers at once."""
    port = find_port()
    words = directory / f"{service}-{port}.log"
    command = [sys.executable, "-m", *SERVE, "--blocking-threads", str(threads)]  # of two the last counts
    with words.open("w") as output:
        process = subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--port", str(port), "config.wsgi:application"],
            cwd=ROOT,
            env=make_environment(service, url, **environment),
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
    site = Site(process, f"http://127.0.0.1:{port}", words)
    try:
        site.wait()
        yield site
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        finally:
            process.kill()  # nothing where it has ended
            WATCH.lines.extend(site.said.splitlines())


def run(command: list[str], service: str, url: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command that ends by itself; its words, both kinds, in `stdout`."""
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env=make_environment(service, url, **environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        words, _ = process.communicate(timeout=READY_WITHIN)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)  # a server that runs on has workers
        words, _ = process.communicate()
        raise AssertionError(f"it did not end:\n{words}") from None
    return subprocess.CompletedProcess(command, process.returncode, words)
