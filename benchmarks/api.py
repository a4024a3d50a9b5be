"""`GET /api/v1/items?limit=50` of people who are signed in, over the same page by others and by nearly nothing.

    python -m benchmarks.api                 # ratios of CPU, requests a second, p99, and what each part of ours costs
    python -m benchmarks.api --soak 100000   # memory over so many requests

1,000 users with 100 items each and a session each ask in turn. *ours* is the whole: middleware, who asks, policies,
parameters checked, typed SQL, as `api_rw`. *the limit* is a bare WSGI function that lets PostgreSQL build the JSON,
without authentication and policies; the others (benchmarks/api_peers) look at nobody either. Each side is a process of
granian with one worker and one connection; they answer in turn, and what counts is the CPU of the process and of its
sessions in PostgreSQL. The steps from the limit to ours are processes of their own. Peers that are not installed are
left out; they are no dependency of the project:

    pip install --no-deps --target var/peers fastapi==0.165.0 starlette==1.10.0 sqlalchemy==2.1.9 asyncpg==0.32.0 \
        greenlet==3.5.6 django-ninja==1.7.1 djangorestframework==3.18.3 annotated-doc==0.0.7 \
        opentelemetry-api==1.45.2
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import secrets
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import psycopg

from auth_app.proofs import get_proof, get_row_key
from benchmarks.server import ROOT, migrated_server
from freehold import embedded
from tests.config.processes import find_port

ROUNDS = int(os.environ.get("ROUNDS", "9"))
REQUESTS = int(os.environ.get("REQUESTS", "200"))  # of each side in a round
LIMIT = 1.75
USERS, ITEMS = 1_000, 100
PEERS = ROOT / "var" / "peers"
OURS, BARE = "ours", "the limit"
NOBODY = "nobody"
FILL = """
    INSERT INTO auth."user" (email, password, is_superuser) SELECT 'bench' || n || '@example.org', '', false
    FROM generate_series(1, {users}) AS n;
    INSERT INTO app.items (user_id, category_id, location_id, name, description, price, created_at)
    SELECT u.id, c.id, l.id, 'Thing ' || n, repeat('words ', 20), n, now() - n * interval '1 minute' - u.at
    FROM (SELECT id, row_number() OVER () * interval '1 ms' AS at FROM auth."user" WHERE email LIKE 'bench%') AS u
    CROSS JOIN generate_series(1, {items}) AS n
    JOIN (SELECT id, row_number() OVER () AS at FROM master.categories LIMIT 20) AS c ON c.at = 1 + n % 20
    JOIN (SELECT id, row_number() OVER () AS at FROM master.locations WHERE city <> '' LIMIT 20) AS l
        ON l.at = 1 + n % 20
"""
OPEN = """
    INSERT INTO auth.session (session_key, session_data, expire_date, user_id)
    SELECT k.key, '', now() + interval '1 day', u.id
    FROM unnest(%s::text[]) WITH ORDINALITY AS k (key, n)
    JOIN auth."user" AS u ON u.email = 'bench' || n || '@example.org'
