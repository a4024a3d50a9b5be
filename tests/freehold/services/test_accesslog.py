"""Each request has one line: what was asked and how it ended, without address, secret or name of a person."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client
from django.urls import include, path
from pytest_django.fixtures import Settings

from freehold.services.routes import served_by
from tests.auth_app.factories import make_user

NAMES = ["service", "method", "route", "status", "principal", "tenant", "duration_ms", "statements"]


def ask(times: int) -> None:
    with connection.cursor() as cursor:
        for _ in range(times):
            cursor.execute("SELECT 1")


@served_by("web")
def answer(request: HttpRequest, **kwargs: str) -> HttpResponse:
    ask(3)
    if "look" in request.GET:
        assert request.principal.kind  # type: ignore[attr-defined]
    return HttpResponse("ok")


@served_by("web")
def answer_parts(request: HttpRequest) -> StreamingHttpResponse:
    def make() -> Iterator[str]:
        for _ in range(2):
            ask(1)
            yield "part"

    return StreamingHttpResponse(make())


@served_by("web")
def fail(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError("by nought")


@served_by("web")
def lose(request: HttpRequest) -> HttpResponse:
    raise OperationalError("the connection is lost\nSTATEMENT: SELECT 'a value'")


urlpatterns = [
    path("thing/<token>/", answer),
    path("parts/", answer_parts),
    path("fail/", fail),
    path("lose/", lose),
    path("", include("config.urls")),
]


@pytest.fixture
def client(settings: Settings, db: None) -> Client:
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


def list_lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    return [each.fields for each in caplog.records if each.name == "freehold.access"]  # type: ignore[attr-defined]


def test_line_says_what_was_asked_and_how_it_ended(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    client.get("/thing/a-token/?q=a-word", headers={"User-Agent": "an agent"})

    (line,) = list_lines(caplog)
    assert list(line) == NAMES
    assert line.pop("duration_ms") > 0
    assert line == {
        "service": "web",
        "method": "GET",
        "route": "/thing/<token>/",
        "status": 200,
        "principal": "anonymous",
        "tenant": "",
        "statements": 3,
    }


@pytest.mark.parametrize(
    ("address", "status", "route"),
    [
        ("/nowhere/a-token/", 404, "-"),
        ("/login", 301, "-"),
        ("/fail/", 500, "/fail/"),
        ("/lose/", 503, "/lose/"),
        ("/healthz", 200, "/healthz"),
    ],
)
def test_each_answer_has_one_line(
    client: Client, caplog: pytest.LogCaptureFixture, address: str, status: int, route: str
) -> None:
    assert client.get(address).status_code == status

    assert [(each["status"], each["route"]) for each in list_lines(caplog)] == [(status, route)]


def test_answer_of_a_middleware_before_all_others_has_one_too(
    client: Client, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.SECURE_SSL_REDIRECT = True

    response = client.get("/login/")

    assert (response.status_code, len(response["X-Request-ID"])) == (301, 32)
    assert [each["status"] for each in list_lines(caplog)] == [301]


def test_line_of_streamed_parts_comes_at_the_end_with_their_statements(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    response = client.get("/parts/")
    assert list_lines(caplog) == []

    assert b"".join(response.streaming_content) == b"partpart"
    response.close()

    assert [each["statements"] for each in list_lines(caplog)] == [2]


def test_nobody_is_looked_for_to_be_logged(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    client.force_login(make_user())
    client.get("/thing/x/")
    client.get("/thing/x/?look=1")

    shown, looked = list_lines(caplog)
    # SQLite has no proofs: there the session was looked for before the view, by one statement more.
    expected = ("session", 3) if connection.vendor == "postgresql" else ("user", 4)
    assert (shown["principal"], shown["statements"]) == expected
    assert looked["principal"] == "user"


# --- Faults, and what Django would say ------------------------------------------------------------------------------
def list_others(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str, bool]]:
    others = [each for each in caplog.records if each.name != "freehold.access"]
    return [(each.name, each.getMessage(), bool(each.exc_info)) for each in others]


def test_fault_of_the_database_is_one_line_with_its_reason(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    client.get("/lose/")

    assert list_others(caplog) == [
        ("freehold.faults", "answered by 503: OperationalError: the connection is lost", False)
    ]


def test_other_faults_have_their_traceback_once(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    client.get("/fail/")

    assert [(name, has_trace) for name, _, has_trace in list_others(caplog)] == [("django.request", True)]


def test_address_that_is_not_found_is_in_no_line(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    client.get("/nowhere/a-token/")

    assert list_others(caplog) == []


# --- The request's id -----------------------------------------------------------------------------------------------
HOSTILE = ["a\nb", "a\r\nSet-Cookie: x=1", "x" * 64, "é", "\u2028", "a b", "{}", "%0a", "../x", "\x00"]


@pytest.mark.parametrize("sent", HOSTILE)
def test_id_of_another_shape_is_in_no_line_and_no_header(client: Client, sent: str) -> None:
    logging.getLogger("freehold.access").addHandler(handler := Keeping())
    response = client.get("/thing/x/", HTTP_X_REQUEST_ID=sent)
    logging.getLogger("freehold.access").removeHandler(handler)

    (found,) = handler.ids
    assert (found, len(found)) == (response["X-Request-ID"], 32)


def test_id_of_a_proxy_is_that_of_the_line(client: Client) -> None:
    logging.getLogger("freehold.access").addHandler(handler := Keeping())
    response = client.get("/thing/x/", headers={"X-Request-ID": "x" * 63})
    logging.getLogger("freehold.access").removeHandler(handler)

    assert handler.ids == [response["X-Request-ID"]] == ["x" * 63]


class Keeping(logging.Handler):
    """Keeps the id of the request that is at hand when a record is written."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        from freehold.requests import find_request

        request = find_request()
        self.ids.append(request.id if request else "")


@pytest.mark.postgresql
def test_server_knows_the_request_by_its_application_name(client: Client, settings: Settings) -> None:
    seen: list[str] = []

    @served_by("web")
    def look(request: HttpRequest) -> HttpResponse:
        with connection.cursor() as cursor:
            cursor.execute("SELECT application_name FROM pg_stat_activity WHERE pid = pg_backend_pid()")
            seen.extend(cursor.fetchone())
        return HttpResponse("ok")

    settings.ROOT_URLCONF = type("Addresses", (), {"urlpatterns": [path("look/", look), *urlpatterns]})

    response = client.get("/look/")

    assert seen == [response["X-Request-ID"]]
