"""What a request leaves in its session's row."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.signed_cookies import SessionStore as CookieStore
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from auth_app.middleware import SessionDetailsMiddleware
from auth_app.models import Session
from auth_app.sessions import SessionStore
from tests.auth_app.factories import make_superuser

pytestmark = pytest.mark.django_db


def test_sign_in_fills_the_sessions_row(client: Client) -> None:
    user = make_superuser("secret")

    client.post(
        "/admin/login/",
        {"username": user.email, "password": "secret"},
        REMOTE_ADDR="192.0.2.9",
        headers={"User-Agent": "Browser/3"},
    )

    row = Session.objects.get()
    assert (row.user, row.ip_address, row.user_agent) == (user, "192.0.2.9", "Browser/3")


def test_request_a_minute_later_notes_when_and_from_where(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    client.force_login(make_superuser())
    before = Session.objects.get()
    monkeypatch.setattr("auth_app.sessions.TOUCH_EVERY", timedelta(0))  # it is a minute later

    client.get("/admin/", REMOTE_ADDR="192.0.2.10")

    row = Session.objects.get()
    assert row.ip_address == "192.0.2.10"
    assert row.last_seen_at > before.last_seen_at


def test_request_that_does_not_read_the_session_sends_no_query(django_assert_num_queries) -> None:
    request = RequestFactory().get("/")
    request.session = SessionStore("x" * 32)

    with django_assert_num_queries(0):
        SessionDetailsMiddleware(lambda request: HttpResponse())(request)


def test_request_with_another_store_is_left_alone() -> None:
    request = RequestFactory().get("/")
    request.session = CookieStore()

    def read(request: HttpRequest) -> HttpResponse:
        return HttpResponse(request.session.get("colour", "none"))

    assert SessionDetailsMiddleware(read)(request).content == b"none"


def test_sign_out_deletes_the_row(client: Client) -> None:
    client.force_login(make_superuser())
    assert Session.objects.count() == 1

    client.post("/admin/logout/")

    assert Session.objects.count() == 0
