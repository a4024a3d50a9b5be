"""What a database's error says of values is in no log and no mail, however the error got there."""

from __future__ import annotations

import io
import logging
import traceback
from collections.abc import Callable
from typing import Any

import django
import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import DataError, Error, IntegrityError, connection, transaction
from django.db.utils import OperationalError
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import resolve
from django.utils.log import AdminEmailHandler, log_response
from pytest_django.fixtures import Settings

from freehold.logs import PlainReporter, WithoutValues
from freehold.redaction import Redaction
from freehold.services import acting_as
from tests.auth_app.factories import make_user

SECRET = "hush-hush"
DETAIL = f'duplicate key value violates unique constraint "u"\nDETAIL:  Key (email)=({SECRET}) already exists.'


def catch(statement: str, *params: Any) -> Error:
    """Give the error of a statement, as Django raises it."""
    with pytest.raises(Error) as caught, acting_as("admin"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, params)
    return caught.value


@pytest.fixture
def write() -> Callable[..., str]:
    """Give a function that logs and gives what a handler with the filter wrote of it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(WithoutValues())
    logger = logging.Logger("probe")
    logger.addHandler(handler)

    def log(message: Any, *args: Any, **options: Any) -> str:
        logger.error(message, *args, **options)
        return stream.getvalue()

    return log


STATEMENTS = {  # each says the value in another part of the error
    "detail": """INSERT INTO auth."user" SELECT * FROM auth."user" WHERE position('hush-hush' IN email) > 0""",
    "row": "INSERT INTO master.categories (name, slug) VALUES ('hush-hush', NULL)",
    "value": "SELECT 'hush-hush'::uuid",
    "number": "SELECT 'hush-hush'::int",
    "range": "SELECT date 'hush-hush'",
    "json": """SELECT '{"a": hush-hush}'::json""",
    "excerpt": "SELECT nothing FROM auth.\"user\" WHERE email = 'hush-hush'",
    "syntax": "SELECT 1 'hush-hush'",
    "address": "SELECT 'hush-hush'::inet",
}


@pytest.mark.postgresql
@pytest.mark.django_db
@pytest.mark.parametrize("case", STATEMENTS)
def test_error_of_postgresql_is_logged_without_its_value(case: str, write: Callable[..., str]) -> None:
    key = str(make_user(email=f"{SECRET}@example.org").pk)
    error = catch(STATEMENTS[case])
    assert SECRET in str(error) or key in str(error)

    said = write("It failed: %s", error, exc_info=error)

    assert SECRET not in said
    assert key not in said
    assert f"{type(error).__module__}.{type(error).__name__}" in said
    assert "Traceback (most recent call last):" in said
    assert "The above exception was the direct cause" in said


@pytest.mark.postgresql
@pytest.mark.django_db
def test_error_keeps_what_names_no_value(write: Callable[..., str]) -> None:
    make_user(email=f"{SECRET}@example.org")

    said = write("It failed", exc_info=catch(STATEMENTS["detail"]))

    assert 'psycopg.errors.UniqueViolation: duplicate key value violates unique constraint "user_pkey"\n' in said


SQLITE = {
    "syntax": "SELECT 1 'hush-hush' 'hush-hush'",
    "token": "SELECT 1 # hush-hush",
    "json": "SELECT json('hush-hush')",
}


@pytest.mark.sqlite
@pytest.mark.django_db
@pytest.mark.parametrize("case", SQLITE)
def test_error_of_sqlite_is_logged_without_its_value(case: str, write: Callable[..., str]) -> None:
    assert SECRET not in write("It failed: %s", error := catch(SQLITE[case]), exc_info=error)


def test_key_that_sqlite_checks_at_the_end_is_logged_without_its_value(write: Callable[..., str]) -> None:
    text = (
        f"The row in table 'app.items' with primary key '{SECRET}' has an invalid foreign key: app.items.user_id "
        f"contains a value '{SECRET}' that does not have a corresponding value in auth.user.id."
    )

    said = write("%s", IntegrityError(text))

    assert said == text.replace(SECRET, "…") + "\n"


def chained() -> Exception:
    """An error of the code's own whose cause is the database's."""
    try:
        try:
            raise IntegrityError(DETAIL)
        except IntegrityError as error:
            raise ValueError(f"can't save: {error}") from error
    except ValueError as error:
        return error


def hidden() -> Exception:
    """One that is raised from none: its context is not printed, its text is."""
    try:
        try:
            raise IntegrityError(DETAIL)
        except IntegrityError as error:
            raise RuntimeError([error]) from None
    except RuntimeError as error:
        return error


def noted() -> Exception:
    error = LookupError("no row")
    error.add_note(DETAIL)
    return error


def grouped() -> Exception:
    return ExceptionGroup("several", [IntegrityError(DETAIL), ExceptionGroup("more", [chained()])])


def circular() -> Exception:
    error, other = IntegrityError(DETAIL), ValueError("x")
    error.__cause__, other.__context__ = other, error
    return error


def validation() -> Exception:
    return ValidationError([DETAIL])


@pytest.mark.parametrize("make", [chained, hidden, noted, grouped, circular, validation])
def test_value_is_taken_out_of_whatever_carries_it(make: Callable[[], Exception], write: Callable[..., str]) -> None:
    error = make()
    assert SECRET in "".join(traceback.format_exception(error))

    said = write("It failed", exc_info=error)

    assert SECRET not in said
    assert type(error).__name__ in said


@pytest.mark.parametrize(
    ("message", "args"),
    [
        (DETAIL, ()),
        ("%s", (IntegrityError(DETAIL),)),
        ("%r", (IntegrityError(DETAIL),)),
        ("%s", ([IntegrityError(DETAIL)],)),
        ("%(error)s", ({"error": IntegrityError(DETAIL)},)),
        (IntegrityError(DETAIL), ()),
        ("%s", (DETAIL.partition("DETAIL:  ")[2],)),
        ("%s", (DataError(f"can't parse date '{SECRET}'"),)),
        ("%d of %s", (SECRET,)),
    ],
)
def test_value_is_taken_out_of_the_message(message: Any, args: tuple[Any, ...], write: Callable[..., str]) -> None:
    said = write(message, *args)

    assert said.strip()
    assert SECRET not in said


def test_traceback_that_was_written_before_has_none_either() -> None:
    """As of a queue's handler, which has no exception any more, or of an earlier handler's formatter."""
    text = "".join(traceback.format_exception(chained()))
    record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "It failed", (), None)
    record.exc_text = text

    assert WithoutValues().filter(record)
    assert SECRET not in record.exc_text
    assert record.exc_text.startswith("Traceback (most recent call last):")
    assert "The above exception was the direct cause of the following exception" in record.exc_text
    assert "ValueError: can't save: duplicate key value" in record.exc_text


def test_traceback_kept_by_another_handler_is_written_anew(write: Callable[..., str]) -> None:
    error = chained()
    record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "It failed", (), (type(error), error, None))
    logging.Formatter().format(record)
    assert SECRET in str(record.exc_text)

    WithoutValues().filter(record)

    assert SECRET not in logging.Formatter().format(record)


def test_error_without_values_stays_the_one_it_is() -> None:
    error = ValueError("plain")

    assert Redaction([error]).redact_error(error) is error
    assert Redaction([]).redact_text("Detail: of a sentence, CONTEXT: of another") == (
        "Detail: of a sentence, CONTEXT: of another"
    )


def test_error_that_can_not_be_printed_breaks_nothing(write: Callable[..., str]) -> None:
    class BrokenError(Exception):
        def __str__(self) -> str:
            raise TypeError

    broken = BrokenError()
    broken.__cause__ = IntegrityError(DETAIL)

    assert SECRET not in write("It failed", exc_info=broken)


def test_mail_to_admins_has_traceback_and_request_and_no_value(settings: Settings) -> None:
    settings.ADMINS = ["root@example.org"] if django.VERSION >= (6, 0) else [("Root", "root@example.org")]
    handler = AdminEmailHandler(reporter_class="freehold.PlainReporter")
    handler.addFilter(WithoutValues())
    request = RequestFactory().post("/items/", {"password": SECRET}, headers={"cookie": f"sessionid={SECRET}"})
    request.request_id = "r-9"  # type: ignore[attr-defined]
    request.resolver_match = resolve("/items/")
    logger = logging.Logger("django.request")
    logger.addHandler(handler)

    log_response(
        "%s: %s",
        "Internal Server Error",
        "/items/",
        response=HttpResponse(status=500),
        request=request,
        logger=logger,
        exception=chained(),
    )

    (sent,) = mail.outbox
    assert SECRET not in f"{sent.subject}{sent.body}"
    assert "Request: POST /items/\nRequest id: r-9\n" in sent.body
    assert "ValueError: can't save: duplicate key value violates unique constraint" in sent.body


def test_reporter_alone_takes_values_out_too() -> None:
    error = chained()
    reporter = PlainReporter(None, type(error), error, error.__traceback__, is_email=True)

    assert SECRET not in reporter.get_traceback_text() + reporter.get_traceback_html()
    assert reporter.get_traceback_html().startswith("<pre>")


def test_settings_of_the_project_filter_each_handler() -> None:
    from config.settings import LOGGING

    assert [name for name, each in LOGGING["handlers"].items() if "without_values" not in each["filters"]] == []
    assert LOGGING["handlers"]["mail_admins"]["reporter_class"] == "freehold.PlainReporter"


def test_operational_error_of_the_connection_stays_readable(write: Callable[..., str]) -> None:
    text = 'connection failed: connection to server at "127.0.0.1", port 1 failed: Connection refused'

    assert write("%s", OperationalError(text)) == f"{text}\n"
