"""Attempts to sign in, at both places, and letters with a link to a new password: how many are taken, and of whom."""

from __future__ import annotations

import uuid
from typing import Any
from unittest import mock

import pytest
from django.core.mail import EmailMessage
from django.http import HttpResponse
from django.test import Client
from pytest_django.fixtures import Settings

from auth_app.attempts import COOKIE, COOKIE_AGE, normalize
from freehold.limits import counting
from freehold.limits.values import LimitsError
from tests.auth_app.factories import make_superuser, make_user
from tests.freehold.limits.addresses import make_address

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("counter")]
LIMITS = {
    "address": "6/900",
    "account_address": "2/900",
    "account": "4/3600",
    "letters_address": "3/3600",
    "letters": "1/900",
}
PLACES = ("/login/", "/admin/login/")


@pytest.fixture(autouse=True)
def limits(settings: Settings) -> None:
    settings.SIGN_IN_LIMITS = LIMITS


@pytest.fixture
def email() -> str:
    """The address of an account that no other test counted. Its password is `right`."""
    found = f"{uuid.uuid4()}@example.org"
    make_superuser("right", email=found)
    return found


def make_client(address: str = "") -> Client:
    return Client(REMOTE_ADDR=address or make_address())


def send(client: Client, email: str, password: str = "wrong", place: str = "/login/") -> HttpResponse:
    return client.post(place, {"username": email, "password": password})


def try_often(client: Client, email: str, count: int, **sent: Any) -> list[int]:
    return [send(client, email, **sent).status_code for _ in range(count)]


@pytest.mark.parametrize("place", PLACES)
def test_account_is_tried_from_an_address_so_often_and_no_more(place: str, email: str) -> None:
    client = make_client()
    ways = (email, email.upper(), f" {email} ", email.replace("e", "\N{FULLWIDTH LATIN SMALL LETTER E}"))

    assert [send(client, each, place=place).status_code for each in ways] == [200, 200, 429, 429]
    refused = send(client, email, "right", place)
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 900
    assert "no-store" in refused["Cache-Control"]
    assert "Come again in 15 minutes" in refused.content.decode()
    assert "_auth_user_id" not in client.session
    assert send(make_client(), email, "right", place).status_code == 302


@pytest.mark.parametrize("place", PLACES)
def test_address_tries_so_many_accounts_and_no_more(place: str) -> None:
    client = make_client()

    found = [send(client, f"{uuid.uuid4()}@example.org", place=place).status_code for _ in range(7)]

    assert found == [200] * 6 + [429]
    assert send(make_client(), "x@example.org", place=place).status_code == 200


def test_account_is_tried_from_everywhere_so_often_and_no_more(email: str) -> None:
    assert [send(make_client(), email).status_code for _ in range(5)] == [200] * 4 + [429]
    assert send(make_client(), email, "right").status_code == 429


def test_answer_is_the_same_whether_there_is_such_an_account(email: str) -> None:
    found = {name: [send(make_client(), name) for _ in range(5)][-1] for name in (email, f"{uuid.uuid4()}@example.org")}

    assert len({(each.status_code, each.content) for each in found.values()}) == 1


@pytest.mark.parametrize("place", PLACES)
def test_stranger_does_not_lock_out_a_browser_that_is_known(place: str, email: str) -> None:
    client = make_client()
    assert send(client, email, "right", place).status_code == 302
    client.post("/logout/")
    assert try_often(make_client(), email, 3, place=place) == [200, 200, 429]
    assert [send(make_client(), email, place=place).status_code for _ in range(2)] == [200, 429]

    again = make_client()  # elsewhere, with its cookies
    again.cookies[COOKIE] = client.cookies[COOKIE].value

    assert send(again, email, "right", place).status_code == 302


def test_right_password_lets_the_account_begin_anew_from_its_address(email: str) -> None:
    address = make_address()
    assert [send(make_client(address), email, each).status_code for each in ("wrong", "right")] == [200, 302]
    assert [send(make_client(address), email, each).status_code for each in ("wrong", "right")] == [200, 302]


@pytest.mark.postgresql
def test_account_is_one_also_where_the_database_takes_another_letter_for_its_own() -> None:
    email = f"iii{uuid.uuid4()}@example.org"
    make_user("right", email=email)
    client, written = make_client(), email.replace("i", "\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}")

    assert [send(client, each).status_code for each in (email, written, email, written)] == [200, 200, 429, 429]


