"""`migrate` over stock Django's: from empty, and with nothing to do. Prints two ratios of wall time, and of CPU time.

Both sides run the same migrations on the same server, each run in a process and a database of its own. Freehold's side
brings lock, owner roles, history, grants and policies; stock's is Django's command and backend, as superuser, with
every table, function and trigger in `public` (benchmarks/settings_stock.py). Only the command is timed, not the start
of Python. CPU is that of the command and of all the server's processes: it says more than the wall on a machine that
others use too.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from typing import Any

import psutil
import psycopg

from benchmarks.server import running_server
from freehold import embedded

ROUNDS = 7
SIDES = ("stock", "freehold")


def main() -> None:
    """Print the two ratios, with what they are made of."""
    times: dict[tuple[str, str], list[float]] = {}
    with running_server() as path:
        for turn in range(ROUNDS):
            for side in SIDES if turn % 2 else reversed(SIDES):
                for kind, seconds in measure(path, side, turn).items():
                    times.setdefault((side, kind), []).append(seconds)
    for kind, limit in (("from empty", 1.30), ("nothing to do", 1.10)):
        stock, freehold = (statistics.median(times[side, kind]) for side in SIDES)
        stock_work, work = (statistics.median(times[side, f"{kind}, CPU"]) for side in SIDES)
        print(
            f"migrate {kind}: {freehold / stock:.2f} of stock (limit {limit}); {freehold:.3f} s over {stock:.3f} s; "
            f"in CPU {work / stock_work:.2f}; {work:.3f} s over {stock_work:.3f} s"
        )


def measure(path: str, side: str, turn: int) -> dict[str, float]:
    """Migrate a fresh database twice in a process of its own; give the seconds of each."""
    name = f"bench_{side}_{turn}"
    with psycopg.connect(embedded.get_url(path, "postgres"), autocommit=True) as admin:
        admin.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))
    settings = "benchmarks.settings_stock" if side == "stock" else "config.settings"
    url = embedded.get_url(path, "postgres").rsplit("/", 1)[0] + f"/{name}"
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": settings}
    run = subprocess.run(
        [sys.executable, "-m", "benchmarks.migrate", side],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    kinds = ("from empty", "nothing to do", "from empty, CPU", "nothing to do, CPU")
    return dict(zip(kinds, map(float, run.stdout.split()), strict=True))


def time_migrations(side: str) -> None:
    """Print the seconds of a migrate from empty, and the median of five with nothing to do; then the same of CPU."""
    import django
    from django.core.management import call_command, load_command_class
    from django.db import connection

    import freehold.operations  # noqa: F401 - the migrations import it on either side, stock's settings before the clock

    django.setup()
    if side == "freehold":
        call_command("ownership", "bootstrap", verbosity=0)
    server = find_server(connection)
    command = load_command_class("django.core" if side == "stock" else "freehold", "migrate")
    times, work = [], []
    for _ in range(6):
        spent, started = read_work(server), time.perf_counter()
        call_command(command, interactive=False, verbosity=0)
        times.append(time.perf_counter() - started)
        work.append(read_work(server) - spent)
    print(times[0], statistics.median(times[1:]), work[0], statistics.mean(work[1:]))


def find_server(connection: Any) -> psutil.Process:
    """Give the server's first process, the parent of all others."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        parent = psutil.Process(cursor.fetchone()[0]).parent()
    assert parent
    return parent


def read_work(server: psutil.Process) -> float:
    """Give the seconds of CPU that this process and the server have used, sessions that ended included."""
    times = server.cpu_times()
    ended = times.children_user + times.children_system
    return time.process_time() + ended + sum(map(_read_cpu, (server, *server.children())))


def _read_cpu(process: psutil.Process) -> float:
    try:
        return sum(process.cpu_times()[:2])
    except psutil.NoSuchProcess:  # a session that ended meanwhile is counted with its parent's the next time
        return 0.0


if __name__ == "__main__":
    time_migrations(sys.argv[1]) if len(sys.argv) > 1 else main()
