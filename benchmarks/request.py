"""A request as a service, for a principal, under row-level security, over the same request without any of it.

    python -m benchmarks.request

All are answered in one process that connects as `api_rw` to an embedded server of its own, in turn, from a browser with
the cookie of a session:

- *without*: no `ServiceMiddleware`, the same login, row-level security switched off. Nobody looks who is signed in: the
  view needs no user, and Django does not look before it is asked.
- *service*: the middleware, the session's proof and the rest told with each set-up, policies in force, which ask the
  database whose proof it is. The first figures are this over *without*, and have limits.
- *ticket*: the same, by a ticket that the database sealed, as a worker shows it.
- *stock*: *without*, behind Django's own session and authentication middleware, and its user looked at.

Prints ratios of CPU time, of the application and of its PostgreSQL backend together, and how often each waited for the
server.
"""

from __future__ import annotations

import gc
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import psycopg
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import include, path

from benchmarks.server import migrated_server
from freehold import embedded
from freehold.acting.principals import LazyPrincipal
from freehold.services.middleware import ServiceMiddleware
from freehold.services.routes import served_by

LIMIT = 1.08
ROUNDS = int(os.environ.get("ROUNDS", "15"))
REQUESTS = 120  # of each kind in a round
MEASURE = "--measure"
SEAL = "SELECT auth.seal_ticket(%s, %s, %s, %s, %s::integer)"
TABLES = ("items", "item_images", "favorites", "profiles")
PLAIN = ("without", "stock")
OURS, USERS = "freehold.ServiceMiddleware", "auth_app.middleware.AuthenticationMiddleware"
SESSIONS = "django.contrib.sessions.middleware.SessionMiddleware"
INSTEAD: dict[str, dict[str, list[str]]] = {  # by side: what stands where a middleware of the project stood
    "without": {OURS: []},
    "service": {},
    "ticket": {OURS: ["benchmarks.request.TicketMiddleware"]},
    "stock": {OURS: [SESSIONS], USERS: [USERS, "benchmarks.request.look_at_user"]},
}
PAGES = {  # by title: the address, and the limit of what a service's request costs
    "50 items as JSON": ("/hot/", LIMIT),
    "50 rows of one's own": ("/mine/", 1.15),
    "10 statements about one's own": ("/ten/", 1.20),
    "10 of them in a transaction": ("/ten-at-once/", 1.20),
    "the items page": ("/items/", None),
}
OF_ITEMS = ("id", "name", "price", "currency", "created_at", "category_id", "category__name")


# Few beside those that everybody is shown: what a policy adds to a plan is not what this is about.
ADD_OWN = """
INSERT INTO app.items (id, user_id, category_id, name, description, price, currency, is_active, created_at)
SELECT gen_random_uuid(), user_id, category_id, name || n, description, price, currency, false,
    created_at - n * interval '1 hour'
FROM (SELECT * FROM app.items WHERE user_id = (SELECT user_id FROM app.items LIMIT 1) LIMIT 6) AS own,
    generate_series(1, 10) AS n
"""


@served_by("api")
def list_items(request: HttpRequest) -> HttpResponse:
    """Give 50 items on offer with their categories."""
    from items.models import Item

    rows = Item.objects.filter(is_active=True).order_by("-created_at").values(*OF_ITEMS)[:50]
    return JsonResponse({"items": list(rows)})


@served_by("api")
def list_own(request: HttpRequest) -> HttpResponse:
    """Give 50 items of the user's own, which nobody else is shown."""
    return JsonResponse({"items": find_own(0, 50)})


@served_by("api")
def list_own_in_ten(request: HttpRequest) -> HttpResponse:
    """Give ten times ten of them."""
    return JsonResponse({"items": [find_own(number, number + 10) for number in range(10)]})


@transaction.atomic
def list_own_at_once(request: HttpRequest) -> HttpResponse:
    """Give the same from one transaction."""
    return list_own_in_ten(request)


served_by("api")(list_own_at_once)


def find_own(start: int, end: int) -> list[dict[str, Any]]:
    """Give some of the user's items, which are hidden from others, so that the policy asks who it is."""
    from items.models import Item

    own = Item.objects.filter(user_id=settings.BENCHMARK_USER, is_active=False).order_by("-created_at")
    found = list(own.values(*OF_ITEMS)[start:end])
    assert len(found) == end - start, found
    return found


def main() -> None:
    """Print the ratios, against a server of the benchmark's own."""
    with migrated_server(DEBUG="1") as (server, environment):
        command = [sys.executable, "-m", "benchmarks.request", MEASURE, server]
        subprocess.run(command, check=True, env={**environment, "SERVICE": "api"})


