"""The line for a fault of the database that was answered by a page: what for, why, and no traceback. While a server is
away each request has one."""

from __future__ import annotations

import logging
from typing import Final, TypeVar

from django.http.response import HttpResponseBase

from freehold import metrics
from freehold.redaction import find_sqlstate, say_safely

LOGGER: Final = "freehold.faults"
_logger = logging.getLogger(LOGGER)
_Response = TypeVar("_Response", bound=HttpResponseBase)


def log_fault(what: str, error: BaseException | None = None) -> None:
    """Log what came of a fault, such as `not ready`, and the error's first line, without values."""
    if error is None:
        _logger.error("%s", what)
        return
    kind, state = type(error).__name__, find_sqlstate(error)
    reason = next(iter(say_safely(error).splitlines()), "")
    _logger.error("%s: %s: %s", what, " ".join([kind, state]).strip(), reason)
    metrics.count_fault(kind)


def mark_logged(response: _Response) -> _Response:
    """Let Django write no line of its own for an answer whose reason stands in the log."""
    response._has_been_logged = True  # type: ignore[attr-defined]  # what log_response looks at
    return response
