"""The home page, the health check, and what answers when the database does not."""

from __future__ import annotations

import logging
import sys
import time
from functools import lru_cache
from threading import Lock

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, OperationalError, connections
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.defaults import server_error

from freehold import EVERY, FreeholdError, ServiceError, metrics, served_by
from freehold.health import list_pending
from freehold.logs import log_fault, mark_logged
from freehold.ownership import get_ownership
from freehold.rights.look import find_drift_over
from studio.database import list_declared_tables, list_tables
from studio.views import show_database

logger = logging.getLogger(__name__)

RETRY_SECONDS = "5"
DRIFT_SECONDS, DRIFT_SHOWN = 60, 10  # between looks in a process; in a line of the log
PICTURES = ("media-vinyl", "home-table", "electronics-camera", "family-toys")  # of items, by the file's name
_drift_turn = Lock()
AWAY = (OperationalError, InterfaceError, FreeholdError)


@require_safe
@never_cache
def show_home(request: HttpRequest) -> HttpResponse:
    """Show the database to whoever may see it, and to everyone else what the site is for.

    Say which command to run where the database holds no table yet.
    """
    try:
        if not list_declared_tables().intersection(list_tables(connections[DEFAULT_DB_ALIAS])):
            return answer_not_migrated(request)
        return show_database(request) if sees_database(request) else show_welcome(request)
    except (DatabaseError, *AWAY) as error:
        return answer_away(request, error)


def sees_database(request: HttpRequest) -> bool:
    """Tell whether the page of the database is for whoever asks: it names roles, tables, rights and versions."""
    return settings.DATABASE_PAGE == "everyone" or request.user.is_staff


def show_welcome(request: HttpRequest) -> HttpResponse:
    """Say what the site is for."""
    return render(request, "welcome.html", {"pictures": PICTURES})


@served_by(EVERY)
@require_safe
@never_cache
def check_health(request: HttpRequest) -> HttpResponse:
    """Answer `ok` as long as the process answers. For what starts it anew: the database has no part in it."""
    return HttpResponse("ok\n", content_type="text/plain")


@served_by(EVERY)
@require_safe
@never_cache
def check_readiness(request: HttpRequest) -> HttpResponse:
    """Answer `ok` where the database answers and holds what the code asks for, else 503 and two words. For proxies:
    plain text, one query, and once a minute another. What is missing, or drifts, the log says."""
    try:
        pending = list_pending()
    except (DatabaseError, *AWAY) as error:
        log_fault("Not ready", error)
        return _answer_unready("database away")
    if pending:
        logger.warning("Not ready: migrations are pending: %s", ", ".join(pending))
        return _answer_unready("migrations pending")
    if _drift_turn.acquire(blocking=False):  # a probe waits for no other's look
        try:
            _look_for_drift(int(time.monotonic() // DRIFT_SECONDS))
        finally:
            _drift_turn.release()
    return HttpResponse("ok\n", content_type="text/plain")


@lru_cache(maxsize=1)  # once in that time: it takes longer than the rest of the answer
def _look_for_drift(moment: int) -> None:
    """Have the log say what is another than declared. The process is ready all the same: what it may not run with is
    refused as it connects, and a release beside this one, or one stray grant, would take every process out at once."""
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor != "postgresql":
        return
    try:
        with connection.wrap_database_errors:
            found = find_drift_over(connection, get_ownership())
    except (DatabaseError, *AWAY) as error:
        log_fault("the readiness check can't look for drift", error)
    else:
        _tell_drift(tuple(f"{each.rule} {each.object}" for each in found))


@lru_cache(maxsize=1)  # each outcome once
def _tell_drift(found: tuple[str, ...]) -> None:
    if found:
        shown = ", ".join(found[:DRIFT_SHOWN]) + (", …" if found[DRIFT_SHOWN:] else "")
        logger.warning("Drift from what is declared: %s: %s. See `manage.py ownership check`", len(found), shown)
    else:
        logger.info("No drift from what is declared")


@served_by(EVERY)
@require_safe
@never_cache
def show_metrics(request: HttpRequest) -> HttpResponse:
    """Give Prometheus the process's numbers; who does not bring METRICS_TOKEN finds nothing here.

    Raises:
        Http404: they did not.
    """
    if not metrics.may_read(request.headers.get("Authorization", "")):
        raise Http404
    content, content_type = metrics.write_metrics()
    return HttpResponse(content, content_type=content_type)


def _answer_unready(words: str) -> HttpResponse:
    headers = {"Retry-After": RETRY_SECONDS}
    return mark_logged(HttpResponse(f"{words}\n", status=503, content_type="text/plain", headers=headers))


def answer_not_migrated(request: HttpRequest, error: Exception | None = None) -> HttpResponse:
    """Say which commands make the tables: 503, since it will do when they have run."""
    log_fault("answered by 503, tables are missing", error)
    return mark_logged(render(request, "not_migrated.html", status=503))


def answer_away(request: HttpRequest, error: Exception | None = None) -> HttpResponse:
    """Say that the database can't be reached: 503, so that proxies and crawlers come back."""
    log_fault("answered by 503", error)
    response = render(request, "503.html", status=503)
    response["Retry-After"] = RETRY_SECONDS
    return mark_logged(response)


def answer_error(request: HttpRequest) -> HttpResponse:
    """Answer an exception that no view caught: 503 where the database is what failed, else 500."""
    fault = sys.exception()
    if isinstance(fault, AWAY) and not isinstance(fault, ServiceError):
        return answer_away(request, fault)
    return server_error(request)
