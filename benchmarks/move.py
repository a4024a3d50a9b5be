"""A move of a table of 1,000,000 rows to another owner while eight writers use it: how long the longest of them waited.

The old release's service goes on through the old name, as its own login: four connections that insert, update and read,
four that do so in transactions of several statements. The move is `manage.py migrate` in a process of its own, with the
lock, the role of each owner, the view and its rights, and the history. Printed are the longest stall of a statement
around the move, the longest before it, and how many requests failed.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.server import running_server
from freehold import embedded

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "tests" / "freehold" / "adoption" / "samples" / "moving"
PAGE = ROOT / "docs" / "moving-a-table.md"
UNTIL = "2099-01-31"  # the page has a day that will be over
ROWS, WRITERS, SECONDS = 1_000_000, 8, 4.0
DATABASE = "bench_move"
FILL = """
    INSERT INTO public.runs (kind, external_id) SELECT 'filled', n::text FROM generate_series(1, {rows}) n
"""


@dataclass
class Writer:
    """One connection of the old release. `stalls` are pairs: when a statement began, and its seconds."""

    parameters: dict[str, Any]
    number: int
    stalls: list[tuple[float, float]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def work(self, stopped: threading.Event) -> None:
        """Write until it is stopped; begin anew after a failure."""
        while not stopped.is_set():
            try:
                with psycopg.connect(**self.parameters, autocommit=True) as session:
                    while not stopped.is_set():
                        self.write(session)
            except psycopg.Error as error:
                self.failures.append(str(error))

    def write(self, session: psycopg.Connection) -> None:
        """Insert, update and read; every second writer does so in one transaction."""
        if self.number % 2:
            with session.transaction():
                self.run_all(session)
        else:
            self.run_all(session)

    def run_all(self, session: psycopg.Connection) -> None:
        """Run the statements, and keep how long each took."""
        note = f"{self.number}-{len(self.stalls)}"
        for statement in (
            "INSERT INTO public.runs (kind, external_id) VALUES ('written', %(note)s) RETURNING id",
            "UPDATE public.runs SET version = version + 1 WHERE kind = 'filled' AND external_id = %(row)s",
            "SELECT id, version FROM public.runs WHERE kind = 'written' AND external_id = %(note)s FOR UPDATE",
        ):
            started = time.perf_counter()
            row = str(random.randrange(self.number * ROWS // WRITERS, (self.number + 1) * ROWS // WRITERS) + 1)
            session.execute(statement, {"note": note, "row": row})
            self.stalls.append((started, time.perf_counter() - started))


def main() -> None:
    """Print the longest stalls, and what failed."""
    with running_server() as path, tempfile.TemporaryDirectory() as directory:
        project = Path(directory) / "moving"
        shutil.copytree(SAMPLE, project, ignore=shutil.ignore_patterns("__pycache__"))
        environment = prepare(path, project)
        writers, seconds, moment = measure(path, project, environment)
        with psycopg.connect(get_url(path), autocommit=True) as admin:
            kept = admin.execute("SELECT count(*) FROM app.runs").fetchone()
    report(writers, seconds, moment, kept[0] if kept else 0)


def prepare(path: str, project: Path) -> dict[str, str]:
    """Make the project's database with its rows, and write the migration; give the environment of its commands."""
    address = embedded.get_address(path)
    environment = {
        **{name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"},
        "PYTHONPATH": str(ROOT),
        "TAG": "bench",
        "PGHOST": str(address["host"]),
        "PGPORT": str(address["port"]),
        "PGPASSFILE": str(address["passfile"]),
        "PGUSER": "postgres",
        "PGDATABASE": DATABASE,
    }
    with psycopg.connect(embedded.get_url(path, "postgres"), autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {DATABASE}")
    run(project, environment, "ownership", "bootstrap", "--passfile", "pgpass")
    run(project, environment, "migrate")
    with psycopg.connect(get_url(path), autocommit=True) as admin:
        admin.execute(FILL.format(rows=ROWS))
        admin.execute("VACUUM ANALYZE public.runs")
    write_page(project)
    run(project, environment, "movetable", "public.runs", "app.runs", "--until", UNTIL)
    run(project, environment, "ownership", "bootstrap", "--passfile", "pgpass")
    return environment


def get_url(path: str) -> str:
    """Give a superuser's URL of the benchmark's database."""
    return embedded.get_url(path, "postgres").rsplit("/", 1)[0] + f"/{DATABASE}"


def write_page(project: Path) -> None:
    """Put the models and the map of docs/moving-a-table.md in place, as they are for the move."""
    import re

    text = PAGE.read_text().replace("date(2027, 1, 31)", "date(2099, 1, 31)")
    files: dict[str, list[str]] = {}
    for name, block in re.findall(r"```python ([^\n]+)\n(.*?)```", text, re.DOTALL):
        files.setdefault(name, []).append(block)
    for name, blocks in files.items():
        (project / name).write_text(blocks[1] if len(blocks) > 1 else blocks[0])


def measure(path: str, project: Path, environment: dict[str, str]) -> tuple[list[Writer], float, tuple[float, float]]:
    """Move the table in the midst of the writing; give the writers, the seconds of `migrate` and when it ran."""
    password = next(
        line.split(":")[4] for line in (project / "pgpass").read_text().splitlines() if ":web_rw_bench:" in line
    )
    address = embedded.get_address(path)
    parameters = {
        "host": address["host"],
        "port": address["port"],
        "dbname": DATABASE,
        "user": "web_rw_bench",
        "password": password,
    }
    writers = [Writer(parameters, number) for number in range(WRITERS)]
    stopped = threading.Event()
    threads = [threading.Thread(target=each.work, args=(stopped,)) for each in writers]
    for thread in threads:
        thread.start()
    time.sleep(SECONDS)
    started = time.perf_counter()
    run(project, environment, "migrate", "--verbosity", "0")
    ended = time.perf_counter()
    time.sleep(SECONDS)
    stopped.set()
    for thread in threads:
        thread.join()
    return writers, ended - started, (started, ended)


def run(project: Path, environment: dict[str, str], *arguments: str) -> None:
    """Run `manage.py` in the project."""
    subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=project, env=environment, check=True, capture_output=True
    )


def report(writers: list[Writer], seconds: float, moment: tuple[float, float], kept: int) -> None:
    """Print what was measured."""
    stalls = [stall for each in writers for stall in each.stalls]
    around = [length for began, length in stalls if began + length >= moment[0] and began <= moment[1]]
    before = [length for began, length in stalls if began + length < moment[0]]
    failed = sum(len(each.failures) for each in writers)
    written = sum(1 for each in writers for _ in each.stalls[::3])
    print(f"move of {ROWS:,} rows under {WRITERS} writers: longest stall {max(around) * 1000:.0f} ms")
    print(f"longest statement in the {SECONDS:.0f} s before it: {max(before) * 1000:.0f} ms")
    print(f"requests: {len(stalls):,}, failed: {failed} (limit 0); rows kept: {kept - ROWS:,} of {written:,}")
    print(f"the whole of migrate: {seconds:.2f} s")
    for each in writers:
        for failure in each.failures[:1]:
            print(f"  {failure}")


if __name__ == "__main__":
    main()
