"""The API's limits: who is counted by what, and what somebody is told who asks too often."""

from __future__ import annotations

import json
from typing import Any
from unittest import mock

import pytest
from django.db import OperationalError
from django.http import HttpRequest
from pytest_django.fixtures import Settings

from freehold.limits import counting, middleware
from freehold.limits.middleware import find_address
from freehold.limits.refusals import Refusals
from runs.models import Run
from tenancy.services.api_key import issue_api_key, revoke_api_key
from tests.api import Caller
from tests.auth_app.factories import make_user
from tests.freehold.limits.addresses import make_address
from tests.tenancy.factories import make_project

pytestmark = pytest.mark.django_db(transaction=True)  # the counter's connection sees what is committed
LIMITS = {"anonymous": "2/3600", "user": "3/3600", "api_key": "4/3600", "reports": "1/3600"}


@pytest.fixture(autouse=True)
def limits(settings: Settings, counter: None) -> None:
    settings.API_RATE_LIMITS = LIMITS


def call(caller: Caller, path: str = "items", address: str = "", **kept: Any) -> int:
    """Give the status of an answer to somebody at an address."""
    caller.client.defaults["REMOTE_ADDR"] = address or make_address()
    return caller.send(kept.pop("method", "GET"), path, **kept).status_code


def test_nobody_is_counted_by_address() -> None:
    address = make_address()

    assert [call(Caller(), address=address) for _ in range(3)] == [200, 200, 429]
    assert call(Caller()) == 200


def test_user_is_counted_by_id_wherever_they_are_and_in_all_their_sessions() -> None:
    user = make_user()

    assert [call(Caller(user)) for _ in range(4)] == [200, 200, 200, 429]
    assert call(Caller(make_user())) == 200


def test_key_is_counted_by_itself() -> None:
    project = make_project()
    one, two = (Caller(key=issue_api_key(project=project, name=name).text) for name in "ab")

    assert [call(one) for _ in range(5)] == [200, 200, 200, 200, 429]
    assert call(two) == 200


def test_keys_of_a_tenant_are_counted_together_too(settings: Settings) -> None:
    settings.API_RATE_LIMITS = {**LIMITS, "tenant": "5/3600"}
    project = make_project()
    keys = [Caller(key=issue_api_key(project=project, name=name).text) for name in "abc"]

    assert [call(keys[0]) for _ in range(5)] == [200, 200, 200, 200, 429]  # the last by the key's own limit
    answer = keys[1].get("items")
    assert answer["RateLimit-Policy"] == '"tenant";q=5;w=3600'
    assert answer["RateLimit"].startswith('"tenant";r=0;t=')
    assert [call(key) for key in keys[1:]] == [429, 429]
    assert call(Caller(key=issue_api_key(project=make_project(), name="x").text)) == 200
    assert call(Caller(make_user())) == 200


def test_tenant_is_counted_where_its_keys_have_no_limit(settings: Settings) -> None:
    settings.API_RATE_LIMITS = {"tenant": "2/3600"}
    one, two = (Caller(key=issue_api_key(project=make_project(), name="x").text) for _ in range(2))

    assert [call(one) for _ in range(3)] == [200, 200, 429]
    assert [call(two), call(Caller())] == [200, 200]


def test_bearer_that_opens_nothing_counts_for_the_address_whatever_it_claims() -> None:
    address, issued = make_address(), issue_api_key(project=make_project(), name="a")
    key, user = Caller(key=issued.text), make_user()
    assert call(key, address=address) == 200
    revoke_api_key(api_key=issued.api_key)

    texts = (issued.text, "fh_1_2")
    found = [call(Caller(user, key=text), address=address) for text in (*texts, "session:1", "fh_" + "x" * 40)]
    assert found == [401, 401, 429, 429]
    assert call(Caller(), address=address) == 429
    assert call(Caller(user), address=address) == 200


def test_session_that_nobody_has_counts_for_the_address() -> None:
    address = make_address()
    found = []
    for number in range(3):
        caller = Caller()
        caller.client.cookies["sessionid"] = f"{number}" * 32
        found.append(call(caller, address=address))

    assert found == [200, 200, 429]


def test_reports_have_a_limit_of_their_own() -> None:
    key = Caller(key=issue_api_key(project=make_project(), name="a").text)
    report = b'{"external_id": "a", "kind": "x"}'

    assert [call(key, "runs", method="POST", body=report) for _ in range(2)] == [200, 429]
    assert [call(key, "runs") for _ in range(5)] == [200, 200, 200, 200, 429]
    address = make_address()
    assert [call(Caller(), "runs", address, method="POST", body=report) for _ in range(3)] == [401, 401, 429]
    assert Run.objects.count() == 1


def test_answer_says_what_is_left_and_when_to_come_again() -> None:
    caller = Caller(make_user())
    answers = [caller.get("items") for _ in range(4)]

    assert [each["RateLimit-Policy"] for each in answers] == ['"user";q=3;w=3600'] * 4
    assert [each["RateLimit"].partition(";t=")[0] for each in answers] == [f'"user";r={left}' for left in (2, 1, 0, 0)]
    assert "Retry-After" not in answers[2]
    seconds = answers[3]["Retry-After"]
    assert answers[3]["RateLimit"] == f'"user";r=0;t={seconds}'
    assert answers[3].json() == {
        "title": "Too Many Requests",
        "status": 429,
        "detail": f"These are more than 3 requests in 3600 seconds: come again in {seconds}.",
    }  # fmt: skip


