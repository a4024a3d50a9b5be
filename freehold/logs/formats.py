"""How a record of the log is written: as one object of JSON a line, by structlog, or to be read by people.

A record's `fields` (`extra={"fields": {…}}`) become fields of the object, and words behind the text. The request's id
comes to each record that is made while the request is answered.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, MutableMapping
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
    def chain(self) -> logging.Formatter:
        """structlog's own formatter, made with the first record: a command that logs nothing loads none of it.

        Raises:
            MissingExtraError: structlog is not installed.
        """
        with needing_extra("logs"):
            import structlog
        return structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(serializer=json.dumps, default=repr),
            ],
            foreign_pre_chain=[
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                self.add_fields,
            ],
        )

    def format(self, record: logging.LogRecord) -> str:
        """Give the line."""
        return self.chain.format(record)

    def add_fields(self, logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        """Add what the record and its request bring, as a processor of structlog's."""
        record, request = event["_record"], find_request()
        event["service"] = (request.service if request else "") or self.service
        if request is not None:
            event[REQUEST_ID] = request.id
        if record.exc_text and not record.exc_info:  # of a queue's handler
            event["exception"] = record.exc_text
        event.update(getattr(record, "fields", {}))
        return event
