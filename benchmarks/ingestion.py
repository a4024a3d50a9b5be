"""Reports of runs taken in, over a bare binary COPY of the same rows into a table with the same columns, indexes,
constraints and key, without triggers, policies and counts.

    python -m benchmarks.ingestion

100,000 lines of JSON as an API key to their project: read, checked, upserted and counted. Prints the ratio of rows a
second by CPU time, of the application and of its PostgreSQL backend together, of medians of rounds in turn; then the
memory that the process took for ten times as many.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import psutil
import psycopg

from benchmarks.request import get_seconds
from benchmarks.server import migrated_server
from freehold import embedded

ROUNDS = int(os.environ.get("ROUNDS", "5"))
ROWS = int(os.environ.get("ROWS", "100000"))
LIMIT = 0.70
MEASURE = "--measure"
BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
MAKE_TABLE = """
    CREATE TABLE app.bench_runs (LIKE app.runs INCLUDING ALL, FOREIGN KEY (project_id) REFERENCES app.projects)
"""
COPY = """
    COPY app.bench_runs (project_id, external_id, kind, status, started_at, finished_at, metadata)
    FROM STDIN (FORMAT binary)
"""
TYPES = ("uuid", "text", "text", "text", "timestamptz", "timestamptz", "jsonb")
Row = tuple[str, str, str, datetime, datetime, dict[str, Any]]


def main() -> None:
    """Print the figures, against a server of the benchmark's own."""
    with migrated_server(DEBUG="1") as (server, environment):
        command = [sys.executable, "-m", "benchmarks.ingestion", MEASURE, server]
        subprocess.run(command, check=True, env={**environment, "SERVICE": "api"})


def measure(server: str) -> None:
    """Measure both, the reports as a key to their project."""
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection

    from freehold.acting.principals import LazyPrincipal
    from freehold.services import acting_as
    from runs.services.ingestion import ingest_runs
    from tenancy.services.api_key import get_proof

    settings.DEBUG = False
    admin = psycopg.connect(embedded.get_url(server), autocommit=True)
    project, text = make_key(admin)
    proof = get_proof(text)
    admin.execute(MAKE_TABLE)
    connection.ensure_connection()
    backend, copying = (psutil.Process(each.info.backend_pid) for each in (connection.connection, admin))
    numbers = count()

    def ingest(rows: int = ROWS) -> None:
        with acting_as("api", LazyPrincipal(f"api_key:{proof}")):
            outcome = ingest_runs(project, iter_lines(next(numbers), rows), whole=False)
        assert outcome.changed == rows, outcome

    def copy() -> None:
        copy_rows(admin, project, next(numbers))

    print_ratio(admin, lambda: spend(copying, copy), lambda: spend(backend, ingest))
    print_memory(ingest)


def copy_rows(admin: psycopg.Connection, project: UUID, part: int) -> None:
    """Let a bare COPY take the rows of a part."""
    rows = list(iter_rows(part, ROWS))
    with admin.cursor().copy(COPY) as stream:
        stream.set_types(TYPES)
        for row in rows:
            stream.write_row((project, *row[:-1], psycopg.types.json.Jsonb(row[-1])))


def print_ratio(admin: psycopg.Connection, copy: Callable[[], float], ingest: Callable[[], float]) -> None:
    """Print the ratio of rows a second, of medians of rounds that begin with empty tables."""
    ours, theirs = [], []
    for _ in range(ROUNDS):
        admin.execute("TRUNCATE app.bench_runs")
        admin.execute("TRUNCATE app.runs, app.run_counts")
        admin.execute("VACUUM ANALYZE app.runs")
        theirs.append(copy())
        ours.append(ingest())
    ratio = statistics.median(theirs) / statistics.median(ours)
    print(f"reports of runs, rows a second over COPY: {ratio:.2f} (at least {LIMIT})")


def print_memory(ingest: Callable[[int], None]) -> None:
    """Print what ten times as many in one call take."""
    before, begun = psutil.Process().memory_info().rss, time.monotonic()
    ingest(ROWS * 10)
    seconds, grown = time.monotonic() - begun, (psutil.Process().memory_info().rss - before) / 2**20
    print(f"{ROWS * 10:,} reports: {ROWS * 10 / seconds:,.0f} a second, {grown:.0f} MiB more memory")


def make_key(admin: psycopg.Connection) -> tuple[UUID, str]:
    """Give a project and the text of a key to it."""
    from tenancy.services.api_key import hash_key

    text = f"fh_{uuid4().hex}"
    (project,) = admin.execute("SELECT id FROM app.projects LIMIT 1").fetchone() or (None,)
    insert = "INSERT INTO app.api_keys (project_id, name, prefix, key_hash) VALUES (%s, 'benchmark', 'fh_bench', %s)"
    admin.execute(insert, [project, hash_key(text)])
    return project, text  # type: ignore[return-value]  # the seeds made it


def iter_rows(part: int, rows: int) -> Iterator[Row]:
    """Yield runs that are new in each part."""
    for number in range(rows):
        started = BEGIN + timedelta(seconds=number % 80_000)
        finished = started + timedelta(seconds=number % 977)
        metadata = {"host": f"worker-{number % 40}", "attempt": number % 3}
        yield f"{part}-{number}", "import", ("succeeded", "failed")[number % 9 == 0], started, finished, metadata


def iter_lines(part: int, rows: int) -> Iterator[bytes]:
    """Yield the same as lines of JSON."""
    for external_id, kind, status, started, finished, metadata in iter_rows(part, rows):
        times = {"started_at": started.isoformat(), "finished_at": finished.isoformat()}
        yield json.dumps(
            {"external_id": external_id, "kind": kind, "status": status, **times, "metadata": metadata}
        ).encode()


def spend(backend: psutil.Process, work: Callable[[], None]) -> float:
    """Give the seconds of CPU time that this process and its backend spend on it."""
    before = get_seconds(backend)
    work()
    return get_seconds(backend) - before


if __name__ == "__main__":
    measure(sys.argv[2]) if sys.argv[1:2] == [MEASURE] else main()