"""


@dataclass
class Side:
    """What answers: `application` as granian serves it. `login` is whom a Django process connects as."""

    title: str
    application: str
    path: str = "/api/v1/items?limit=50"
    interface: str = "wsgi"
    login: str = ""
    is_signed_in: bool = False
    environment: dict[str, str] = field(default_factory=dict)
    needs: str = ""  # the peer's package
    port: int = 0
    process: Any = None
    spent: list[float] = field(default_factory=list)
    in_server: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    @property
    def name(self) -> str:
        """What its sessions are called."""
        return f"bench-{self.port}"

    @property
    def cpu(self) -> float:
        """µs of CPU a request, the median of the rounds but the first."""
        return statistics.median(self.spent[1:]) * 1e6

    @property
    def server_cpu(self) -> float:
        """Those of them that its session in PostgreSQL used."""
        return statistics.median(self.in_server[1:]) * 1e6


HERE = "benchmarks.api_peers"


def make_step(title: str, step: str, *, login: str = "postgres", is_signed_in: bool = True) -> Side:
    """Give ours as far as a step goes. As the superuser no policy holds it."""
    return Side(title, f"{HERE}.steps:application", login=login, is_signed_in=is_signed_in, environment={"STEP": step})


def make_django_peer(title: str, path: str, package: str) -> Side:
    """Give one of the frameworks on Django."""
    return Side(title, f"{HERE}.django_peers:application", f"{path}?limit=50", login="postgres", needs=package)


OTHERS = [
    Side(BARE, f"{HERE}.limit:application"),
    Side("FastAPI, asyncpg by hand", f"{HERE}.asyncpg_by_hand:application", interface="asgi", needs="asyncpg"),
    Side("FastAPI, SQLAlchemy async", f"{HERE}.sqlalchemy_async:application", interface="asgi", needs="sqlalchemy"),
    make_django_peer("ninja, ORM", "/ninja/items", "ninja"),
    make_django_peer("DRF, ORM", "/drf/items", "rest_framework"),
]
STEPS = [  # each with what it has more than the one before
    make_step("rows read and JSON made in Python: typed SQL", "statement", is_signed_in=False),
    make_step("Django's handler, the endpoint, its parameters", "endpoint", is_signed_in=False),
    make_step("who acts, told the database, and taken back behind it", "acting"),
    make_step("the rest of the middleware", "all"),
    make_step(OURS, "all", login="api_rw"),
]


def main() -> None:
    """Print the figures, against a server of the benchmark's own."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--soak", type=int, default=0, metavar="REQUESTS")
    soaked = parser.parse_args(sys.argv[1:] if __name__ == "__main__" else []).soak
    with migrated_server(DEBUG="1") as (server, environment):
        with psycopg.connect(embedded.get_url(server), autocommit=True) as admin:
            keys = fill(admin)
            if soaked:
                with serving([STEPS[-1]], server, environment):
                    soak(STEPS[-1], keys, soaked)
                return
            sides = [each for each in (*OTHERS, *STEPS) if not each.needs or (PEERS / each.needs).exists()]
            for each in OTHERS:
                if each not in sides:
                    print(f"{each.title}: left out, not installed (see the docstring of benchmarks/api.py)")
            with serving(sides, server, environment):
                check(sides, keys)
                measure(sides, keys, admin)
        print_table(sides)


def fill(admin: psycopg.Connection) -> list[str]:
    """Make users, items and sessions; give the sessions' keys."""
    keys = [f"bench{number:027}" for number in range(USERS)]  # of letters and digits, as Django's are
    admin.execute(FILL.format(users=USERS, items=ITEMS))  # type: ignore[call-overload]
    admin.execute(OPEN, [[get_row_key(get_proof(key)) for key in keys]])
    admin.execute("VACUUM ANALYZE app.items")
    admin.execute("VACUUM ANALYZE auth.session")
    return keys


# --- Processes -----------------------------------------------------------------------------------------------------
@contextmanager
def serving(sides: list[Side], server: str, environment: dict[str, str]) -> Iterator[None]:
    """Let each side run in a process of its own."""
    with ExitStack() as stack:
        for side in sides:
            side.port = find_port()
            side.process = stack.enter_context(running(side, server, environment))
        for side in sides:
            wait(side)
        yield


@contextmanager
def running(side: Side, server: str, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Start one side's granian, and end it."""
    address = urlsplit(embedded.get_url(server))
    words = {"host": address.hostname, "port": address.port, "user": address.username, "password": address.password}
    words |= {"dbname": address.path[1:], "application_name": side.name}
    more = {
        "PEERS_DSN": " ".join(f"{name}={value}" for name, value in words.items()),
        "PYTHONPATH": f"{ROOT}:{PEERS}",
        "SERVICE": "api",
        "DEBUG": "0",
        "HTTPS": "0",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "127.0.0.1",
    }
    if side.login:
        url = embedded.get_url(server, side.login)
        more["DATABASE_URL"] = f"{url}?application_name={side.name}&pool=max_size:1,min_size:1"
    command = [sys.executable, "-m", "granian", "--interface", side.interface, "--workers", "1", "--no-ws"]
    command += ["--log-level", "error", "--host", "127.0.0.1", "--port", str(side.port), side.application]
    if side.interface == "wsgi":
        command += ["--blocking-threads", "1"]
    environment = {**environment, **more, **side.environment}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)  # a line for each request
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait(side: Side) -> None:
    """Return when it answers."""
    deadline = time.monotonic() + 60
    while True:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", side.port, timeout=30)
            ask(connection, side, NOBODY)
            return
        except OSError:
            if time.monotonic() > deadline or side.process.poll() is not None:
                raise
            time.sleep(0.1)


