"""How a record of the log is written: as one object of JSON a line, by structlog, or to be read by people.

A record's `fields` (`extra={"fields": {…}}`) become fields of the object, and words behind the text. The request's id
comes to each record that is made while the request is answered.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Final

from freehold.errors import needing_extra
from freehold.requests import find_request

REQUEST_ID: Final = "request_id"
_INDENT: Final = "    "  # before the lines of a traceback: none of them looks like a record


class TextFormatter(logging.Formatter):
    """A line for each record: time, level, logger, text, fields. A character that is none to print is written as an
    escape, so that nobody who sends one begins a line of their own or moves the cursor."""

    def format(self, record: logging.LogRecord) -> str:
        """Give the line, and behind it the lines of the traceback, indented."""
        text = record.getMessage()
        words = [f"{name}={value}" for name, value in _iter_fields(record, text)]
        line = " ".join([self.formatTime(record), record.levelname, record.name, text, *words])
        return f"\n{_INDENT}".join(map(_escape, [line, *self._iter_trace(record)]))

    def _iter_trace(self, record: logging.LogRecord) -> Iterator[str]:
        trace = self.formatException(record.exc_info) if record.exc_info else record.exc_text
        yield from (trace or "").splitlines()
        yield from (record.stack_info or "").splitlines()


def _iter_fields(record: logging.LogRecord, text: str) -> Iterator[tuple[str, Any]]:
    """Yield the record's fields that say something which its text does not say."""
    for name, value in getattr(record, "fields", {}).items():
        if value not in ("", None):
            yield name, value if " " not in str(value) else repr(value)
    request = find_request()
    if request is not None and request.id not in text:
        yield "request", request.id


def _escape(line: str) -> str:
    if line.isprintable():
        return line
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in line)


class JSONFormatter(logging.Formatter):
    """An object of JSON for each record, in ASCII, with a traceback as one of its texts. `service` is the process's;
    that of a request is said where it is another."""

    def __init__(self, service: str = "") -> None:
        super().__init__()
        self.service = service

    @cached_property
    def processors(self) -> list[Callable[..., Any]]:
        """structlog's, looked for with the first record: a command that logs nothing loads none of it. Its own
        formatter copies each record and its fields, which took half of a line's time.

        Raises:
            MissingExtraError: structlog is not installed.
        """
        with needing_extra("logs"):
            from structlog.processors import JSONRenderer, format_exc_info
        encode = json.JSONEncoder(default=repr).encode  # made once: json.dumps would make one for each line
        return [format_exc_info, JSONRenderer(serializer=lambda event, **options: encode(event))]

    def format(self, record: logging.LogRecord) -> str:
        """Give the line. The record may be of the standard library's loggers, or of structlog's, whose message is an
        event's fields."""
        event: Any = self._describe(record)
        for each in self.processors:
            event = each(None, record.levelname, event)
        return str(event)

    def _describe(self, record: logging.LogRecord) -> dict[str, Any]:
        request = find_request()
        event: dict[str, Any] = {
            "event": "" if isinstance(record.msg, dict) else record.getMessage(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "service": (request.service if request else "") or self.service,
        }
        if request is not None:
            event[REQUEST_ID] = request.id
        event.update(record.msg if isinstance(record.msg, dict) else getattr(record, "fields", ()))
        if record.exc_info:
            event["exc_info"] = record.exc_info
        elif record.exc_text:  # of a queue's handler
            event["exception"] = record.exc_text
        return event