def measure(server: str) -> None:
    """Time every page on all sides and print how they compare."""
    import django

    django.setup()
    views = {"hot/": list_items, "mine/": list_own, "ten/": list_own_in_ten, "ten-at-once/": list_own_at_once}
    addresses = [*(path(each, view) for each, view in views.items()), path("", include("config.urls"))]
    patterns: Any = type("Addresses", (), {"urlpatterns": addresses})
    settings.ROOT_URLCONF, settings.DEBUG = patterns, False
    admin = psycopg.connect(embedded.get_url(server), autocommit=True)
    # For the side of stock Django.
    admin.execute(
        'GRANT SELECT ON auth.session, auth."user" TO api_rw; GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA auth TO api_rw'
    )
    key, settings.BENCHMARK_USER = sign_in(admin)
    ticket = admin.execute(SEAL, ["user", settings.BENCHMARK_USER, "", "api_rw", 60]).fetchone()
    settings.BENCHMARK_TICKET = ticket[0] if ticket else ""
    sides = {name: make_side(name, key) for name in INSTEAD}
    for title, (address, limit) in PAGES.items():
        compare(title, address, limit, sides, admin)


def sign_in(admin: psycopg.Connection) -> tuple[str, str]:
    """Give the key of a session and its user, who has items. As the superuser: the process is not the accounts'
    service."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from auth_app.models import User
    from auth_app.proofs import get_proof, get_row_key
    from auth_app.sessions import SessionStore

    row = admin.execute('SELECT id, password FROM auth."user" WHERE id = (SELECT user_id FROM app.items LIMIT 1)')
    admin.execute(ADD_OWN)
    admin.execute("ANALYZE app.items")
    user = User(**dict(zip(("id", "password"), row.fetchone() or (), strict=True)))
    data = {
        SESSION_KEY: str(user.pk),
        BACKEND_SESSION_KEY: "django.contrib.auth.backends.ModelBackend",
        HASH_SESSION_KEY: user.get_session_auth_hash(),
    }
    admin.execute(
        "INSERT INTO auth.session (session_key, session_data, expire_date, user_id) "
        "VALUES (%s, %s, now() + interval '1 day', %s)",
        [get_row_key(get_proof("benchmark")), SessionStore("benchmark").encode(data), user.pk],
    )
    return "benchmark", str(user.pk)


def make_side(name: str, key: str) -> Callable[[str], HttpResponse]:
    """Give a function that answers an address as one of the sides."""
    from django.core.handlers.base import BaseHandler
    from django.test import RequestFactory

    before = settings.MIDDLEWARE
    settings.MIDDLEWARE = [other for each in before for other in INSTEAD[name].get(each, [each])]
    handler: Any = BaseHandler()
    handler.load_middleware()
    settings.MIDDLEWARE = before
    factory = RequestFactory(SERVER_NAME="localhost")
    factory.cookies[settings.SESSION_COOKIE_NAME] = key

    def answer(address: str) -> HttpResponse:
        response: HttpResponse = handler.get_response(factory.get(address))
        assert response.status_code == 200, response
        return response

    return answer


class TicketMiddleware(ServiceMiddleware):
    """Ours, for a ticket that a worker was handed."""

    @staticmethod
    def identify(request: HttpRequest) -> LazyPrincipal:
        """Give whom the ticket shows."""
        return LazyPrincipal(settings.BENCHMARK_TICKET)


def look_at_user(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Give a middleware that looks who is signed in, as a view would that asks for the user's rows."""

    def answer(request: HttpRequest) -> HttpResponse:
        assert str(request.user.pk) == settings.BENCHMARK_USER
        return get_response(request)

    return answer


def compare(
    title: str, address: str, limit: float | None, sides: dict[str, Callable[[str], HttpResponse]], admin: Any
) -> None:
    """Answer one address on all sides in turn; print the ratios of the medians and the waits of each."""
    spent: dict[str, list[float]] = {side: [] for side in sides}
    waits: dict[str, int] = {}
    for turn in range(ROUNDS + 1):
        for side in sides if turn % 2 else reversed(sides):
            with acting_side(side, admin):
                waits[side] = count_waits(sides[side], address)
                spent[side].append(time_side(sides[side], address))
    medians = {side: statistics.median(spent[side][1:]) for side in sides}
    print(
        f"{title}: {medians['service'] / medians['without']:.2f} of the same without"
        f"{f' (limit {limit})' if limit else ''}; "
        f"{medians['service'] / REQUESTS * 1e6:,.0f} µs over {medians['without'] / REQUESTS * 1e6:,.0f} µs; "
        f"{waits['service']} waits for the server over {waits['without']}"
    )
    for side, says in (("ticket", "by a ticket"), ("stock", "stock Django's look at session and user")):
        print(f"    {says}: {medians[side] / medians['without']:.2f}; {waits[side]} waits")


@contextmanager
def acting_side(side: str, admin: psycopg.Connection) -> Iterator[None]:
    """Switch row-level security off for the sides without it, where nobody acts either."""
    from freehold.acting import acting, get_default

    is_plain = side in PLAIN
    for table in TABLES:
        admin.execute(f"ALTER TABLE app.{table} {'DISABLE' if is_plain else 'ENABLE'} ROW LEVEL SECURITY")
    with acting(None if is_plain else get_default()):
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
    return time.process_time() + int(Path(f"/proc/{backend.pid}/schedstat").read_text().split()[0]) / 1e9


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
