"""Numbers of a process's requests for Prometheus, where `settings.METRICS_TOKEN` is set and prometheus-client is
installed; else nothing is counted."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from importlib.util import find_spec
from typing import Any, Final

from django.conf import settings
from django.utils.crypto import constant_time_compare

_logger = logging.getLogger(__name__)
PACKAGE: Final = "prometheus_client"
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER: Final = "OTHER"  # anybody could make up methods, each a series of its own
_SCHEME: Final = "Bearer "


class _Meters:
    """What is counted. The names are what dashboards read: docs/operations.md#metrics."""

    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Counter, Histogram

        self.registry = CollectorRegistry()
        route = ("service", "method", "route")
        self.requests = Counter("freehold_requests", "Requests answered", (*route, "status"), registry=self.registry)
        self.seconds = Histogram("freehold_request_seconds", "Seconds to an answer", route, registry=self.registry)
        self.statements = Counter("freehold_statements", "Statements that requests sent", route, registry=self.registry)
        self.faults = Counter("freehold_database_faults", "Faults of the database", ("kind",), registry=self.registry)


_make_meters = cache(_Meters)


def _find_meters() -> _Meters | None:
    return _make_meters() if getattr(settings, "METRICS_TOKEN", "") and _has_package() else None


@cache
def _has_package() -> bool:
    return find_spec(PACKAGE) is not None


def count_request(service: str, method: str, route: str, *, status: int, seconds: float, statements: int) -> None:
    """Count an answered request. `route` is the pattern of its address: one of a few."""
    labels = service, method if method in _METHODS else OTHER, route
    with _telling_faults():
        if meters := _find_meters():
            meters.requests.labels(*labels, status).inc()
            meters.seconds.labels(*labels).observe(seconds)
            meters.statements.labels(*labels).inc(statements)


def count_fault(kind: str) -> None:
    """Count a fault of the database, by the name of its error's class."""
    with _telling_faults():
        if meters := _find_meters():
            meters.faults.labels(kind).inc()


@contextmanager
def _telling_faults() -> Iterator[None]:
    """Let no fault of counting reach what is counted: processes that share their numbers do so on a disk."""
    try:
        yield
    except Exception as error:
        _tell(f"{type(error).__name__}: {error}")


@lru_cache(maxsize=16)  # each once
def _tell(why: str) -> None:
    _logger.error("Not counted for Prometheus: %s", why)


def may_read(authorization: str) -> bool:
    """Tell whether there are numbers to read, and the header's text brings the token for them."""
    token: str = getattr(settings, "METRICS_TOKEN", "")
    return bool(token) and _has_package() and constant_time_compare(authorization, _SCHEME + token)


def write_metrics() -> tuple[bytes, str]:
    """Give the numbers in Prometheus's text format, and its content type: this process's, or those of all processes
    that share `PROMETHEUS_MULTIPROC_DIR`."""
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

    registry: Any = _make_meters().registry
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        from prometheus_client.multiprocess import MultiProcessCollector

        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry), CONTENT_TYPE_LATEST