def ask(connection: http.client.HTTPConnection, side: Side, key: str) -> bytes:
    """Give the page, for whoever has the session."""
    headers = {"Accept": "application/json"} | ({"Cookie": f"sessionid={key}"} if side.is_signed_in else {})
    connection.request("GET", side.path, headers=headers)
    answer = connection.getresponse()
    content = answer.read()
    assert answer.status == 200, (side.title, answer.status, content[:500])
    if side.title == OURS and key != NOBODY:
        assert answer.headers["RateLimit-Policy"].startswith('"user"'), "the session shows nobody"
    return content


def check(sides: list[Side], keys: list[str]) -> None:
    """End where two sides give other items."""
    found = {}
    for side in sides:
        connection = http.client.HTTPConnection("127.0.0.1", side.port, timeout=30)
        rows = json.loads(ask(connection, side, keys[0]))["rows"]
        found[side.title] = [(each["id"], each["category"]["slug"], each["location"]["city"]) for each in rows]
    assert len({str(each) for each in found.values()}) == 1, found
    assert len(found[BARE]) == 50


# --- Measuring -----------------------------------------------------------------------------------------------------
def measure(sides: list[Side], keys: list[str], admin: psycopg.Connection) -> None:
    """Let each side answer in turn, as often as there are rounds."""
    asked = 0
    for turn in range(ROUNDS + 1):
        for side in sides if turn % 2 else sides[::-1]:
            spend(side, [keys[(asked + number) % USERS] for number in range(REQUESTS)], admin)
        asked += REQUESTS


def spend(side: Side, keys: list[str], admin: psycopg.Connection) -> None:
    """Ask once for each key; write down the CPU of the process and its sessions, and how long each answer took."""
    connection = http.client.HTTPConnection("127.0.0.1", side.port, timeout=30)
    ask(connection, side, keys[0])
    sessions = admin.execute("SELECT pid FROM pg_stat_activity WHERE application_name = %s", [side.name]).fetchall()
    family = list_family(side)
    before, before_server = sum(map(read_cpu, family)), sum(read_cpu(psutil.Process(pid)) for (pid,) in sessions)
    for key in keys:
        started = time.perf_counter()
        ask(connection, side, key)
        side.waits.append(time.perf_counter() - started)
    in_server = sum(read_cpu(psutil.Process(pid)) for (pid,) in sessions) - before_server
    in_process = sum(map(read_cpu, family)) - before
    side.spent.append((in_process + in_server) / len(keys))
    side.in_server.append(in_server / len(keys))


def list_family(side: Side) -> list[psutil.Process]:
    """Give the process and those that it started."""
    first = psutil.Process(side.process.pid)
    return [first, *first.children(recursive=True)]


def read_cpu(process: psutil.Process) -> float:
    """Give the seconds of CPU that all threads of a process have used."""
    tasks = Path(f"/proc/{process.pid}/task").glob("*/schedstat")
    return sum(int(each.read_text().split()[0]) for each in tasks) / 1e9


def print_table(sides: list[Side]) -> None:
    """Print each side over the limit, and what each step costs."""
    bare = next(each for each in sides if each.title == BARE)
    for side in sorted((each for each in sides if each in OTHERS or each.title == OURS), key=lambda each: each.cpu):
        waits = sorted(side.waits[len(side.waits) // (ROUNDS + 1) :])
        ratio = f"{side.cpu / bare.cpu:.2f} of the limit" + (f" (aim {LIMIT})" if side.title == OURS else "")
        shares = f"{side.cpu:,.0f} µs, {side.server_cpu:,.0f} of them PostgreSQL's"
        times = f"{len(waits) / sum(waits):,.0f} requests a second, p99 {waits[int(len(waits) * 0.99)] * 1e3:.1f} ms"
        print(f"{side.title}: {ratio}; {shares}; {times}")
    last = bare
    for side in STEPS:
        title = "policies" if side.title == OURS else side.title
        more, in_server = side.cpu - last.cpu, side.server_cpu - last.server_cpu
        print(
            f"    {title}: {more:+,.0f} µs, {in_server:+,.0f} of them PostgreSQL's, {more / bare.cpu:+.2f} of the limit"
        )
        last = side


def soak(side: Side, keys: list[str], requests: int) -> None:
    """Print the memory of the site's processes at every tenth of so many requests."""
    connection = http.client.HTTPConnection("127.0.0.1", side.port, timeout=30)
    for number in range(requests + 1):
        ask(connection, side, keys[number % USERS])
        if number % max(requests // 10, 1) == 0:
            size = sum(each.memory_info().rss for each in list_family(side)) / 2**20
            print(f"after {number:,} requests: {size:.1f} MiB", flush=True)


if __name__ == "__main__":
    main()
