"""A request as a service, for a principal, under row-level security, over the same request without any of it.

    python -m benchmarks.request

Both are answered in one process that connects as `api_rw` to an embedded server of its own, in turn: behind
`freehold.middleware.ServiceMiddleware` for a signed-in user with the policies in force; and without the middleware, by
the same login, with row-level security switched off. Prints ratios of CPU time, of the application and of its
PostgreSQL backend together, and how often each waited for the server. The first line is the hot path, 50 items with
their categories as JSON.
"""

from __future__ import annotations

import gc
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psutil
import psycopg
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import include, path

from benchmarks.server import running_server
from freehold import embedded
from freehold.routes import served_by

LIMIT = 1.08
ROUNDS = 15
REQUESTS = 120  # of each kind in a round
MEASURE = "--measure"
TABLES = ("items", "item_images", "favorites", "profiles")
PAGES = {"50 items as JSON": "/hot/", "the items page": "/items/"}


@served_by("api")
def list_items(request: HttpRequest) -> HttpResponse:
    """Give 50 items on offer with their categories."""
    from items.models import Item

    fields = ("id", "name", "price", "currency", "created_at", "category_id", "category__name")
    rows = Item.objects.filter(is_active=True).order_by("-created_at").values(*fields)[:50]
    return JsonResponse({"items": list(rows)})


def main() -> None:
    """Print the ratios, against a server of the benchmark's own."""
    with running_server() as server:
        url = f"embedded://{server}"
        environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings", "DEBUG": "1"}
        for command in (["migrate", "-v0"], ["seed", "up", "-v0"]):
            subprocess.run([sys.executable, "manage.py", *command], check=True, env=environment)
        command = [sys.executable, "-m", "benchmarks.request", MEASURE, server]
        subprocess.run(command, check=True, env={**environment, "SERVICE": "api"})


def measure(server: str) -> None:
    """Time every page on both sides and print how they compare."""
    import django

    django.setup()
    from django.conf import settings

    patterns: Any = type("Addresses", (), {"urlpatterns": [path("hot/", list_items), path("", include("config.urls"))]})
    settings.ROOT_URLCONF, settings.DEBUG = patterns, False
    admin = psycopg.connect(embedded.get_url(server), autocommit=True)
    sides = {"plain": make_side(plain=True, key=""), "service": make_side(plain=False, key=sign_in(admin))}
    for title, address in PAGES.items():
        compare(title, address, sides, admin)


def sign_in(admin: psycopg.Connection) -> str:
    """Give the key of a session of a user who has items. As the superuser: the process is not the accounts' service."""
    admin.execute(
        "INSERT INTO auth.session (session_key, session_data, expire_date, user_id) "
        "SELECT 'benchmark', '', now() + interval '1 day', user_id FROM app.items LIMIT 1"
    )
    return "benchmark"


def make_side(*, plain: bool, key: str) -> Callable[[str], HttpResponse]:
    """Give a function that answers an address, behind the middleware or without it."""
    from django.conf import settings
    from django.core.handlers.base import BaseHandler
    from django.test import RequestFactory

    ours = "freehold.middleware.ServiceMiddleware"
    before = settings.MIDDLEWARE
    settings.MIDDLEWARE = [name for name in before if not (plain and name == ours)]
    handler: Any = BaseHandler()
    handler.load_middleware()
    settings.MIDDLEWARE = before
    factory = RequestFactory(SERVER_NAME="localhost")
    if key:
        factory.cookies[settings.SESSION_COOKIE_NAME] = key

    def answer(address: str) -> HttpResponse:
        response: HttpResponse = handler.get_response(factory.get(address))
        assert response.status_code == 200, response
        return response

    return answer


def compare(title: str, address: str, sides: dict[str, Callable[[str], HttpResponse]], admin: Any) -> None:
    """Answer one address on both sides in turn; print the ratio of the medians and the waits of each."""
    spent: dict[str, list[float]] = {side: [] for side in sides}
    waits: dict[str, int] = {}
    for turn in range(ROUNDS + 1):
        for side in sides if turn % 2 else reversed(sides):
            with acting_side(side, admin):
                waits[side] = count_waits(sides[side], address)
                spent[side].append(time_side(sides[side], address))
    plain, ours = (statistics.median(spent[side][1:]) for side in ("plain", "service"))
    print(
        f"{title}: {ours / plain:.2f} of the same without (limit {LIMIT} on the hot path); "
        f"{ours / REQUESTS * 1e6:,.0f} µs over {plain / REQUESTS * 1e6:,.0f} µs; "
        f"{waits['service']} waits for the server over {waits['plain']}"
    )


@contextmanager
def acting_side(side: str, admin: psycopg.Connection) -> Iterator[None]:
    """Switch row-level security off for the plain side, where nobody acts either."""
    from freehold.acting import acting, get_default

    word = "DISABLE" if side == "plain" else "ENABLE"
    for table in TABLES:
        admin.execute(f"ALTER TABLE app.{table} {word} ROW LEVEL SECURITY")
    with acting(None if side == "plain" else get_default()):
        yield


def time_side(answer: Callable[[str], HttpResponse], address: str) -> float:
    """Give the seconds of CPU, of this process and of its backend, that the requests of a round take."""
    from django.db import connection

    connection.ensure_connection()
    backend = psutil.Process(connection.connection.info.backend_pid)
    gc.collect()
    started = get_seconds(backend)
    for _ in range(REQUESTS):
        answer(address)
    return get_seconds(backend) - started


def get_seconds(backend: psutil.Process) -> float:
    """Give the CPU time that both have used so far."""
    return sum(sum(each.cpu_times()[:2]) for each in (psutil.Process(), backend))


def count_waits(answer: Callable[[str], HttpResponse], address: str) -> int:
    """Answer once and count how often the driver waited for the server."""
    from django.db import connection

    connection.ensure_connection()
    raw: Any = connection.connection
    wait, waits = raw.wait, [0]

    def count(*args: Any, **options: Any) -> Any:
        waits[0] += 1
        return wait(*args, **options)

    raw.wait = count
    try:
        answer(address)
    finally:
        raw.wait = wait
    return waits[0]


if __name__ == "__main__":
    measure(sys.argv[-1]) if MEASURE in sys.argv else main()
