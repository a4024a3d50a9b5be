"""SQLite with a service held to its rights over Django's own backend. Prints ratios and µs of the process's CPU time.

Both sides have the same models and rows in a file each, in one process and in turn. A switch is one service after
another on one connection: the authorizer is set anew, and SQLite prepares the statement again.
"""

from __future__ import annotations

import gc
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.orm import MEASURE, list_calls, make_models
from freehold.acting import Acting, Rights, acting

ROUNDS = 31
TIMES = 200
SIDES = {"stock": "bench_", "held": "bench."}
BENCH = frozenset({"bench"})
FIRST = Acting("first", "first_rw", Rights(BENCH, BENCH))
SECOND = Acting("second", "second_rw", Rights(frozenset(), BENCH))


def main() -> None:
    """Print the figures, from a process of its own: it sets Django up."""
    subprocess.run([sys.executable, "-m", "benchmarks.authorizer", MEASURE], check=True)


def print_all() -> None:
    """Make the files, then time every call and print how the sides compare."""
    with tempfile.TemporaryDirectory() as directory:
        configure(Path(directory))
        models = {side: make_models(side, prefix) for side, prefix in SIDES.items()}
        for side, (category, item) in models.items():
            fill(side, category, item)
        for title, call, times in list_calls():
            calls = {side: bind(call, side, models[side]) for side in SIDES}
            stock, held = measure(calls, times)
            print(f"{title}: {held / stock:.3f} of Django's own backend; {held * 1e6:,.0f} µs of CPU a call")
        print_statements()


def configure(directory: Path) -> None:
    """Set Django up with a file for each backend."""
    import django
    from django.conf import settings

    from freehold.databases import parse_database_url

    entries = {
        side: parse_database_url(f"sqlite:///{directory}/{side}.db", base=directory, schemas=["bench"], login="")
        for side in SIDES
    }
    entries["stock"] |= {"ENGINE": "django.db.backends.sqlite3", "OPTIONS": {}}
    settings.configure(DATABASES={"default": entries["held"], **entries}, INSTALLED_APPS=[])
    django.setup()


def fill(side: str, category: Any, item: Any) -> None:
    """Make the tables, with 10 categories and 1,000 items."""
    from django.db import connections

    with connections[side].schema_editor() as editor:
        editor.create_model(category)
        editor.create_model(item)
    parents = category.objects.using(side).bulk_create(category(name=f"category {number}") for number in range(10))
    item.objects.using(side).bulk_create(
        item(category=parents[number % 10], name=f"item {number}", price=number) for number in range(1000)
    )


def bind(call: Callable[..., Any], side: str, models: tuple[Any, Any]) -> Callable[[], Any]:
    """Give the call of one side, as a service where that counts."""

    def run() -> None:
        with acting(FIRST):
            call(side, *models)

    return run


def print_statements() -> None:
    """Print what one statement costs beside Django's own backend, and what a switch adds."""
    from django.db import connections

    def run(side: str) -> None:
        with connections[side].cursor() as cursor:
            cursor.execute(f'SELECT id, name, price FROM "{SIDES[side]}item" WHERE id = 500')
            cursor.fetchone()

    def run_as(service: Acting) -> None:
        with acting(service):
            run("held")

    def run_twice(second: Acting) -> Callable[[], None]:
        def call() -> None:
            run_as(FIRST)
            run_as(second)

        return call

    stock, held = measure({side: bind(run, side, ()) for side in SIDES}, TIMES)
    same, switched = measure({"same": run_twice(FIRST), "switched": run_twice(SECOND)}, TIMES)
    print(f"one statement: {(held - stock) * 1e6:.1f} µs more than the {stock * 1e6:.1f} µs of Django's own backend")
    print(f"one switch of the service: {(switched - same) / 2 * 1e6:.1f} µs, the statement prepared anew included")


def measure(calls: dict[str, Callable[[], Any]], times: int) -> tuple[float, ...]:
    """Give the seconds of one call of each, the median of many rounds in turn."""
    spent: dict[str, list[float]] = {name: [] for name in calls}
    for turn in range(ROUNDS):
        for name in calls if turn % 2 else reversed(calls):
            gc.collect()
            started = time.process_time()
            for _ in range(times):
                calls[name]()
            spent[name].append((time.process_time() - started) / times)
    return tuple(statistics.median(each) for each in spent.values())


if __name__ == "__main__":
    print_all() if MEASURE in sys.argv else main()
