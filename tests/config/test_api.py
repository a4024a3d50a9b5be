"""What every resource of the API has in common: errors, authentication, limits, the document and its page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest
from django.contrib.staticfiles import finders
from django.db import OperationalError
from django.test import Client
from pytest_django.fixtures import Settings

from config import api
from freehold.api import END
from freehold.backends.errors import AccessError
from tenancy.services.api_key import issue_api_key, revoke_api_key
from tests.api import ANY, ROOT, TOKEN, Caller, list_faults
from tests.auth_app.factories import make_user
from tests.config.test_api_grants import iter_requests
from tests.items.factories import make_item
from tests.master.factories import make_category
from tests.runs.factories import make_run
from tests.tenancy.factories import make_membership, make_project

pytestmark = pytest.mark.django_db


def make_body() -> dict[str, Any]:
    return {"name": "A lamp", "category_id": str(make_category().pk), "price": "9.50"}


@pytest.mark.parametrize("path", ["nowhere", "items/", "items/x", "items/%00", "", "/api/", "/api/v2/items", "/api/v1"])
@pytest.mark.parametrize("debug", [True, False])
def test_address_that_leads_nowhere_is_a_problem(path: str, debug: bool, settings: Settings) -> None:
    settings.DEBUG = debug

    answer = Caller().get(path or ROOT)

    assert (answer.status_code, answer.json()["title"]) == (404, "Not Found")


def test_method_that_is_not_there_is_told_those_that_are() -> None:
    answer = Caller().send("POST", "categories")

    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
    assert Caller().send("OPTIONS", "items")["Allow"] == "GET, HEAD, POST"


def test_head_answers_as_get() -> None:
    answer, head = Caller().get("categories"), Caller().send("HEAD", "categories")

    assert (head.status_code, head["ETag"], head.content) == (200, answer["ETag"], b"")


def test_answer_that_nobody_can_read_is_not_made() -> None:
    assert Caller().get("items", Accept="text/csv").status_code == 406
    assert Caller().get("items", Accept="text/html,*/*;q=0.8")["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 415),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b'{"name": "\xff"}', 400),
        (b'{"name": "\\ud800"}', 400),
        (b'{"name": NaN}', 400),
        (b"[" * 100_000, 400),
        (b'{"a":' * 40 + b"1" + b"}" * 40, 400),
        (b"[]", 422),
        (b"null", 422),
        (b'{"name": "\\u0000"}', 422),
        (b'{"name": "\\u0001"}', 422),
        (b'{"name": "' + b"[" * 100 + b'"}', 422),
        (b'{"price": 1' + b"0" * 400 + b"}", 422),
        (b'{"' + b"x" * 1_000_000 + b'": 1}', 422),
        (b'{"a": "' + b"x" * 3_000_000 + b'"}', 413),
    ],
)
def test_body_that_is_none_is_refused(body: bytes, status: int) -> None:
    answer = Caller(make_user()).send("POST", "items", body)

    assert answer.status_code == status
    assert len(answer.content) < 20_000


def test_form_that_is_none_is_refused() -> None:
    caller = Caller(make_user())
    del caller.headers["X-CSRFToken"]  # Django looks for it in the form

    assert caller.send("POST", "items", b"{}", **{"Content-Type": "multipart/form-data"}).status_code == 400


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_body_of_another_kind_is_refused(kind: str) -> None:
    answer = Caller(make_user()).send("POST", "items", b"{}", **{"Content-Type": kind})

    assert (answer.status_code, answer.json()["detail"]) == (415, "Send application/json.")


def test_change_by_cookie_needs_the_token_of_the_form() -> None:
    user, body = make_user(), make_body()
    caller = Caller(user)
    for wrong in ({"X-CSRFToken": ""}, {"X-CSRFToken": "x" * 32}, {"Origin": "https://evil.example"}):
        assert caller.send("POST", "items", body, **wrong).status_code == 403
    assert caller.send("POST", "items", body, **{"X-CSRFToken": TOKEN}).status_code == 201
    assert Caller().send("POST", "items", body).status_code == 401


@pytest.mark.parametrize("text", ["", "x", "fh_1_2", "fh_é", "fh_" + "x" * 10_000, "session:1"])
def test_bearer_that_opens_nothing_is_refused_whoevers_cookie_comes_with_it(text: str) -> None:
    for path in ("items", "me"):
        caller = Caller(make_user(), Authorization=f"Bearer {text}")
        answer = caller.get(path)
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")


def test_key_opens_until_it_is_revoked_and_needs_no_token_of_a_form() -> None:
    issued = issue_api_key(project=make_project(), name="of a test")
    caller = Caller(key=issued.text)

    assert caller.get("items").status_code == 200
    assert caller.send("POST", "items", make_body()).json()["detail"].startswith("This is for people")
    revoke_api_key(api_key=issued.api_key)
    assert caller.get("items").status_code == 401


def test_key_is_looked_at_by_the_api_alone(client: Client) -> None:
    headers = {"Authorization": "Bearer fh_1_2"}

    assert client.get("/items/", headers=headers).status_code == 200


def test_session_that_ended_shows_nobody() -> None:
    caller = Caller(make_user())
    assert caller.get("me").status_code == 200
    caller.client.logout()
    assert caller.get("me").status_code == 401


@pytest.mark.parametrize(("fault", "status"), [(OperationalError, 503), (AccessError, 500), (KeyError, 500)])
def test_fault_of_the_server_is_a_problem_and_says_nothing(
    fault: type[Exception], status: int, caplog: pytest.LogCaptureFixture
) -> None:
    with mock.patch("items.sql.item.list_items_json", side_effect=fault("secret words")):
        answer = Caller().get("items")

    assert answer.status_code == status
    assert b"secret" not in answer.content
    assert answer.headers.get("Retry-After") == ("5" if status == 503 else None)
    (logged,) = [each for each in caplog.records if each.levelname == "ERROR"]
    if status == 503:
        assert logged.getMessage() == "answered by 503: OperationalError: secret words"
    else:
        assert logged.exc_info
        assert logged.exc_info[0] is fault


@pytest.mark.postgresql
def test_page_of_items_takes_one_statement_whoever_asks(django_assert_num_queries: Any) -> None:
    make_item()
    for caller in (Caller(), Caller(make_user())):
        with django_assert_num_queries(1):
            assert caller.get("items").status_code == 200


def test_host_that_is_not_ours_is_a_problem(settings: Settings) -> None:
    settings.DEBUG, settings.ALLOWED_HOSTS = False, ["freehold.example"]

    assert Caller().get("items", Host="evil.example").status_code == 400


def test_fault_before_the_endpoint_is_a_problem() -> None:
    with mock.patch("config.principals.sessions.identify", side_effect=OperationalError("secret")):
        answer = Caller().get("items")

    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert b"secret" not in answer.content


def test_stale_change_and_no_condition_are_told_apart() -> None:
    user = make_user()
    item = make_item(user=user)
    caller = Caller(user)

    assert caller.send("PATCH", f"items/{item.pk}", {}).status_code == 428
    assert caller.send("PATCH", f"items/{item.pk}", {}, **{"If-Match": '"1-0123456789abcdef"'}).status_code == 200
    assert caller.send("PATCH", f"items/{item.pk}", {}, **{"If-Match": '"1-0123456789abcdef"'}).status_code == 412
    several = '"1-0123456789abcdef", W/"2-0123456789abcdef"'
    assert caller.send("PATCH", f"items/{item.pk}", {}, **{"If-Match": several}).status_code == 200
    assert caller.send("PATCH", f"items/{item.pk}", {}, **ANY).json()["version"] == 4


def test_parameter_that_is_unknown_is_refused_everywhere() -> None:
    user = make_user()
    item, run = make_item(user=user), make_run()
    make_membership(tenant=run.project.tenant, user=user, role="member")
    caller = Caller(user)
    for name, method, path, body in iter_requests(item, make_item(), run):
        path += f"{'&' if '?' in path else '?'}colour=red"
        answer = caller.send(method, path, body, **ANY)
        assert (name, list_faults(answer)) == (name, {"colour": "There is no such field."})


def test_line_break_is_let_through_by_no_pattern_that_is_not_of_text() -> None:
    document = Caller().read("openapi.json")
    patterns = set(iter_patterns(document))

    assert len(patterns) == 8
    for pattern in patterns:
        assert pattern.endswith(END) or re.search(pattern, "a\nb\n"), pattern
        assert "\\Z" not in pattern  # JSON Schema has none
    caller, body = Caller(make_user()), make_body()
    for field, value in (("price", "1\n"), ("currency", "EUR\n")):
        assert list_faults(caller.send("POST", "items", {**body, field: value})).keys() == {f"#/{field}"}
    for parameter in (
        "items?least=1%0A",
        "items?most=1%0A",
        "items?currency=EUR%0A",
        "runs?since=2026-01-01T00:00:00Z%0A",
    ):
        assert len(list_faults(caller.get(parameter))) == 1


def iter_patterns(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("pattern"), str):
            yield node["pattern"]
        for each in node.values():
            yield from iter_patterns(each)
    elif isinstance(node, list):
        for each in node:
            yield from iter_patterns(each)


def test_document_is_of_openapi_3_1_and_names_every_operation() -> None:
    document = Caller().read("openapi.json")

    assert document["openapi"].startswith("3.1")
    names = [each["operationId"] for item in document["paths"].values() for each in item.values() if type(each) is dict]
    assert len(names) == len(set(names)) == 46
    routes = {f"/{api.V1}{each.pattern}" for each in api.urlpatterns}
    assert {re.sub(r"{(\w+)}", r"<uuid:\1>", path) for path in document["paths"]} <= routes


def test_errors_in_the_document_are_problems() -> None:
    document = Caller().read("openapi.json")
    for path, item in document["paths"].items():
        for method, operation in ((name, each) for name, each in item.items() if isinstance(each, dict)):
            for status, response in operation["responses"].items():
                kinds = list(response.get("content", {}))
                expected = ["application/problem+json"] if int(status) >= 400 else ["application/json"]
                assert kinds == ([] if status in ("204", "304") else expected), (path, method, status)
            assert {"401", "406", "500", "503"} <= operation["responses"].keys()


def test_page_of_the_document_loads_files_of_this_site_alone() -> None:
    answer = Client().get("/api/v1/docs")

    assert answer.status_code == 200
    page, _, scripts = answer.content.decode().partition('<script id="swagger-schema"')
    files = re.findall(r'(?:src|href)="/static/([^"]+)"', page + scripts)
    assert len(files) == 6
    assert [name for name in files if not finders.find(name)] == []
    assert "https://" not in page
    assert "csrftoken" in answer.cookies
    assert json.dumps("Freehold API").encode() in answer.content


@pytest.mark.parametrize("service", ["web", "admin"])
def test_process_of_another_service_answers_no_resource(service: str, settings: Settings) -> None:
    settings.SERVICE = service

    answer = Caller().get("items")

    assert answer.status_code == 404


def test_answer_that_differs_by_who_asks_says_so() -> None:
    assert {"Cookie", "Authorization"} <= set(Caller().get("items")["Vary"].replace(" ", "").split(","))
    assert "Authorization" not in Caller().get("categories").get("Vary", "")


def test_header_of_the_request_is_in_no_answer() -> None:
    answer = Caller(make_user()).get("me", Accept="text/plain, x/hunter2")

    assert answer.status_code == 406
    assert b"hunter2" not in answer.content
