"""ORM calls on a table in a schema over stock Django's on a bare one. Prints ratios of the process's CPU time.

Both sides have the same models and rows, in one process, in one session of the server and in turn of a few calls;
only the backend and the table's name differ. With a session each, the ratio would hold the cores that the server's two
processes happen to run on. The server's own CPU is not counted: it gets the same statements.
"""

from __future__ import annotations

import gc
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.server import running_server
from freehold import embedded

ROUNDS = 250  # for each call of a turn: what is short is the harder to tell from noise
LIMIT = 1.02
MEASURE = "--measure"
SIDES = {"stock": "bench_", "freehold": "bench."}


def main() -> None:
    """Print the ratios, against a server of the benchmark's own."""
    with running_server() as path:
        environment = {**os.environ, "DATABASE_URL": embedded.get_url(path, "postgres")}
        subprocess.run([sys.executable, "-m", "benchmarks.orm", MEASURE], check=True, env=environment)


def measure(url: str) -> None:
    """Time every call on both sides and print how they compare."""
    configure(url)
    share_session()
    models = {side: make_models(side, prefix) for side, prefix in SIDES.items()}
    for side, (category, item) in models.items():
        fill(side, category, item)
    gc.freeze()  # or each collection below would go through all of Django
    for title, call, times in list_calls():
        ratio, seconds = compare(call, times, models)
        print(f"{title}: {ratio:.3f} of stock (limit {LIMIT}); {seconds / times * 1e6:,.0f} µs of CPU a call")


def configure(url: str) -> None:
    """Set Django up with one database under both backends."""
    import django
    from django.conf import settings

    from freehold.databases import parse_database_url

    entry = parse_database_url(url, base=Path(), schemas=["bench"], login="")
    stock = {**entry, "ENGINE": "django.db.backends.postgresql", "OPTIONS": {**entry["OPTIONS"]}}
    stock["OPTIONS"].pop("schemas")
    settings.configure(DATABASES={"default": stock, "stock": stock, "freehold": entry}, INSTALLED_APPS=[])
    django.setup()


def share_session() -> None:
    """Give both sides the same session of the server."""
    from django.db import connections

    for side in SIDES:
        connections[side].ensure_connection()
    connections["freehold"].connection.close()
    connections["freehold"].connection = connections["stock"].connection


def make_models(side: str, prefix: str) -> tuple[Any, Any]:
    """Give the models of one side: a category, and items that point at it."""
    from django.db import models

    def make(title: str, table: str, /, **fields: Any) -> Any:
        meta = type("Meta", (), {"app_label": side, "db_table": prefix + table})
        return type(title, (models.Model,), {"__module__": __name__, "Meta": meta, **fields})

    category = make("Category", "category", name=models.TextField())
    item = make(
        "Item",
        "item",
        category=models.ForeignKey(category, models.CASCADE),
        name=models.TextField(),
        price=models.DecimalField(max_digits=10, decimal_places=2),
        created=models.DateTimeField(auto_now_add=True),
    )
    return category, item


def fill(side: str, category: Any, item: Any) -> None:
    """Make the tables, with 10 categories and 1,000 items."""
    from django.db import connections

    connection = connections[side]
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA IF NOT EXISTS bench")
    with connection.schema_editor() as editor:
        editor.create_model(category)
        editor.create_model(item)
    parents = category.objects.using(side).bulk_create(category(name=f"category {number}") for number in range(10))
    item.objects.using(side).bulk_create(
        item(category=parents[number % 10], name=f"item {number}", price=number) for number in range(1000)
    )


def list_calls() -> list[tuple[str, Callable[[str, Any, Any], Any], int]]:
    """Give each call with its title and how often it runs before it is the other side's turn."""
    return [
        ("get", lambda side, category, item: item.objects.using(side).get(pk=500), 6),
        ("filter of 50", lambda side, category, item: list(item.objects.using(side).filter(pk__lte=50)), 3),
        ("select_related of 50", select_related, 2),
        ("update", lambda side, category, item: item.objects.using(side).filter(pk=7).update(price=3), 6),
        ("bulk_create of 1,000", bulk_create, 1),
    ]


def select_related(side: str, category: Any, item: Any) -> None:
    """Read 50 items with their categories."""
    list(item.objects.using(side).select_related("category").order_by("pk")[:50])


def bulk_create(side: str, category: Any, item: Any) -> None:
    """Add a thousand rows."""
    category.objects.using(side).bulk_create(category(name="more") for _ in range(1000))


def compare(call: Callable[..., Any], times: int, models: dict[str, tuple[Any, Any]]) -> tuple[float, float]:
    """Give our CPU time over stock's, the median of many rounds in turn, and the seconds of a round of ours."""
    spent: dict[str, list[float]] = {side: [] for side in SIDES}
    for turn in range(ROUNDS * times):
        for side in SIDES if turn % 2 else reversed(SIDES):
            gc.collect()
            started = time.process_time()
            for _ in range(times):
                call(side, *models[side])
            spent[side].append(time.process_time() - started)
    ratios = [ours / stock for ours, stock in zip(spent["freehold"], spent["stock"], strict=True)]
    return statistics.median(ratios), statistics.median(spent["freehold"])


if __name__ == "__main__":
    measure(os.environ["DATABASE_URL"]) if MEASURE in sys.argv else main()
