"""Reports of runs taken in over HTTP, as lines of one body, over a bare binary COPY of the same rows into a table
with the same columns, indexes, constraints and key, without triggers, policies and counts.

    python -m benchmarks.ingestion_http                       # the ratio, and memory over ten times as many lines
    python -m benchmarks.ingestion_http --memory 1000000      # over so many lines in one upload

granian with one worker and the whole of the middleware, as `api_rw`, for an API key. What counts is the CPU of its
processes and of its sessions in PostgreSQL, and on the other side that of COPY's client and session; the upload's
client is in neither.
"""

from __future__ import annotations

import argparse
import http.client
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from itertools import count, islice
from typing import Any

import psutil
import psycopg

from benchmarks.api import Side, find_port, list_family, read_cpu, running, wait
from benchmarks.ingestion import MAKE_TABLE, ROWS, copy_rows, iter_lines, make_key, print_ratio, spend
from benchmarks.server import migrated_server
from freehold import embedded

MEASURE = "--measure"


def main() -> None:
    """Print the figures, against a server of the benchmark's own."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--memory", type=int, default=ROWS * 10, metavar="LINES")
    lines = parser.parse_args(sys.argv[1:] if __name__ == "__main__" else []).memory
    with migrated_server(DEBUG="1") as (server, environment):
        command = [sys.executable, "-m", "benchmarks.ingestion_http", MEASURE, server, str(lines)]
        subprocess.run(command, check=True, env={**environment, "SERVICE": "api"})


def measure(server: str, lines: int) -> None:
    """Measure both, the reports by a key to their project."""
    import os

    import django

    django.setup()
    side = Side("ours", "config.wsgi:application", "/api/v1/categories", login="api_rw", port=find_port())
    with (
        running(side, server, dict(os.environ)) as side.process,
        psycopg.connect(embedded.get_url(server), autocommit=True) as admin,
    ):
        wait(side)
        project, key = make_key(admin)
        admin.execute(MAKE_TABLE)
        numbers, copying = count(), psutil.Process(admin.info.backend_pid)

        def copy() -> float:
            return spend(copying, lambda: copy_rows(admin, project, next(numbers)))

        print_ratio(admin, copy, lambda: ingest(side, admin, key, next(numbers)))
        print_memory(side, key, next(numbers), lines)


def ingest(side: Side, admin: psycopg.Connection, key: str, part: int) -> float:
    """Upload the lines of a part; give the seconds of CPU that it took the site and its sessions."""
    sent = list(iter_parts(part, ROWS))
    family = list_family(side)
    found = admin.execute("SELECT pid FROM pg_stat_activity WHERE application_name = %s", [side.name]).fetchall()
    family += [psutil.Process(pid) for (pid,) in found]
    before = sum(map(read_cpu, family))
    outcome = upload(side, key, iter(sent), sum(map(len, sent)))
    assert outcome["changed"] == ROWS, outcome
    return sum(map(read_cpu, family)) - before


def iter_parts(part: int, lines: int) -> Iterator[bytes]:
    """Yield the lines as a client sends them, a thousand at a time."""
    every = iter_lines(part, lines)
    while some := list(islice(every, 1_000)):
        yield b"\n".join(some) + b"\n"


def upload(side: Side, key: str, content: Iterator[bytes], size: int) -> Any:
    """Send it in parts; give what became of it."""
    connection = http.client.HTTPConnection("127.0.0.1", side.port, timeout=600)
    headers = {"Content-Type": "application/x-ndjson", "Authorization": f"Bearer {key}"}
    headers["Content-Length"] = str(size)
    connection.request("POST", "/api/v1/runs", body=content, headers=headers)
    answer = connection.getresponse()
    said = answer.read()
    assert answer.status == 200, (answer.status, said[:500])
    return json.loads(said)


def read_memory(side: Side) -> int:
    """Give the bytes that its processes have."""
    return sum(each.memory_info().rss for each in list_family(side))


def print_memory(side: Side, key: str, part: int, lines: int) -> None:
    """Print how much more memory the site has at most while so many lines come in one upload."""
    before, most, is_over = read_memory(side), [0], threading.Event()

    def watch() -> None:
        while not is_over.wait(0.2):
            most[0] = max(most[0], read_memory(side))

    watcher = threading.Thread(target=watch)
    watcher.start()
    size, begun = sum(map(len, iter_parts(part, lines))), time.monotonic()
    outcome = upload(side, key, iter_parts(part, lines), size)
    seconds = time.monotonic() - begun
    is_over.set()
    watcher.join()
    assert outcome["changed"] == lines, outcome
    print(f"{lines:,} lines in one upload: {lines / seconds:,.0f} a second, {(most[0] - before) / 2**20:.0f} MiB more")


if __name__ == "__main__":
    measure(sys.argv[2], int(sys.argv[3])) if sys.argv[1:2] == [MEASURE] else main()
