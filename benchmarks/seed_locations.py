"""Loading the locations as a seed, over a bare binary COPY of the same rows. Prints ratios of rows a second.

The bare side sends rows that are ready, ids included, into the same empty table: once as Python values through
psycopg's `write_row`, once as bytes that were encoded before. The seed's side makes ids, compares with what is there,
converts, copies and writes its history; only reading the packages' files is measured apart. Every side commits.

    python -m benchmarks.seed_locations [URL]    # of an empty database; by default a server of its own
"""

from __future__ import annotations

import os
import secrets
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from benchmarks.server import running_server

ROUNDS = 9
TARGET = 0.75
MEASURE = "--measure"


def main(url: str = "") -> None:
    """Print the figures, against the database at `url` or a server of the benchmark's own."""
    if url:
        measure_in_process(url)
        return
    with running_server() as path:
        measure_in_process(f"embedded://{path}")


def measure_in_process(url: str) -> None:
    """Run the measurement in a process whose settings name the database."""
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings", "DEBUG": "0"}
    environment.setdefault("SECRET_KEY", secrets.token_urlsafe(50))
    subprocess.run([sys.executable, "-m", "benchmarks.seed_locations", MEASURE], env=environment, check=True)


def measure() -> None:
    """Load the locations in turn by each side; print medians and ratios."""
    connection, seed, seeds, read_seconds = prepare()
    rows = list(seed.seed.rows[0].read())
    sides: dict[str, Callable[[], None]] = {
        "seed up": lambda: load_as_seed(connection, seed, seeds),
        "bare COPY of values": make_bare_copy(connection, seed, rows, encoded=False),
        "bare COPY of bytes": make_bare_copy(connection, seed, rows, encoded=True),
    }
    times: dict[str, list[float]] = {side: [] for side in sides}
    for turn in range(ROUNDS + 1):
        for side in sides if turn % 2 else reversed(sides):
            seconds = time_load(connection, sides[side])
            if turn:  # the first turn warms up
                times[side].append(seconds)
    report(len(rows), {side: statistics.median(taken) for side, taken in times.items()}, read_seconds)


def report(count: int, medians: dict[str, float], read_seconds: float) -> None:
    """Print what was measured."""
    ours = medians.pop("seed up")
    print(f"seed up: {count:,} locations in {ours:.3f} s, {count / ours:,.0f} rows a second (median of {ROUNDS})")
    for side, seconds in medians.items():
        limit = f" (target at least {TARGET})" if side.endswith("values") else ""
        print(f"{seconds / ours:.2f} of a {side}{limit}: that takes {seconds:.3f} s")
    print(f"reading the packages' files, once and before: {read_seconds:.1f} s")


def prepare() -> tuple[Any, Any, dict[str, Any], float]:
    """Migrate the database and read the source once; give the connection, the seed, all seeds, and the seconds."""
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    from freehold.ownership import get_ownership
    from freehold.seeds.registry import list_seeds

    if connection.settings_dict.get("SWITCH_LOGIN"):
        call_command("ownership", "bootstrap", verbosity=0)
    call_command("migrate", interactive=False, verbosity=0)
    connection.close()
    if connection.settings_dict.get("SWITCH_LOGIN"):
        connection.settings_dict["USER"] = get_ownership().migrator
    seeds = {seed.name: seed for seed in list_seeds()}
    seed = seeds["master.0002_locations"]
    started = time.perf_counter()
    rows = seed.seed.rows[0].read()
    seconds = time.perf_counter() - started
    ready = replace(seed, seed=replace(seed.seed, rows=(replace(seed.seed.rows[0], read=lambda: rows),)))
    return connection, ready, seeds, seconds


def load_as_seed(connection: Any, seed: Any, seeds: dict[str, Any]) -> None:
    """Apply the seed, history included."""
    from freehold.progress import SILENT
    from freehold.seeds.up import apply_seed

    apply_seed(connection, seed, seeds, None, SILENT)


def make_bare_copy(connection: Any, seed: Any, rows: list[Any], *, encoded: bool) -> Callable[[], None]:
    """Give a function that copies the rows, made ready here, in one transaction."""
    from freehold.seeds.filling import read_seed
    from freehold.seeds.identities import to_python
    from freehold.seeds.writing import make_layout

    (read,) = read_seed(seed)
    layout = make_layout(seed.name, read.rows, read.model, connection)
    types = ["uuid", *layout.types[1:]]
    ready = [(to_python(pk), *row) for pk, row in zip(read.ids, rows, strict=True)]
    columns = ", ".join(layout.columns)
    statement = f"COPY master.locations ({columns}) FROM STDIN (FORMAT BINARY)"
    connection.ensure_connection()
    bare = connection.connection

    def copy_values() -> None:
        with bare.transaction(), bare.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE master_owner")
            with cursor.copy(statement) as copy:
                copy.set_types(types)
                for row in ready:
                    copy.write_row(row)

    def copy_bytes() -> None:
        with bare.transaction(), bare.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE master_owner")
            with cursor.copy(statement) as copy:
                copy.write(data)

    if not encoded:
        return copy_values
    empty(connection)
    copy_values()
    data = read_bytes(bare, columns)
    return copy_bytes


def read_bytes(bare: Any, columns: str) -> bytes:
    """Give the table's rows in COPY's binary format."""
    with bare.transaction(), bare.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE master_owner")
        with cursor.copy(f"COPY master.locations ({columns}) TO STDOUT (FORMAT BINARY)") as copy:
            return b"".join(bytes(block) for block in copy)


def time_load(connection: Any, load: Callable[[], None]) -> float:
    """Give the seconds that one load into the empty table takes."""
    empty(connection)
    started = time.perf_counter()
    load()
    return time.perf_counter() - started


def empty(connection: Any) -> None:
    """Empty the table, its file too. TRUNCATE would need a right on every table that points at it."""
    from freehold.acting.roles import using_role

    with using_role(connection, "master_owner"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM master.locations")
        cursor.execute("VACUUM master.locations")


if __name__ == "__main__":
    measure() if MEASURE in sys.argv else main(*sys.argv[1:2])
