"""What Django asks about 100, 1,000 and 10,000 tables in 20 schemas. Prints wall time and, in brackets, queries.

Stock Django lists what lies on the search path, so that its login has all 20 schemas there and lists the same tables.
`inspectdb` is asked for one table, since each one that it writes takes queries of its own, as in stock Django.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

from benchmarks.server import running_server
from freehold import embedded

COUNTS = (100, 1_000, 10_000)
ROUNDS = 11
MEASURE = "--measure"
SCHEMAS = [f"s{number:02}" for number in range(20)]
TABLES = """
DO $$ BEGIN
    FOR number IN {first}..{last} LOOP
        EXECUTE pg_catalog.format('CREATE TABLE s%s.t%s (id bigint PRIMARY KEY, parent_id bigint)',
                                  pg_catalog.lpad((number % 20)::text, 2, '0'), number);
    END LOOP;
END $$
"""
STEP = 500  # tables in one transaction: each holds locks up to its end


def main() -> None:
    """Print the figures, against a server of the benchmark's own."""
    with running_server() as path:
        environment = {**os.environ, "DATABASE_URL": embedded.get_url(path, "postgres")}
        subprocess.run([sys.executable, "-m", "benchmarks.introspection", MEASURE], check=True, env=environment)


def measure(url: str) -> None:
    """Make more and more tables, and print what each of the calls takes."""
    configure(url)
    from django.db import connections

    sides = {side: connections[side] for side in ("freehold", "stock")}
    made = 0
    for count in COUNTS:
        make_tables(sides["freehold"], made, count)
        made = count
        for title, call in CALLS.items():
            queries = {side: count_queries(connection, call) for side, connection in sides.items()}
            seconds = compare(call, sides)
            figures = (f"{side} {seconds[side] * 1000:,.1f} ms ({queries[side]})" for side in sides)
            print(f"{count:,} tables, {title}: {', '.join(figures)}", flush=True)


def configure(url: str) -> None:
    """Set Django up with one database under both backends."""
    import django
    from django.conf import settings

    from freehold.databases import parse_database_url

    entry = parse_database_url(url, base=Path(), schemas=SCHEMAS, login="")
    stock = {**entry, "ENGINE": "django.db.backends.postgresql", "OPTIONS": {**entry["OPTIONS"]}}
    stock["OPTIONS"].pop("schemas")
    stock["OPTIONS"]["options"] = f"-c search_path={','.join(SCHEMAS)},public"
    settings.configure(DATABASES={"default": entry, "stock": stock, "freehold": entry}, INSTALLED_APPS=[])
    django.setup()


def make_tables(connection: Any, first: int, last: int) -> None:
    """Make the tables from one number up to another, spread over the schemas."""
    with connection.cursor() as cursor:
        for schema in SCHEMAS:
            cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        for start in range(first, last, STEP):
            end = min(start + STEP, last) - 1
            cursor.execute(TABLES.format(first=start, last=end))
        cursor.execute("VACUUM ANALYZE pg_catalog.pg_class")


def get_table_list(connection: Any) -> None:
    """List the tables."""
    with connection.cursor() as cursor:
        connection.introspection.get_table_list(cursor)


def inspect_one_table(connection: Any) -> None:
    """Write the model of one table."""
    from django.core.management import call_command

    table = "s00.t0" if connection.alias == "freehold" else "t0"
    call_command("inspectdb", table, database=connection.alias, stdout=StringIO())


def migrate(connection: Any) -> None:
    """Find out that there is nothing to migrate."""
    from django.core.management import call_command

    call_command("migrate", database=connection.alias, interactive=False, verbosity=0)


CALLS = {"get_table_list": get_table_list, "inspectdb of one": inspect_one_table, "migrate of nothing": migrate}


def count_queries(connection: Any, call: Callable[[Any], Any]) -> int:
    """Give the number of statements that the call sends."""
    sent: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        sent.append(sql)
        return execute(sql, *arguments)

    with connection.execute_wrapper(note):
        call(connection)
    return len(sent)


def compare(call: Callable[[Any], Any], sides: dict[str, Any]) -> dict[str, float]:
    """Give each side's seconds, the median of many rounds in turn."""
    spent: dict[str, list[float]] = {side: [] for side in sides}
    for turn in range(ROUNDS):
        for side in sides if turn % 2 else reversed(sides):
            started = time.perf_counter()
            call(sides[side])
            spent[side].append(time.perf_counter() - started)
    return {side: statistics.median(seconds) for side, seconds in spent.items()}


if __name__ == "__main__":
    measure(os.environ["DATABASE_URL"]) if MEASURE in sys.argv else main()
