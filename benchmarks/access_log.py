"""What the log costs a request: with its line and its numbers over the same without.

    python -m benchmarks.access_log

Answered in one process that connects as `api_rw` to an embedded server of its own, in turn, by the same pages as
`benchmarks.request`: *with* `AccessLogMiddleware`, whose line goes to a file as JSON; *numbers*: the same with
METRICS_TOKEN set; *without* the middleware, so that no line is written. Prints ratios of CPU time, of the application
and of its PostgreSQL backend together.
"""

from __future__ import annotations

import logging.config
import os
import statistics
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import psycopg
from django.conf import settings
from django.http import HttpResponse
from django.urls import include, path

from benchmarks import request
from benchmarks.server import migrated_server
from freehold import embedded

LIMIT = 3.0  # per cent
ROUNDS = int(os.environ.get("ROUNDS", "100"))
REQUESTS = 20  # of each kind in a round: few, so that a busy machine is as busy for each side
OURS = "freehold.AccessLogMiddleware"
SIDES: dict[str, dict[str, list[str]]] = {"without": {OURS: []}, "with": {}, "numbers": {}}
PAGES = {  # by title: the address, and whether the limit is for it
    "50 items as JSON": ("/hot/", True),
    "10 statements about one's own": ("/ten/", True),
    "the items page": ("/items/", True),
    "/healthz, which does nothing": ("/healthz", False),
}
TOKEN = "of-the-benchmark-alone-0123456789"


def main() -> None:
    """Print the shares, against a server of the benchmark's own."""
    with migrated_server(DEBUG="1", LOG_FORMAT="json") as (server, environment):
        command = [sys.executable, "-m", "benchmarks.access_log", request.MEASURE, server]
        subprocess.run(command, check=True, env={**environment, "SERVICE": "api", "METRICS_TOKEN": TOKEN})


def measure(server: str) -> None:
    """Time every page on all sides and print how they compare."""
    import django

    django.setup()
    settings.LOGGING["handlers"]["console"] |= {"class": "logging.FileHandler", "filename": f"{server}.log"}
    logging.config.dictConfig(settings.LOGGING)
    views = {"hot/": request.list_items, "ten/": request.list_own_in_ten}
    addresses = [*(path(each, view) for each, view in views.items()), path("", include("config.urls"))]
    patterns: Any = type("Addresses", (), {"urlpatterns": addresses})
    settings.ROOT_URLCONF, settings.DEBUG = patterns, False
    key, settings.BENCHMARK_USER = request.sign_in(psycopg.connect(embedded.get_url(server), autocommit=True))
    request.INSTEAD |= SIDES
    request.REQUESTS = REQUESTS
    sides = {name: make_side(name, key) for name in SIDES}
    for title, (address, has_limit) in PAGES.items():
        compare(title, address, has_limit, sides)


def make_side(name: str, key: str) -> Callable[[str], HttpResponse]:
    """Give a function that answers an address as one of the sides."""
    answer = request.make_side(name, key)

    def as_side(address: str) -> HttpResponse:
        settings.METRICS_TOKEN = TOKEN if name == "numbers" else ""
        return answer(address)

    return as_side


def compare(title: str, address: str, has_limit: bool, sides: dict[str, Callable[[str], HttpResponse]]) -> None:
    """Answer one address on all sides in turn; print the medians of what each round has more than *without*."""
    shares: dict[str, list[float]] = {side: [] for side in sides}
    spent: list[float] = []
    for turn in range(ROUNDS + 1):
        order = list(sides) if turn % 2 else list(reversed(sides))
        found = {side: request.time_side(sides[side], address) for side in order}
        if turn:  # the first round warms up
            spent.append(found["without"])
            for side, seconds in found.items():
                shares[side].append((seconds / found["without"] - 1) * 100)
    each = statistics.median(spent) / REQUESTS
    told = {side: statistics.median(shares[side]) for side in ("with", "numbers")}
    print(
        f"{title}: {told['with']:+.1f} % of {each * 1e6:,.0f} µs ({told['with'] / 100 * each * 1e6:,.0f} µs)"
        f"{f' (limit {LIMIT} %)' if has_limit else ''}; with numbers for Prometheus {told['numbers']:+.1f} %"
    )


if __name__ == "__main__":
    measure(sys.argv[-1]) if request.MEASURE in sys.argv else main()
