"""What frameworks for a JSON API cost: µs of CPU a request for 50 items, without a database.

Each answers `GET` with the same 50 items, through Django's handler of requests without middleware, in one process and
in turn. Peers that are not installed are left out: `pip install django-ninja==1.7.1 djangorestframework==3.18.3`.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from decimal import Decimal
from importlib.util import find_spec
from typing import Any
from uuid import UUID

import msgspec

ROUNDS, CALLS, COUNT = 40, 50, 50


def main() -> None:
    """Print the figures, the cheapest first."""
    configure()
    sides = list_sides()
    for title, side in sides.items():
        assert msgspec.json.decode(side())["rows"][-1]["name"] == "Item 49", title
    for title, microseconds in sorted(measure(sides).items(), key=lambda each: each[1]):
        print(f"{title}: {microseconds:,.0f} µs of CPU a request")


def configure() -> None:
    """Set Django up with nothing around the views."""
    import django
    from django.conf import settings

    settings.configure(
        ROOT_URLCONF=__name__,
        MIDDLEWARE=[],
        SECRET_KEY="x" * 50,
        REST_FRAMEWORK={"UNAUTHENTICATED_USER": None},
    )
    django.setup()


def list_sides() -> dict[str, Callable[[], bytes]]:
    """Give a call for each framework that is there."""
    from benchmarks import api_views as by

    page = by.Rows([by.Row(UUID(int=n), f"Item {n}", Decimal(n), "EUR", "tools") for n in range(COUNT)], None)
    views = {"bare view": by.make_bare(page), "freehold.api, answers described": by.make_ours(page)}
    views |= {
        "django-modern-rest, answers validated": by.make_modern(page, is_validated=True),
        "django-modern-rest, answers not validated": by.make_modern(page, is_validated=False),
    }
    if find_spec("ninja"):
        views |= by.make_ninja(page)
    if find_spec("rest_framework"):
        views["DRF"] = by.make_drf(page)
    return {title: make_caller(view) for title, view in views.items()}


def make_caller(view: Callable[..., Any]) -> Callable[[], bytes]:
    """Give a call that sends a request to the view through Django's handler."""
    from django.core.handlers.wsgi import WSGIHandler
    from django.test import RequestFactory
    from django.urls import path

    url = type("urls", (), {"urlpatterns": [path("items", view)]})
    handler, environ = WSGIHandler(), RequestFactory().get("/items").environ

    def call() -> bytes:
        request = handler.request_class(dict(environ))
        request.urlconf = url  # type: ignore[attr-defined]
        return bytes(handler.get_response(request).content)

    return call


def measure(sides: dict[str, Callable[[], bytes]]) -> dict[str, float]:
    """Give the median of µs a call, the sides in turn."""
    taken: dict[str, list[float]] = {title: [] for title in sides}
    gc.freeze()
    for _ in range(ROUNDS):
        for title, side in sides.items():
            started = time.process_time()
            for _ in range(CALLS):
                side()
            taken[title].append((time.process_time() - started) / CALLS * 1e6)
    return {title: statistics.median(each) for title, each in taken.items()}


urlpatterns: list[Any] = []

if __name__ == "__main__":
    main()
