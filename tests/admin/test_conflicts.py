"""Two people at one row: the second is told, at the field where there is one, and nothing is lost in silence."""

from collections.abc import Callable
from html import unescape
from typing import Any

import psycopg
import pytest
from django.contrib.admin.models import LogEntry
from django.db import models
from django.test import Client

from freehold.admin.conflicts import RetriedSaveAdmin
from items.models import Item
from master.models import Location
from runs.models import Run
from tenancy.models import Tenant
from tests.admin.pages import Model, get_url, read_form
from tests.items.factories import make_item
from tests.master.factories import make_category, make_location
from tests.runs.factories import make_run
from tests.tenancy.factories import make_tenant

NO_MEMBERS = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
Meanwhile = Callable[[Callable[[], object]], None]


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    """Give a function that has something done, once, after the next form was found right and before it is saved."""

    def arrange(act: Callable[[], object]) -> None:
        waiting = [act]
        save_form = RetriedSaveAdmin.save_form

        def save_late(self: Any, request: Any, form: Any, change: bool) -> Any:
            if waiting:
                waiting.pop()()
            return save_form(self, request, form, change)

        monkeypatch.setattr(RetriedSaveAdmin, "save_form", save_late)

    return arrange


def open_form(browser: Client, row: models.Model) -> dict[str, Any]:
    return read_form(browser.get(get_url(type(row), "change", row)).content.decode(), type(row))


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_add_of_what_someone_else_adds_meanwhile_says_so_at_the_field(
    signed_in: Client, meanwhile: Meanwhile, connect_as: Callable[[str], psycopg.Connection]
) -> None:
    other = connect_as("admin_rw")
    meanwhile(lambda: other.execute("INSERT INTO app.tenants (name, slug) VALUES ('First', 'acme')"))

    page = signed_in.post(get_url(Tenant, "add"), {"name": "Second", "slug": "acme", **NO_MEMBERS})

    assert page.status_code == 200
    assert "A tenant with this slug exists." in unescape(page.content.decode())
    assert 'value="Second"' in page.content.decode()
    assert [tenant.name for tenant in Tenant.objects.all()] == ["First"]
    assert not LogEntry.objects.exists()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_change_to_a_category_that_goes_meanwhile_says_so(
    signed_in: Client, meanwhile: Meanwhile, connect_as: Callable[[str], psycopg.Connection]
) -> None:
    item, gone = make_item(), make_category()
    form = open_form(signed_in, item)
    other = connect_as("admin_rw")
    meanwhile(lambda: other.execute("DELETE FROM master.categories WHERE id = %s", [gone.pk]))

    page = signed_in.post(get_url(Item, "change", item), {**form, "category": gone.pk})

    assert page.status_code == 200
    assert "Select a valid choice. That choice is not one of the available choices." in unescape(page.content.decode())
    assert "was changed successfully" not in page.content.decode()
    assert Item.objects.get().category_id == item.category_id
    assert not LogEntry.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("make", [make_item, make_tenant, make_category, make_location, make_run])
def test_change_of_a_row_that_goes_meanwhile_does_not_bring_it_back(
    signed_in: Client, meanwhile: Meanwhile, make: Callable[[], models.Model]
) -> None:
    row = make()
    model: Model = type(row)
    form = open_form(signed_in, row)
    signed_in.post(get_url(model, "delete", row), {"post": "yes"})

    page = signed_in.post(get_url(model, "change", row), form, follow=True)

    assert "exist. Perhaps it was deleted?" in unescape(page.content.decode())
    assert not model._base_manager.exists()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("make", "table"), [(make_item, "app.items"), (make_category, "master.categories"), (make_run, "app.runs")]
)
def test_change_of_a_row_that_goes_after_the_check_does_not_bring_it_back(
    signed_in: Client,
    meanwhile: Meanwhile,
    connect_as: Callable[[str], psycopg.Connection],
    make: Callable[[], models.Model],
    table: str,
) -> None:
    row = make()
    form = open_form(signed_in, row)
    other = connect_as("admin_rw")
    meanwhile(lambda: other.execute(f"DELETE FROM {table} WHERE id = %s", [row.pk]))

    page = signed_in.post(get_url(type(row), "change", row), form, follow=True)

    assert "exist. Perhaps it was deleted?" in unescape(page.content.decode())
    assert not type(row)._base_manager.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("make", "name"), [(make_item, "name"), (make_run, "kind")])
def test_change_of_what_someone_else_has_changed_is_refused(
    signed_in: Client, make: Callable[[], models.Model], name: str
) -> None:
    row = make()
    first, second = open_form(signed_in, row), open_form(signed_in, row)

    assert signed_in.post(get_url(type(row), "change", row), {**first, name: "theirs"}).status_code == 302
    page = signed_in.post(get_url(type(row), "change", row), {**second, name: "mine"})

    assert page.status_code == 200
    assert (
        "Nothing was saved: this page shows version 1, and someone has saved version 2 meanwhile. "
        "Open the page anew and enter your change again." in unescape(page.content.decode())
    )
    row.refresh_from_db()
    assert (getattr(row, name), row.version) == ("theirs", 2)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_change_of_what_someone_else_changes_after_the_check_is_refused(
    signed_in: Client, meanwhile: Meanwhile, connect_as: Callable[[str], psycopg.Connection]
) -> None:
    item = make_item(name="Bicycle")
    form = open_form(signed_in, item)
    other = connect_as("admin_rw")
    meanwhile(lambda: other.execute("UPDATE app.items SET name = 'theirs', version = version + 1"))

    page = signed_in.post(get_url(Item, "change", item), {**form, "name": "mine"})

    assert "someone has saved version 2 meanwhile." in unescape(page.content.decode())
    assert [(each.name, each.version) for each in Item.objects.all()] == [("theirs", 2)]


@pytest.mark.django_db
def test_change_without_the_version_asks_for_it(signed_in: Client) -> None:
    item = make_item(name="Bicycle")
    form = open_form(signed_in, item)
    del form["seen_version"]

    page = signed_in.post(get_url(Item, "change", item), {**form, "name": "Other"})

    assert page.status_code == 200
    assert Item.objects.get().name == "Bicycle"


@pytest.mark.django_db
def test_save_that_the_database_refuses_twice_says_so_in_the_words_of_the_model(
    signed_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As if a form forgot a rule.
    monkeypatch.setattr(Location, "validate_constraints", lambda self, *args, **kwargs: None)
    location = make_location("Berlin")
    form = open_form(signed_in, location)

    page = signed_in.post(
        get_url(Location, "change", location), {**form, "latitude": "", "region": "typed"}, follow=True
    )

    assert page.status_code == 200
    assert page.context["adminform"].form.non_field_errors() == [
        "Nothing was saved: A city has both latitude and longitude; a whole country both or neither."
    ]
    assert 'value="typed"' in page.content.decode()
    assert Location.objects.get().latitude == location.latitude


def test_runs_and_items_are_the_models_with_versions() -> None:
    from tests.admin.pages import REGISTERED

    versioned = {model for model in REGISTERED if any(field.name == "version" for field in model._meta.fields)}
    assert versioned == {Item, Run}
