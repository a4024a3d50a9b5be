"""Rows that others need are not deleted: the page names those others."""

import pytest
from django.contrib.admin.models import DELETION, LogEntry
from django.db import models
from django.test import Client

from freehold.admin import deletes
from items.models import Item
from master.models import Category, Location
from tests.admin.pages import get_url
from tests.items.factories import make_item
from tests.master.factories import make_category, make_location

pytestmark = pytest.mark.django_db


def make_used_category() -> Category:
    return make_item(name="Blue bicycle", category=make_category("bicycles")).category


def make_used_location() -> Location:
    item = make_item(name="Blue bicycle", location=make_location("Berlin", country_name="Germany"))
    assert item.location
    return item.location


def make_parent() -> Category:
    parent = make_category("electronics")
    make_category("phones", parent)
    return parent


CASES = pytest.mark.parametrize(
    ("make", "words"),
    [
        (make_used_category, ("Item", "Blue bicycle")),
        (make_used_location, ("Item", "Blue bicycle")),
        (make_parent, ("Category", "electronics/phones")),
    ],
)


@CASES
def test_delete_page_names_what_stands_in_the_way(signed_in: Client, make, words: tuple[str, str]) -> None:
    row = make()

    for page in (
        signed_in.get(get_url(type(row), "delete", row)),
        signed_in.post(get_url(type(row), "delete", row), {"post": "yes"}),
    ):
        text = page.content.decode()
        assert page.status_code == 200
        assert "would require deleting the following protected related objects" in text
        assert f"{words[0]}: <a href=" in text
        assert words[1] in text
        assert 'name="post"' not in text
    assert type(row).objects.filter(pk=row.pk).exists()


@CASES
def test_delete_selected_names_what_stands_in_the_way(signed_in: Client, make, words: tuple[str, str]) -> None:
    row = make()
    data = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}

    page = signed_in.post(get_url(type(row), "changelist"), data)

    assert page.status_code == 200
    assert words[1] in page.content.decode()
    assert type(row).objects.filter(pk=row.pk).exists()
    assert not LogEntry.objects.filter(action_flag=DELETION).exists()


def test_delete_selected_parent_with_all_its_children_deletes(signed_in: Client) -> None:
    parent = make_parent()
    data = {
        "action": "delete_selected",
        "_selected_action": list(Category.objects.values_list("pk", flat=True)),
        "post": "yes",
    }

    signed_in.post(get_url(Category, "changelist"), data)

    assert not Category.objects.filter(path__startswith=parent.path).exists()


def test_delete_page_with_many_in_the_way_counts_the_rest(signed_in: Client) -> None:
    item = make_item()
    Item.objects.bulk_create(Item(user=item.user, category=item.category, name=f"Item {n}", price=1) for n in range(30))

    page = signed_in.get(get_url(Category, "delete", item.category))

    assert "and 11 more of items" in page.content.decode()


@pytest.mark.django_db(transaction=True)  # the foreign key is checked at commit
@pytest.mark.parametrize("make", [make_used_category, make_used_location, make_parent])
def test_row_that_comes_to_be_needed_meanwhile_is_not_deleted(
    signed_in: Client, make, monkeypatch: pytest.MonkeyPatch
) -> None:
    row: models.Model = make()
    monkeypatch.setattr(deletes, "list_dependents", lambda objects: [])  # as if the others came a moment later
    model = type(row)
    selected = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}

    for page in (
        signed_in.post(get_url(model, "delete", row), {"post": "yes"}, follow=True),
        signed_in.post(get_url(model, "changelist"), selected, follow=True),
    ):
        assert page.status_code == 200
        assert "Nothing was deleted: another row came to depend on it in this moment." in page.content.decode()
    assert model._base_manager.filter(pk=row.pk).exists()
    assert not LogEntry.objects.filter(action_flag=DELETION).exists()
