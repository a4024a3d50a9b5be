"""A record is one line of JSON, or of text that nobody who sends a character can break."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from typing import Any

import pytest

from freehold import JSONFormatter, TextFormatter
from freehold.requests import RequestRecord, keeping

HOSTILE = "/x\n2026-11-30 00:00:00,000 INFO freehold.access forged\r\x1b[2J\u2028\u202e\ud800"


def make_record(text: str, *args: Any, **more: Any) -> logging.LogRecord:
    record = logging.LogRecord("probe", logging.WARNING, "probe.py", 1, text, args, more.pop("exc_info", None))
    vars(record).update(more)
    return record


def fail(text: str) -> Any:
    try:
        raise ValueError(text)
    except ValueError:
        return sys.exc_info()


def test_record_is_an_object_of_json() -> None:
    found = json.loads(JSONFormatter("api").format(make_record("%d rows", 7, fields={"status": 200})))

    assert found.pop("timestamp").endswith("+00:00")
    assert found == {"event": "7 rows", "level": "warning", "logger": "probe", "service": "api", "status": 200}


@pytest.mark.parametrize("make", [JSONFormatter, TextFormatter])
def test_request_is_named_in_each_of_its_records(make: Any) -> None:
    with keeping(RequestRecord("r-1", service="web")):
        line = make("all").format(make_record("x")) if make is JSONFormatter else make().format(make_record("x"))

    assert ('"service": "web"' in line and '"request_id": "r-1"' in line) or line.endswith(
        " WARNING probe x request=r-1"
    )


def test_id_that_the_text_has_is_not_said_twice() -> None:
    with keeping(RequestRecord("r-1")):
        assert TextFormatter().format(make_record("refused: request=r-1")).endswith(" refused: request=r-1")


@pytest.mark.parametrize("make", [JSONFormatter, TextFormatter])
def test_hostile_text_stays_in_its_line(make: Any) -> None:
    line = make().format(make_record("%s", HOSTILE, fields={"route": HOSTILE}))

    assert line.isprintable()
    assert "forged" in line


def test_json_is_ascii_and_takes_whatever_a_field_is() -> None:
    line = JSONFormatter().format(make_record("naïve", fields={"what": object}))

    assert line.isascii()
    assert json.loads(line)["what"] == "<class 'object'>"


def test_record_of_structlogs_own_loggers_has_its_fields() -> None:
    found = json.loads(JSONFormatter().format(make_record({"event": "paid", "amount": 7})))  # type: ignore[arg-type]

    assert (found["event"], found["amount"], found["logger"]) == ("paid", 7, "probe")


def test_traceback_is_a_text_of_the_object() -> None:
    line = JSONFormatter().format(make_record("x", exc_info=fail(HOSTILE)))

    assert line.isprintable()
    assert json.loads(line)["exception"].startswith("Traceback (most recent call last):")


def test_traceback_that_was_written_before_is_kept() -> None:
    assert json.loads(JSONFormatter().format(make_record("x", exc_text="Traceback of a queue")))["exception"] == (
        "Traceback of a queue"
    )


def test_lines_of_a_traceback_are_indented_in_text() -> None:
    first, *rest = TextFormatter().format(make_record("x", exc_info=fail(HOSTILE))).split("\n")

    assert first.endswith(" WARNING probe x")
    assert all(each.startswith("    ") and each.isprintable() for each in rest)
    assert "    Traceback (most recent call last):" in rest


def test_text_has_fields_as_words_and_leaves_out_what_is_blank() -> None:
    line = TextFormatter().format(make_record("request", fields={"status": 200, "tenant": "", "route": "/a b/"}))

    assert line.endswith(" WARNING probe request status=200 route='/a b/'")


def test_structlog_is_loaded_by_the_first_line_and_not_before() -> None:
    asks = (
        "import sys, logging; from freehold import JSONFormatter; made = JSONFormatter('x'); "
        "before = 'structlog' in sys.modules; "
        "made.format(logging.LogRecord('a', 30, 'b', 1, 'c', (), None)); print(before, 'structlog' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", asks], capture_output=True, text=True, check=True)

    assert ran.stdout == "False True\n"
