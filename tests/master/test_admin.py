"""The admin pages of schema master."""

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client, RequestFactory

from master.models import Category, Location
from tests.admin.pages import get_url, read_form
from tests.auth_app.factories import make_superuser
from tests.items.factories import make_item
from tests.master.factories import make_category, make_country, make_location

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> Client:
    client = Client()
    client.force_login(make_superuser())
    return client


def change(editor: Client, category: Category, **typed: object) -> int:
    form = read_form(editor.get(get_url(Category, "change", category)).content.decode(), Category)
    return editor.post(get_url(Category, "change", category), {**form, **typed}).status_code


def test_add_category_without_a_path_gets_one(editor: Client) -> None:
    parent = make_category("electronics")

    page = editor.post(
        get_url(Category, "add"), {"parent": parent.pk, "name": "Phones", "slug": "phones", "path": "", "position": 0}
    )

    assert page.status_code == 302
    assert Category.objects.get(slug="phones").path == "electronics/phones"


def test_change_of_the_slug_moves_all_below(editor: Client) -> None:
    root = make_category("electronics")
    make_category("android", make_category("phones", root))

    assert change(editor, root, slug="devices") == 302

    paths = list(Category.objects.values_list("path", flat=True))
    assert paths == ["devices", "devices/phones", "devices/phones/android"]


def test_change_of_the_parent_moves_the_category(editor: Client) -> None:
    category = make_category("phones", make_category("electronics"))

    assert change(editor, category, parent=make_category("devices").pk) == 302

    category.refresh_from_db()
    assert category.path == "devices/phones"


def test_change_of_the_parent_to_one_below_is_refused(editor: Client) -> None:
    root = make_category("electronics")

    assert change(editor, root, parent=make_category("phones", root).pk) == 200

    root.refresh_from_db()
    assert (root.parent, root.path) == (None, "electronics")


def find(term: str) -> set[str]:
    page = admin.site.get_model_admin(Location)
    request = RequestFactory().get("/")
    return {location.slug for location in page.get_search_results(request, Location.objects.all(), term)[0]}


def test_search_takes_the_term_as_a_whole() -> None:
    make_location("New York", slug="new-york", country="US", country_name="United States")
    make_location("New Delhi", slug="new-delhi", country="IN", country_name="India")
    make_location("York", slug="york", country="GB", country_name="United Kingdom")
    make_country("IN", slug="india")

    assert find("new y") == {"new-york"}
    assert find("  NEW ") == {"new-york", "new-delhi"}
    assert find("in") == {"new-delhi", "india"}
    assert find("york") == {"york"}
    assert find("New-York") == {"new-york"}
    assert find("100%") == set()
    assert len(find("")) == 4


@pytest.mark.postgresql
def test_search_and_first_page_are_carried_by_indexes() -> None:
    page = admin.site.get_model_admin(Location)
    request = RequestFactory().get("/")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    found, _ = page.get_search_results(request, Location.objects.all(), "new y")
    first_page = Location.objects.order_by(*page.ordering)[:100]

    plan = found.explain()
    expected = {"locations_city_prefix_idx", "locations_country_city_idx", "locations_slug_prefix_idx"}
    assert expected <= set(plan.split())
    assert "locations_population_idx" in first_page.explain()
    assert "Sort" not in first_page.explain()


def test_locations_are_listed_by_size(editor: Client) -> None:
    make_location("Small", population=10)
    make_location("Large", population=1000)
    make_location("Unknown", population=None)

    page = editor.get(get_url(Location, "changelist"))

    assert [location.city for location in page.context["cl"].result_list] == ["Large", "Small", "Unknown"]


def test_filters_narrow_down(editor: Client) -> None:
    root = make_category("electronics")
    make_category("phones", root)
    make_category("electronics-used")
    make_item(category=root)
    make_country("DE")
    make_location("Berlin", country="DE")
    make_location("Paris", country="FR")

    def count(model: type, **query: str) -> int:
        return editor.get(get_url(model, "changelist"), query).context["cl"].result_count

    assert count(Category, within="electronics") == 2
    assert count(make_item().__class__, within="electronics") == 1
    assert count(Location, country="DE") == 2
    assert count(Location, city__isempty="1") == 1
