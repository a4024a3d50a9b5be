"""Two people at one row: the second is told, at the field where there is one, and nothing is lost in silence."""

from collections.abc import Callable
from html import unescape
from typing import Any

import psycopg
import pytest
from django.contrib.admin import site
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.db import models
from django.test import Client, RequestFactory

from auth_app.models import User
from freehold.admin.conflicts import RetriedSaveAdmin
from freehold.models import Versioned
from freehold.versions import CountedVersion
from items.models import Item, ItemImage
from master.models import Location
from tenancy.models import ApiKey, Tenant
from tests.admin.pages import REGISTERED, Model, get_url, read_form
from tests.auth_app.factories import make_oauth_account, make_user
from tests.items.factories import make_item, make_item_image
from tests.master.factories import make_category, make_location
from tests.profile.factories import make_profile
from tests.runs.factories import make_run
from tests.tenancy.factories import make_project, make_tenant

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
@pytest.mark.parametrize(
    ("make", "name"),
    [
        (make_item, "name"),
        (make_run, "kind"),
        (make_tenant, "name"),
        (make_project, "name"),
        (make_category, "name"),
        (make_location, "region"),
        (make_profile, "bio"),
        (make_user, "display_name"),
        (make_oauth_account, "provider"),
        (make_item_image, "alt"),
    ],
)
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


def test_models_that_people_edit_count_their_versions(rf: RequestFactory) -> None:
    request = rf.get("/")
    request.user = User(is_active=True, is_superuser=True)
    edited = {model for model, page in site._registry.items() if page.has_change_permission(request)}

    counted = {each for each in REGISTERED if any(isinstance(c, CountedVersion) for c in each._meta.constraints)}

    assert edited - counted == {Group, ApiKey}, "Django's own has no version; a key is revoked and else stays as it is"
    assert all(issubclass(model, Versioned) for model in counted)


@pytest.mark.django_db
def test_change_of_an_inline_row_that_someone_else_has_changed_is_refused(signed_in: Client) -> None:
    image = make_item_image(alt="old")
    form = open_form(signed_in, image.item)
    ItemImage.objects.update(alt="theirs")

    kept = signed_in.post(get_url(Item, "change", image.item), {**form, "images-0-alt": "theirs"})
    page = signed_in.post(get_url(Item, "change", image.item), {**form, "seen_version": "2", "images-0-alt": "mine"})

    assert (kept.status_code, page.status_code) == (302, 200)
    assert "this page shows version 1, and someone has saved version 2 meanwhile." in unescape(page.content.decode())
    assert [(each.alt, each.version) for each in ItemImage.objects.all()] == [("theirs", 2)]
