"""One line in the log for each request, and its numbers for Prometheus: never an address, which may hold a secret."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import partial
from typing import Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from freehold import metrics
from freehold.acting import Principal
from freehold.requests import UNKNOWN, RequestRecord, get_route, keeping
from freehold.services import get_process
from freehold.services.middleware import HEADER, get_request_id
from freehold.services.streams import keep_inside

LOGGER: Final = "freehold.access"
_logger = logging.getLogger(LOGGER)


class AccessLogMiddleware:
    """Stands before all others, so that their answers have a line too. That of an answer that is made while it is sent
    comes at its end."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        record = RequestRecord(get_request_id(request))
        request.request_id = record.id  # type: ignore[attr-defined]
        started = time.perf_counter()
        with keeping(record):
            response = self.get_response(request)
        response.headers[HEADER] = record.id
        finish = partial(_finish, request, response, record, started)
        if response.streaming:
            keep_inside(response, partial(keeping, record))
            response._resource_closers.append(finish)  # type: ignore[attr-defined]  # as Django's handler does
        else:
            finish()
        return response


def _finish(request: HttpRequest, response: HttpResponseBase, record: RequestRecord, started: float) -> None:
    seconds = time.perf_counter() - started
    service, method, route = record.service or get_process(), request.method or UNKNOWN, get_route(request)
    principal, tenant = _describe(record.who)
    status, statements = response.status_code, record.statements
    metrics.count_request(service, method, route, status=status, seconds=seconds, statements=statements)
    fields = {
        "service": service,
        "method": method,
        "route": route,
        "status": status,
        "principal": principal,
        "tenant": tenant,
        "duration_ms": round(seconds * 1000, 1),
        "statements": statements,
    }
    if _logger.isEnabledFor(logging.INFO):
        with keeping(record):  # and where in the code it is said is never asked
            _logger.handle(
                _logger.makeRecord(LOGGER, logging.INFO, "", 0, "request", (), None, extra={"fields": fields})
            )


def _describe(who: object) -> tuple[str, str]:
    """Give the kind of principal, and its tenant where that is known. Nobody is looked for: of whom no query asked it
    is the kind of proof that was shown, such as `session`."""
    found = who if isinstance(who, Principal) else getattr(who, "found", None)
    if isinstance(found, Principal):
        return found.kind, found.tenant_id
    kind, sign, _ = str(getattr(who, "proof", "")).partition(":")
    return kind if kind and sign else UNKNOWN, ""