def test_refusals_are_a_line_a_minute_in_the_log(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = make_address()
    monkeypatch.setattr(middleware, "REFUSALS", Refusals())
    assert [call(Caller(), address=address) for _ in range(6)] == [200] * 2 + [429] * 4
    middleware.REFUSALS.told -= 60
    assert call(Caller(), address=address) == 429

    assert [(each.name, each.message) for each in caplog.records if each.name != "freehold.access"] == [
        ("freehold.limits", f"Refused by a limit since the last such line: requests={count}") for count in (1, 4)
    ]


def test_request_that_fails_and_one_that_is_kept_count_too() -> None:
    caller = Caller(make_user())
    etag = caller.get("me/profile")["ETag"]
    assert caller.get("me/profile", **{"If-None-Match": etag}).status_code == 304
    with mock.patch("items.sql.item.list_items_json", side_effect=KeyError):
        assert caller.get("items").status_code == 500

    assert caller.get("items").status_code == 429


def test_pages_outside_the_api_are_not_counted() -> None:
    caller, address = Caller(), make_address()
    caller.client.defaults["REMOTE_ADDR"] = address
    answers = [caller.client.get("/login/") for _ in range(4)]

    assert {each.status_code for each in answers} == {200}
    assert all("RateLimit" not in each for each in answers)


@pytest.mark.parametrize("limits_left", [{}, {"anonymous": "1/3600"}])
def test_what_has_no_limit_is_not_counted(limits_left: dict[str, str], settings: Settings) -> None:
    settings.API_RATE_LIMITS = limits_left
    user = make_user()

    answers = [Caller(user).get("items") for _ in range(5)]

    assert {(each.status_code, "RateLimit" in each) for each in answers} == {(200, False)}


def test_nobody_without_an_address_is_not_counted() -> None:
    caller = Caller()
    caller.client.defaults["REMOTE_ADDR"] = ""

    assert {caller.get("items").status_code for _ in range(4)} == {200}


def test_counter_that_is_away_lets_requests_pass() -> None:
    with (
        mock.patch("freehold.limits.postgresql.Line.ask", side_effect=OperationalError("away")),
        mock.patch("freehold.limits.sqlite3.File.open", side_effect=OSError("away")),
    ):
        for caller in (Caller(), Caller(make_user()), Caller(key="fh_1_2")):
            counting.resume()
            answers = [caller.get("items") for _ in range(6)]
            assert len({each.status_code for each in answers} & {200, 401}) == 1
            assert all("RateLimit" not in each for each in answers)


@pytest.mark.postgresql
@pytest.mark.django_db
def test_user_of_a_transaction_at_hand_is_not_taken_for_nobody() -> None:
    caller = Caller(make_user())  # whom the counter does not see: a project's own tests

    assert caller.get("me").status_code == 200


@pytest.mark.postgresql
def test_who_asks_is_found_by_the_statement_that_counts(django_assert_num_queries: Any) -> None:
    for path in ("items", "me/items"):  # the second looks at who asks, which took a statement of its own
        caller = Caller(make_user())
        with django_assert_num_queries(1):
            assert call(caller, path) == 200


@pytest.mark.parametrize(
    ("limits_wrong", "words"),
    [
        ({"users": "1/60"}, "'users' is not known: it takes user, api_key, anonymous, reports, tenant"),
        ({"user": "often"}, "user has the limit 'often': write how many and in how many seconds, as 600/60"),
    ],
)
def test_setting_that_is_wrong_is_told_in_a_line(limits_wrong: dict[str, str], words: str, settings: Settings) -> None:
    settings.API_RATE_LIMITS = limits_wrong
    with pytest.raises(middleware.LimitsError) as caught:
        middleware.read_limits()

    assert str(caught.value) == f"API_RATE_LIMITS: {words}"


# --- Addresses -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("header", "sent", "peer", "found"),
    [
        (None, "198.51.100.1", "192.0.2.9", "192.0.2.9"),
        ("HTTP_X_FORWARDED_FOR", "198.51.100.1, 198.51.100.2", "192.0.2.9", "198.51.100.2"),
        ("HTTP_X_FORWARDED_FOR", "198.51.100.1, nonsense", "192.0.2.9", "192.0.2.9"),
        ("HTTP_X_FORWARDED_FOR", "", "192.0.2.9", "192.0.2.9"),
        ("HTTP_X_FORWARDED_FOR", "198.51.100.1, 198.51.100.2:4444", "192.0.2.9", "198.51.100.2"),
        ("HTTP_X_FORWARDED_FOR", "[2001:db8:1:2:3:4:5:6]:44", "192.0.2.9", "2001:db8:1:2::/64"),
        ("HTTP_X_FORWARDED_FOR", "[2001:db8:1:2:3:4:5:6]", "192.0.2.9", "2001:db8:1:2::/64"),
        ("HTTP_X_FORWARDED_FOR", "[fe80::1%eth0]:44", "192.0.2.9", "fe80::/64"),
        ("HTTP_X_FORWARDED_FOR", "[nonsense]:44", "192.0.2.9", "192.0.2.9"),
        (None, "", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (None, "", "fe80::1%eth0", "fe80::/64"),
        (None, "", "::ffff:192.0.2.9", "192.0.2.9"),
        (None, "", "", ""),
    ],
)
def test_address_is_the_peers_or_the_last_that_the_proxy_says(
    header: str | None, sent: str, peer: str, found: str, settings: Settings
) -> None:
    settings.ADDRESS_HEADER = header
    request = HttpRequest()
    request.META = {"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": sent}

    assert find_address(request) == found


def test_document_has_the_answer() -> None:
    document = Caller().read("openapi.json")
    for path in document["paths"].values():
        for operation in (each for each in path.values() if isinstance(each, dict)):
            told = operation["responses"]["429"]
            assert {"Retry-After", "RateLimit", "RateLimit-Policy"} == told["headers"].keys()
            assert list(told["content"]) == ["application/problem+json"], json.dumps(told)
