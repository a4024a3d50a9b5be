"""The API as it is asked from elsewhere: from other sites' pages (CORS), by another host's name, without HTTPS."""

from __future__ import annotations

import pytest
from django.conf import settings as project
from django.http import HttpResponse
from django.test import Client
from pytest_django.fixtures import Settings

from tests.api import Caller
from tests.auth_app.factories import make_user

pytestmark = pytest.mark.django_db
ORIGIN = "https://shop.example"
ASKED = {"Origin": ORIGIN, "Access-Control-Request-Method": "PATCH", "Access-Control-Request-Headers": "if-match"}
ALLOWED = "Access-Control-Allow-Origin"


@pytest.fixture
def shop(settings: Settings) -> None:
    settings.CORS_ALLOWED_ORIGINS = [ORIGIN]


def list_exposed(answer: HttpResponse) -> set[str]:
    return set(answer["Access-Control-Expose-Headers"].split(", "))


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize("path", ["items", "nowhere", "me", "items/x?colour=red"])
def test_preflight_is_answered_for_every_address_by_what_is_allowed(path: str) -> None:
    answer = Caller().send("OPTIONS", path, **ASKED)

    assert (answer.status_code, answer[ALLOWED]) == (200, ORIGIN)
    assert {"GET", "PATCH", "PUT", "DELETE", "POST"} <= set(answer["Access-Control-Allow-Methods"].split(", "))
    assert {"authorization", "content-type", "if-match", "if-none-match"} <= set(
        answer["Access-Control-Allow-Headers"].split(", ")
    )
    assert "origin" in answer["Vary"].lower()


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("items", {}, 200), ("nowhere", {}, 404), ("me", {}, 401), ("items?limit=0", {}, 422),
        ("items", {"Authorization": "Bearer fh_1_2"}, 401), ("items", {"Host": "evil.example"}, 400),
    ],
)  # fmt: skip
def test_answers_and_errors_are_shown_to_the_page_and_no_cookie_counts(
    path: str, headers: dict[str, str], status: int, settings: Settings
) -> None:
    settings.DEBUG, settings.ALLOWED_HOSTS = False, ["testserver"]
    answer = Caller().get(path, Origin=ORIGIN, **headers)

    assert (answer.status_code, answer[ALLOWED]) == (status, ORIGIN)
    assert "Access-Control-Allow-Credentials" not in answer
    assert {"ETag", "Location", "Retry-After", "RateLimit", "RateLimit-Policy"} <= list_exposed(answer)


@pytest.mark.usefixtures("shop")
def test_too_many_requests_are_told_to_the_page(settings: Settings) -> None:
    settings.API_RATE_LIMITS = {"anonymous": "1/1"}
    caller = Caller()
    caller.client.defaults["REMOTE_ADDR"] = "2001:db8:77::1"
    answers = [caller.get("items", Origin=ORIGIN) for _ in range(30)]

    assert {each[ALLOWED] for each in answers} == {ORIGIN}
    assert 429 in {each.status_code for each in answers}


@pytest.mark.usefixtures("shop")
def test_page_of_another_site_is_shown_nothing() -> None:
    for origin in ("https://evil.example", "http://shop.example", "https://shop.example.evil.example", "null", "["):
        answer = Caller().get("items", Origin=origin)
        assert (answer.status_code, ALLOWED in answer) == (200, False)
        assert "origin" in answer["Vary"].lower()


@pytest.mark.usefixtures("shop")
def test_pages_outside_the_api_are_shown_to_no_other_site() -> None:
    for path in ("/login/", "/items/", "/healthz"):
        answer = Client().get(path, headers={"Origin": ORIGIN})
        assert (answer.status_code, ALLOWED in answer) == (200, False)


def test_no_site_may_ask_unless_settings_say_so() -> None:
    assert project.CORS_ALLOWED_ORIGINS == []
    assert ALLOWED not in Caller().get("items", Origin=ORIGIN)


# --- Another host, no HTTPS ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("debug", [True, False])
@pytest.mark.parametrize("https", [True, False])
def test_host_that_is_not_ours_is_a_problem_wherever_it_is_looked_at(
    debug: bool, https: bool, settings: Settings
) -> None:
    settings.DEBUG, settings.ALLOWED_HOSTS, settings.SECURE_SSL_REDIRECT = debug, ["freehold.example"], https

    assert Caller().get("items", Host="evil.example").status_code == 400


def test_what_would_be_lost_on_the_way_to_https_is_refused(settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    user = make_user()
    lost = [Caller(user).send(method, "items", {}) for method in ("POST", "PATCH", "DELETE", "PUT")]
    lost += [Caller(key="fh_1_2").get("items")]

    assert {each.status_code for each in lost} == {403}
    assert lost[0].json()["detail"].startswith("Come over HTTPS.")
    for answer in (Caller(user).get("items"), Caller().send("HEAD", "items")):
        assert (answer.status_code, answer["Location"]) == (301, "https://testserver/api/v1/items")


def test_problem_in_the_place_of_a_page_keeps_what_protects(settings: Settings) -> None:
    settings.DEBUG = False
    answer = Caller().get("nowhere")

    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert len(answer["X-Request-ID"]) == 32
    assert int(answer["Content-Length"]) == len(answer.content)
