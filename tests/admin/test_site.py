"""The site around the pages: its sidebar, its start page, the login that the database sees."""

import re
from html.parser import HTMLParser

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from auth_app.models import User
from config.admin_site.navigation import DEFAULT_ICON, group_by_schema, list_groups
from config.admin_site.site import ProjectAdminSite
from freehold.ownership import get_ownership
from tests.admin.pages import REGISTERED, UNSEEN, get_url, make_row
from tests.auth_app.factories import make_staff, make_superuser, make_user

pytestmark = pytest.mark.django_db


def list_sidebar(user: User) -> dict[str, list[str]]:
    """The sidebar's links, by group."""
    request = RequestFactory().get("/admin/")
    request.user = user
    return {group["title"]: [str(link["link"]) for link in group["items"]] for group in list_groups(request)}


@pytest.mark.postgresql
def test_pages_are_tested_as_the_service_that_owns_the_site(signed_in: Client) -> None:
    signed_in.get("/admin/")

    with connection.cursor() as cursor:
        cursor.execute("SELECT session_user, current_user, current_setting('is_superuser')")
        assert cursor.fetchone() == ("all_rw", "admin_rw", "off")


def test_site_is_the_projects() -> None:
    assert isinstance(admin.site._wrapped, ProjectAdminSite)


def test_sidebar_holds_every_model_once_under_its_schema() -> None:
    sidebar = list_sidebar(make_superuser())

    assert list(sidebar) == [name for name in get_ownership().schema_names if name not in UNSEEN]
    for model in REGISTERED:
        schema = get_ownership().find_schema_of_app(model._meta.app_label)
        holders = [title for title, links in sidebar.items() if get_url(model, "changelist") in links]
        assert schema is not None
        assert holders == [schema.name], model._meta.label
    assert sum(map(len, sidebar.values())) == len(REGISTERED)


@pytest.mark.parametrize(
    ("group", "schemas"),
    [
        ("auth managers", ["auth"]),
        ("master editors", ["master"]),
        ("app operators", ["auth", "master", "app"]),  # with what their tables refer to
        ("auditors", ["auth", "master", "app", "public"]),
    ],
)
def test_sidebar_holds_what_may_be_seen(group: str, schemas: list[str]) -> None:
    assert list(list_sidebar(make_staff(group))) == schemas


def test_sidebar_is_empty_for_staff_without_rights(client: Client) -> None:
    user = User.objects.create_user("nobody@example.org", is_staff=True)
    client.force_login(user)

    assert list_sidebar(user) == {}
    assert client.get("/admin/").status_code == 200


def test_every_page_names_an_icon() -> None:
    icons = [admin.site.get_model_admin(model).icon for model in REGISTERED]

    assert DEFAULT_ICON not in icons
    assert len(set(icons)) == len(icons)


def test_start_page_holds_the_models_by_schema(signed_in: Client) -> None:
    page = signed_in.get("/admin/")

    shown = [group["name"] for group in page.context["app_list"]]
    schemas = [schema for schema in get_ownership().schemas if schema.name not in UNSEEN]
    assert shown == [f"{schema.name}: {schema.comment}" for schema in schemas]
    assert sum(len(group["models"]) for group in page.context["app_list"]) == len(REGISTERED)
    assert group_by_schema([]) == []


def test_start_page_sends_as_many_queries_for_many_rows_as_for_few(signed_in: Client) -> None:
    signed_in.get("/admin/")
    counts = []
    for _ in range(2):
        for model in REGISTERED:
            make_row(model)
        with CaptureQueriesContext(connection) as queries:
            signed_in.get("/admin/")
        counts.append(sum("SAVEPOINT" not in query["sql"] for query in queries))  # which a request has none of

    assert counts[0] == counts[1] <= 18


class Links(HTMLParser):
    """Collects what a page refers to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {value or "" for name, value in attrs if name in {"href", "src"}}


def test_page_leads_to_the_site_and_carries_its_sign(signed_in: Client) -> None:
    links = Links()
    links.feed(signed_in.get(get_url(User, "changelist")).content.decode())

    assert {"/", "/static/favicon.svg", "/static/admin.css"} <= links.found
    assert [link for link in links.found if "//" in link] == []


def read_words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))


REFUSED = "You are signed in as ada@example.org, who may not use the admin site."


@pytest.mark.parametrize("address", ["/admin/", "/admin/items/item/"])
def test_signed_in_person_who_is_no_staff_is_told_so_and_shown_ways_out(client: Client, address: str) -> None:
    client.force_login(make_user(email="ada@example.org"))

    page = client.get(address, follow=True)

    assert page.status_code == 403
    assert REFUSED in read_words(page.content.decode())
    assert '<a href="/">Return to site</a>' in page.content.decode()
    assert 'name="password"' in page.content.decode()


def test_stranger_meets_the_form_alone(client: Client) -> None:
    page = client.get("/admin/", follow=True)

    assert page.status_code == 200
    assert "You are signed in" not in page.content.decode()


def test_person_who_is_no_staff_signs_in_as_someone_who_is(client: Client) -> None:
    client.force_login(make_user())
    make_superuser("secret", email="root@example.org")

    page = client.post(
        "/admin/login/?next=/admin/", {"username": "root@example.org", "password": "secret"}, follow=True
    )

    assert (page.status_code, page.request["PATH_INFO"]) == (200, "/admin/")


@pytest.mark.parametrize("header", [{"X-Requested-With": "XMLHttpRequest"}, {"HX-Request": "true"}])
@pytest.mark.parametrize("address", ["/admin/autocomplete/", "/admin/search/?s=x", "/admin/"])
def test_script_of_someone_who_may_not_use_the_site_gets_the_reason(
    client: Client, address: str, header: dict[str, str]
) -> None:
    stranger = client.get(address, headers=header)
    client.force_login(make_user(email="ada@example.org"))
    refused = client.get(address, headers=header)

    assert (stranger.status_code, stranger.json()) == (403, {"error": "You are not signed in, or not any more."})
    assert (refused.status_code, refused.json()) == (403, {"error": REFUSED})
