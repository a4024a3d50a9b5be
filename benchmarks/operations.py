"""What running it costs: from a process's start to its first answer, memory of each service, and what a probe takes.

    python -m benchmarks.operations

Each service is started by the image's command (`Dockerfile`) against an embedded server of the benchmark's own. Memory
is PSS: what processes share counts once. A probe is `GET /readyz` over a connection that is kept: one query to the
database, by a connection of the process's pool, or one that is opened for it; once a minute the look for drift besides.
"""

from __future__ import annotations

import http.client
import json
import secrets
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from benchmarks.server import ROOT, migrated_server
from config.quickstart.ports import find_free_port
from freehold import embedded

SERVICES = {"web": ("/", "/login/"), "api": ("/items/", "/api/v1/items"), "admin": ("/admin/login/?next=/admin/",)}
STARTS = 5
PROBES = 1000
LOOKS = 50
PAGES = 100  # of each of its addresses, before memory is looked at again
LIMIT = 10  # ms; a probe
MIB = 2**20


class Site:
    """A service's process that answers, and what it took until then."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process = process
        begun = time.perf_counter()
        self.connection = _connect(process, port)
        self.ask("/healthz")
        self.seconds = time.perf_counter() - begun

    def ask(self, address: str) -> float:
        """Ask, and give the milliseconds."""
        begun = time.perf_counter()
        self.connection.request("GET", address)
        answer = self.connection.getresponse()
        answer.read()
        assert answer.status == 200, (address, answer.status)
        return (time.perf_counter() - begun) * 1000

    @property
    def memory(self) -> float:
        """MiB of the process and those that it started."""
        first = psutil.Process(self.process.pid)
        family = [first, *first.children(recursive=True)]
        return sum(each.memory_full_info().pss for each in family) / MIB


def main() -> None:
    """Print the figures."""
    with migrated_server() as (server, environment):
        for service in SERVICES:
            print_start(service, server, environment)
        print_look(environment)
        for title, pool in {"a pool": "&pool=max_size:4,min_size:1", "a connection for each": ""}.items():
            print_probes(title, server, environment, pool)


def print_start(service: str, server: str, environment: dict[str, str]) -> None:
    """Print how long it takes to the first answer, and its memory then and after some pages."""
    seconds = []
    for _ in range(STARTS):
        with running(service, server, environment) as site:
            seconds.append(site.seconds)
            site.ask("/readyz")
            at_first = site.memory
            for address in SERVICES[service] * PAGES:
                site.ask(address)
            after = site.memory
    print(
        f"{service}: {statistics.median(seconds):.2f} s to the first answer ({min(seconds):.2f} to "
        f"{max(seconds):.2f}), "
        f"{at_first:.0f} MiB then, {after:.0f} MiB after {PAGES * len(SERVICES[service])} pages"
    )


def print_look(environment: dict[str, str]) -> None:
    """Print what the look for drift takes, in a process of its own: the first, and where nothing changed since."""
    look = [sys.executable, "-m", "benchmarks.operations", "look"]
    run = subprocess.run(
        look, check=True, cwd=ROOT, env={**environment, "SERVICE": "api"}, stdout=subprocess.PIPE, text=True
    )
    first, later = map(float, run.stdout.split())
    print(f"the look for drift: the first {first:.0f} ms, the later ones {later:.1f} ms")


def time_look() -> None:
    """Print the milliseconds."""
    import django

    django.setup()
    from django.db import connection

    from freehold import acting_as
    from freehold.ownership import get_ownership
    from freehold.rights.look import find_drift_over

    times = []
    with acting_as("api"):
        connection.ensure_connection()
        for _ in range(LOOKS):
            begun = time.perf_counter()
            find_drift_over(connection, get_ownership())
            times.append((time.perf_counter() - begun) * 1000)
    print(times[0], statistics.median(times[1:]))


def print_probes(title: str, server: str, environment: dict[str, str], pool: str) -> None:
    """Print what a probe takes, and the first, which reads and compares the whole catalogue."""
    with running("api", server, environment, pool) as site:
        first = site.ask("/readyz")
        times = sorted(site.ask("/readyz") for _ in range(PROBES))
        alive = sorted(site.ask("/healthz") for _ in range(PROBES))
    print(
        f"/readyz with {title}: {statistics.median(times):.1f} ms, p99 {times[PROBES * 99 // 100]:.1f} ms "
        f"(limit {LIMIT}), the first {first:.0f} ms; /healthz {statistics.median(alive):.1f} ms"
    )


@contextmanager
def running(service: str, server: str, environment: dict[str, str], options: str = "") -> Iterator[Site]:
    """Start a service as its container does, and end it."""
    port = find_free_port()
    more = {
        "SERVICE": service,
        "DATABASE_URL": f"{embedded.get_url(server, f'{service}_rw')}?application_name=operations{options}",
        "DEBUG": "0",
        "HTTPS": "0",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "127.0.0.1",
    }
    words = {"0.0.0.0": "127.0.0.1", "8000": str(port)}
    program, *rest = [words.get(each, each) for each in read_command()]
    command = [str(Path(sys.executable).with_name(program)), *rest, "--log-level", "error"]
    process = subprocess.Popen(command, cwd=ROOT, env={**environment, **more})
    try:
        yield Site(process, port)
    finally:
        process.terminate()
        process.wait(timeout=20)


def read_command() -> list[str]:
    """Give the image's CMD."""
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    words: list[str] = json.loads(next(each for each in lines if each.startswith("CMD ")).removeprefix("CMD "))
    return words


def _connect(process: subprocess.Popen[bytes], port: int) -> http.client.HTTPConnection:
    """Give a connection as soon as somebody listens."""
    while process.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.connect()
        except OSError:
            time.sleep(0.005)
        else:
            return connection
    raise RuntimeError(f"the service ended with status {process.returncode}")


if __name__ == "__main__":
    time_look() if sys.argv[1:] == ["look"] else main()
