"""Answers for faults of the database that a view does not catch itself."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from config import views
from freehold import FreeholdError, ServiceError
from freehold.backends.errors import is_table_missing

logger = logging.getLogger(__name__)


class DatabaseFaultMiddleware:
    """Turns a database that is away, or holds no tables yet, into a page that says so, with DEBUG on or off."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Give the page for faults of those two kinds; anything else is a bug and goes its way."""
        if is_table_missing(exception):
            logger.error("%s needs a table that is not there: %s", request.path, exception)
            return views.answer_not_migrated(request)
        if isinstance(exception, (OperationalError, InterfaceError, FreeholdError)) and not isinstance(
            exception, ServiceError
        ):
            logger.error("%s can't reach the database", request.path, exc_info=exception)
            return views.answer_away(request)
        return None