def test_browser_that_is_known_is_held_to_its_own_count(email: str) -> None:
    client = make_client()
    assert send(client, email, "right").status_code == 302
    client.post("/logout/")
    cookie = client.cookies[COOKIE].value

    found = []
    for _ in range(3):
        client = make_client()
        client.cookies[COOKIE] = cookie
        found.append(send(client, email).status_code)

    assert found == [200, 200, 429]


def test_cookie_is_closed_and_for_one_account(email: str) -> None:
    client, other = make_client(), f"{uuid.uuid4()}@example.org"
    make_user("right", email=other)
    assert send(client, other, "right").status_code == 302
    cookie = client.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", COOKIE_AGE)
    assert other not in cookie.value
    for _ in range(4):
        send(make_client(), email)

    for value in (cookie.value, cookie.value[:-1], "x" * 10_000, "", "\xe9", f"{normalize(email)}:1:x:y"):
        thief = make_client()
        thief.cookies[COOKIE] = value
        assert send(thief, email, "right").status_code == 429


def test_cookie_ends(email: str) -> None:
    client = make_client()
    send(client, email, "right")
    client.post("/logout/")
    for _ in range(4):
        send(make_client(), email)

    with mock.patch("auth_app.attempts.COOKIE_AGE", -1):
        assert send(client, email).status_code == 429


def test_right_password_lets_its_browser_begin_anew(email: str) -> None:
    client = make_client()
    for _ in range(2):
        assert [send(client, email).status_code, send(client, email, "right").status_code] == [200, 302]
        client.post("/logout/")


def test_whoever_is_signed_in_forgets_nothing_of_anothers(email: str) -> None:
    client, mine = make_client(), f"{uuid.uuid4()}@example.org"
    make_user("right", email=mine)
    assert send(client, mine, "right").status_code == 302
    cookie = client.cookies[COOKIE].value

    assert try_often(client, email, 3) == [302] * 3  # led on, and no password looked at
    assert client.cookies[COOKIE].value == cookie


def test_without_an_address_the_account_alone_is_counted(email: str) -> None:
    client = Client(REMOTE_ADDR="")

    assert try_often(client, email, 5) == [200] * 4 + [429]


MARKS = (
    "a" + "\N{COMBINING ACUTE ACCENT}" * 400_000 + "\N{COMBINING GRAVE ACCENT BELOW}" * 400_000
)  # minutes to normalize


@pytest.mark.parametrize("name", ["", "\0", "x" * 9_000, "\N{SNOWMAN}", MARKS])
@pytest.mark.parametrize("place", PLACES)
def test_any_text_is_somebody(name: str, place: str) -> None:
    assert send(make_client(), name, place=place).status_code in (200, 429)


def test_page_itself_and_forged_forms_are_not_counted(email: str) -> None:
    client = make_client()
    assert [client.get("/login/").status_code for _ in range(8)] == [200] * 8
    forged = Client(enforce_csrf_checks=True, REMOTE_ADDR=client.defaults["REMOTE_ADDR"])
    assert try_often(forged, email, 3) == [403] * 3

    assert send(client, email).status_code == 200


@pytest.mark.parametrize("place", PLACES)
def test_nobody_signs_in_uncounted(place: str, email: str) -> None:
    client = make_client()
    with mock.patch.object(counting, "choose_engine") as engine:
        engine.return_value.take.side_effect = LimitsError("away")
        assert send(client, email, "right", place).status_code == 503
    assert "_auth_user_id" not in client.session


def test_off_is_no_limit(email: str, settings: Settings) -> None:
    settings.SIGN_IN_LIMITS = {}

    assert try_often(make_client(), email, 12) == [200] * 12


def ask(client: Client, email: str) -> int:
    return client.post("/password-reset/", {"email": email}).status_code


def test_letters_to_an_address_are_so_many_and_nobody_is_told(email: str, mailoutbox: list[EmailMessage]) -> None:
    found = [ask(make_client(), each) for each in (email, email.upper(), email)]

    assert (found, len(mailoutbox)) == ([302, 302, 302], 1)


def test_address_asks_for_so_many_letters_and_no_more(mailoutbox: list[EmailMessage]) -> None:
    client = make_client()

    assert [ask(client, f"{uuid.uuid4()}@example.org") for _ in range(4)] == [302, 302, 302, 429]
    assert client.get("/password-reset/").status_code == 200
    assert mailoutbox == []
