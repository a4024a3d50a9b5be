"""Every parameter of every page for visitors, with what no page can hold: no 5xx, and nothing of it given back."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from freehold.printable import UNPRINTABLE
from tests.items.factories import make_item
from tests.master.factories import make_category, make_country, make_location

pytestmark = pytest.mark.django_db

PAGES = {
    "/items/": ["q", "category", "location", "place", "least", "most", "currency", "sort", "page"],
    "/items/places/": ["place", "country", "q", "category", "location"],
    "/runs/": ["q", "after"],
    "/login/": ["next"],
    "/password-reset/": ["email"],
    "/": ["q"],
    "/api/v1/items": ["q", "category", "place", "least", "most", "currency", "sort", "after", "limit"],
    "/api/v1/locations": ["q", "limit"],
    "/api/v1/categories": ["q"],
}
FORMS = {"/login/": ["username", "password", "next"], "/password-reset/": ["email"], "/logout/": ["next"]}
WITHOUT_PARAMETERS = {"/healthz", "/readyz", "/metrics", "/password-reset/sent/", "/password-reset/complete/"}
SIGNED_IN = {
    f"/api/v1/{name}"
    for name in (
        "me", "me/items", "me/profile", "me/preferences", "favorites", "runs", "tenants", "memberships", "projects",
        "api_keys",
        "invitations", "invitations/accept", "invitations/decline",
    )
}  # fmt: skip
VALUES = {
    "nul": "%00", "nul within": "a%00b", "nul after a path": "/items/%00", "other controls": "a%01%0B%1B%7Fb",
    "second controls": "a%C2%80%C2%9Fb", "noncharacters": "a%EF%BF%BE%EF%B7%90b", "no UTF-8": "a%FF%FEb",
    "lone surrogate": "a%ED%A0%80b", "cut short": "a%F0%9F", "no escape": "a%zz%", "long": "x" * 100_000,
    "long number": "9" * 100_000, "long of controls": "%01" * 30_000,
}  # fmt: skip


def assert_harmless(response: object) -> None:
    assert response.status_code < 500
    assert UNPRINTABLE.search(response.content.decode()) is None
    assert UNPRINTABLE.search("".join(f"{name}{value}" for name, value in response.items())) is None


@pytest.fixture(autouse=True)
def rows() -> None:
    make_country("FR", country_name="France", slug="france")
    make_item(name="Oak", category=make_category("a"), location=make_location("Lyon", slug="lyon"))


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
@pytest.mark.parametrize(("path", "name"), [(path, name) for path, names in PAGES.items() for name in names])
def test_parameter_that_no_page_can_hold_is_harmless(client: Client, path: str, name: str, value: str) -> None:
    for query in (f"{name}={value}", f"{name}={value}&{name}={value}", f"{name}[]={value}", f"{value}={name}"):
        assert_harmless(client.get(f"{path}?{query}"))
        assert_harmless(client.get(f"{path}?{query}", headers={"HX-Request": "true"}))


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
@pytest.mark.parametrize(("path", "name"), [(path, name) for path, names in FORMS.items() for name in names])
def test_field_that_no_page_can_hold_is_harmless(client: Client, path: str, name: str, value: str) -> None:
    filled = {"username": "ada@example.org", "password": "wrong", name: ""}
    body = "&".join([*(f"{key}={each}" for key, each in filled.items() if each), f"{name}={value}"])
    assert_harmless(client.post(path, body, content_type="application/x-www-form-urlencoded"))


@pytest.mark.parametrize("name", PAGES["/items/"])
def test_control_character_never_reaches_a_statement(client: Client, name: str) -> None:
    for value in ("a%01b", "a%C2%85b", "a%EF%BF%BFb"):
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/items/?{name}={value}")
        assert all(UNPRINTABLE.search(query["sql"]) is None for query in queries)


def test_more_parameters_than_a_page_takes_are_refused(client: Client) -> None:
    assert client.get("/items/?" + "&".join(f"q{number}=1" for number in range(1001))).status_code == 400


def test_every_page_for_visitors_is_tried() -> None:
    routes = {f"/{route}" for route in list_routes(get_resolver())}
    plain = {route for route in routes if "<" not in route and not route.startswith("/admin/")}
    assert plain == set(PAGES) | set(FORMS) | WITHOUT_PARAMETERS | SIGNED_IN | {"/api/v1/docs", "/api/v1/openapi.json"}


def list_routes(resolver: object, before: str = "") -> list[str]:
    """Give the route of each page."""
    found = []
    for each in resolver.url_patterns:
        route = before + str(each.pattern)
        found += list_routes(each, route) if hasattr(each, "url_patterns") else [route]
    return [re.sub(r"\\Z|\^|\$", "", route) for route in found]
