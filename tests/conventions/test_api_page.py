"""What docs/api-v1.md shows is what the API says, and its example of a resource works."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from freehold.acting import ANONYMOUS
from tenancy.services.api_key import issue_api_key
from tests.api import Caller
from tests.auth_app.factories import make_user
from tests.items.factories import make_item
from tests.master.factories import make_category
from tests.tenancy.factories import make_membership, make_project

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "api-v1.md").read_text()
LEFT_OUT = "…"


def read_blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)\n```$", PAGE, re.MULTILINE | re.DOTALL)


def read_example(block: str) -> tuple[str, str, dict[str, str], Any, int, dict[str, str], Any]:
    """Give method, path, headers and body of the request, then status, headers and body of the answer."""
    request, status, answer = re.split(r"^(\d{3}) .*$", block, maxsplit=1, flags=re.MULTILINE)
    head, _, body = request.strip().partition("\n\n")
    first, *headers = head.splitlines()
    answered, _, content = answer.strip("\n").rpartition("\n\n") if not answer.startswith("\n\n") else ("", "", answer)
    method, path = first.split(" ", 1)
    sent = body.encode() if "ndjson" in head else json.loads(body) if body else None
    told = dict(each.split(": ", 1) for each in answered.splitlines() if each)
    return method, path, dict(each.split(": ", 1) for each in headers), sent, int(status), told, json.loads(content)


def holds(shown: Any, found: Any) -> bool:
    """Tell whether what the page shows is what was found, but for what it leaves out or names."""
    if isinstance(shown, dict):
        names = shown.keys() - {LEFT_OUT}
        is_whole = LEFT_OUT in shown or names == found.keys()
        return is_whole and all(name in found and holds(shown[name], found[name]) for name in names)
    if isinstance(shown, list):
        return len(shown) == len(found) and all(holds(*pair) for pair in zip(shown, found, strict=True))
    return bool(shown == found or (isinstance(shown, str) and shown.startswith("{")))


@pytest.mark.django_db
def test_examples_of_the_page_are_what_the_api_says(settings: Settings) -> None:
    settings.SENDS_MAIL = False
    category = make_category("lamps")
    make_item(name="Lamp", category=category)
    project = make_project()
    key = issue_api_key(project=project, name="of the page").text
    owner = make_membership(tenant=project.tenant, role="owner").user
    callers = {
        "": Caller(),
        "ann": Caller(make_user(email="ann@freehold.example")),
        "owner": Caller(owner),
        "key": Caller(key=key),
    }
    known = {"category": str(category.pk), "project": str(project.pk), "tenant": str(project.tenant_id)}
    blocks = read_blocks("http")
    for block in blocks:
        for name, value in known.items():
            block = block.replace(f"{{{name}}}", value.replace('"', r"\"") if name == "category" else value)
        method, path, headers, body, status, told, content = read_example(block)
        answer = callers[headers.pop("As", "")].send(method, path, body, **headers)
        assert (answer.status_code, holds(content, answer.json())) == (status, True), (block, answer.content)
        assert {name: answer[name] for name in told if "{" not in told[name]} == {
            name: value for name, value in told.items() if "{" not in value
        }
        if "ETag" in answer.headers:
            known |= {"old_etag": known.get("etag", ""), "etag": answer["ETag"]}
        known |= {"location": answer["Location"]} if "Location" in answer.headers else {}
        known |= {"secret": answer.json()["secret"]} if path.endswith("invitations") else {}
        known |= {"membership": answer.json()["rows"][0]["id"]} if path.endswith("memberships") else {}
    assert len(blocks) == 15


def test_resource_of_the_page_works() -> None:
    found: dict[str, Any] = {"__name__": "freehold_example"}
    (code,) = read_blocks("python")
    exec(code, found)
    request = RequestFactory().get("/greetings?name=Ann")
    request.principal = ANONYMOUS  # type: ignore[attr-defined]

    answer = found["ROUTES"][0].callback(request)

    assert json.loads(answer.content) == {"text": "Hello Ann"}


def test_table_of_the_page_names_every_address() -> None:
    from config import api

    routes = {re.sub(r"<uuid:(\w+)>", r"{\1}", str(each.pattern)) for each in api.urlpatterns}
    said = set(re.findall(r"`([a-z][a-z/{}_]*)`", PAGE.split("| address |")[1].split("\n\n")[0]))
    assert said == routes - {"openapi.json", "docs"}
