"""`migrate` from empty with Freehold's backend by itself over stock Django's. Prints ratios of CPU and wall time.

Both sides run Django's own command on the same migrations, with nothing else of Freehold's: no app, no map, no
roles. Only the backend and the tables' place differ: schema `shop`, or `public`. Each run has a process and a database
of its own, and only the command is timed.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.server import running_server
from benchmarks.shop import TABLES, write_app
from freehold import embedded

ROUNDS = 15
LIMIT = 1.05
SIDES = {"stock": "shop_", "freehold": "shop."}
TITLES = (f"CPU of the application (limit {LIMIT})", "wall time", "CPU of the server's session")
Figures = tuple[float, ...]  # the seconds of each title


def main() -> None:
    """Print the three ratios, with what they are made of."""
    spent: dict[str, list[Figures]] = {side: [] for side in SIDES}
    with running_server() as path, tempfile.TemporaryDirectory() as directory:
        write_app(Path(directory))
        for turn in range(ROUNDS):
            for side in SIDES if turn % 2 else reversed(SIDES):
                spent[side].append(measure(path, directory, side, turn))
    for place, title in enumerate(TITLES):
        ours, stock = ([figures[place] for figures in spent[side]] for side in ("freehold", "stock"))
        ratio = statistics.median(one / other for one, other in zip(ours, stock, strict=True))
        figures = f"{ratio:.3f} of stock, the median of pairs; {statistics.median(ours):.3f} s"
        print(f"migrate of {2 * TABLES} migrations, {title}: {figures}")


def measure(path: str, directory: str, side: str, turn: int) -> Figures:
    """Migrate a fresh database in a process of its own; give its figures."""
    name = f"bench_{side}_{turn}"
    with psycopg.connect(embedded.get_url(path, "postgres"), autocommit=True) as admin:
        admin.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))
    url = embedded.get_url(path, "postgres").rsplit("/", 1)[0] + f"/{name}"
    paths = os.pathsep.join([directory, os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "DATABASE_URL": url, "PYTHONPATH": paths, "PYTHONHASHSEED": "0"}
    command = [sys.executable, "-m", "benchmarks.backend_migrate", side]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return tuple(map(float, run.stdout.split()))


def time_migrate(side: str) -> None:
    """Print the figures of one migrate from empty."""
    configure(os.environ["DATABASE_URL"], side)
    from django.core.management import call_command
    from django.db import connection

    with connection.cursor() as cursor:
        if side == "freehold":
            cursor.execute("CREATE SCHEMA shop")
        cursor.execute("SELECT pg_backend_pid()")
        (session,) = cursor.fetchone()
    started = time.process_time(), time.perf_counter(), read_cpu_time(session)
    call_command("migrate", interactive=False, verbosity=0)
    ended = time.process_time(), time.perf_counter(), read_cpu_time(session)
    check_place(connection, side)
    print(*(after - before for before, after in zip(started, ended, strict=True)))


def configure(url: str, side: str) -> None:
    """Set Django up with the one app and the side's backend."""
    import django
    from django.conf import settings

    from freehold.databases import parse_database_url

    entry: dict[str, Any] = {**parse_database_url(url, base=Path(), schemas=["shop"], login="")}
    if side == "stock":
        entry |= {"ENGINE": "django.db.backends.postgresql", "OPTIONS": {**entry["OPTIONS"]}}
        entry["OPTIONS"].pop("schemas")
    settings.configure(DATABASES={"default": entry}, INSTALLED_APPS=["shop"], TABLES=SIDES[side], USE_TZ=True)
    django.setup()


def read_cpu_time(process: int) -> float:
    """Give the seconds of CPU that a process on this machine has used; needs Linux, elsewhere not a number."""
    try:
        return int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) / 1e9
    except OSError:
        return float("nan")


def check_place(connection: Any, side: str) -> None:
    """Raise unless every table is where the side is to have it: a run that made something else compares nothing."""
    schema = "shop" if side == "freehold" else "public"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = %s AND tablename LIKE '%%item%%'", [schema])
        (found,) = cursor.fetchone()
    if found != 2 * TABLES:
        raise RuntimeError(f"schema {schema} has {found} tables after migrate, {2 * TABLES} were to be made")


if __name__ == "__main__":
    time_migrate(sys.argv[1]) if len(sys.argv) > 1 else main()
