"""What logs and mails say of errors: where they came from, and no value."""

from __future__ import annotations

import logging
import traceback
from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.views.debug import ExceptionReporter

from freehold.redaction import MARK, Redaction
from freehold.requests import get_route


class WithoutValues(logging.Filter):
    """A handler's filter that takes values out of what errors of the database say: in a record's message, its
    arguments, its exception with all causes, and a traceback that was written before.

    In what is said of a request, the pattern of its address takes the place of the address, which may hold a secret.

    It changes the record, also for handlers that come later. What code itself writes into a message stays, and the
    statements that `django.db.backends` logs at level DEBUG.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Let the record pass, without values."""
        _hide_address(record)
        error = record.exc_info[1] if record.exc_info else None
        redaction = Redaction([each for each in (error, record.msg, *_list_arguments(record)) if _is_error(each)])
        _redact_message(record, redaction)
        if error is not None:
            copy = redaction.redact_error(error)
            record.exc_info = type(copy), copy, copy.__traceback__
            if copy is not error:
                record.exc_text = None  # made anew of the copy
        if record.exc_text:
            record.exc_text = redaction.redact_text(record.exc_text)
        return True


def _hide_address(record: logging.LogRecord) -> None:
    """Take the address out of the arguments, and where the visitor came from, as Django's CSRF check has it."""
    request = getattr(record, "request", None)
    if not isinstance(request, HttpRequest) or not isinstance(record.args, tuple):
        return
    route, referer = get_route(request), request.META.get("HTTP_REFERER", "")
    args = [route if each in (request.path, request.path_info) else each for each in record.args]
    if referer:
        args = [each.replace(referer, MARK) if isinstance(each, str) else each for each in args]
    record.args = tuple(args)


def _list_arguments(record: logging.LogRecord) -> list[Any]:
    """Give what is put into the message, with what lists among it hold."""
    given = record.args.values() if isinstance(record.args, dict) else record.args or ()
    return [each for argument in given for each in (argument if isinstance(argument, list | tuple) else [argument])]


def _is_error(value: Any) -> bool:
    return isinstance(value, BaseException)


def _redact_message(record: logging.LogRecord, redaction: Redaction) -> None:
    try:
        text = record.getMessage()
    except Exception:  # logging would print the arguments
        record.msg, record.args = f"{record.msg!r} does not fit its {len(record.args or ())} arguments", ()
        return
    if (safe := redaction.redact_text(text)) != text:
        record.msg, record.args = safe, ()


class PlainReporter(ExceptionReporter):
    """The text of a mail to `ADMINS`: the traceback without values. Django's own has what was sent, cookies and
    settings as well. For `reporter_class` of `AdminEmailHandler`."""

    def get_traceback_text(self) -> SafeString:
        """Give method, route and id of the request, and the traceback."""
        lines = [f"Request: {self.request.method} {get_route(self.request)}"] if self.request else []
        if request_id := getattr(self.request, "request_id", ""):
            lines.append(f"Request id: {request_id}")
        return mark_safe("\n".join([*lines, "", self._write_traceback()]))  # noqa: S308 - plain text, as Django's own is

    def get_traceback_html(self) -> SafeString:
        """Give the same as HTML."""
        return format_html("<pre>{}</pre>", str(self.get_traceback_text()))

    def _write_traceback(self) -> str:
        if not isinstance(self.exc_value, BaseException):
            return Redaction([]).redact_text(str(self.exc_value or ""))
        error = Redaction([self.exc_value]).redact_error(self.exc_value)
        return "".join(traceback.format_exception(error))
