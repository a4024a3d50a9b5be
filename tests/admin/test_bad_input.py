"""What a person may type wrongly: each page says so on the form, and never falls over."""

from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import django
import pytest
from django.db import models
from django.test import Client
from django.utils import timezone

from auth_app.models import OAuthAccount, User
from items.models import Item, ItemImage
from master.models import Category, Location
from profile.models import Profile
from runs.models import Run
from tenancy.models import ApiKey, Membership, Project, Tenant
from tests.admin.pages import get_url, read_form
from tests.auth_app.factories import make_oauth_account, make_user
from tests.items.factories import make_favorite, make_item, make_item_image
from tests.master.factories import make_category, make_country, make_location
from tests.profile.factories import make_profile
from tests.runs.factories import make_run
from tests.tenancy.factories import make_membership, make_project, make_tenant

pytestmark = pytest.mark.django_db

# Django's own words differ.
NO_UUID = (
    "“no uuid” is not a valid UUID."
    if django.VERSION < (6,)
    else "Select a valid choice. That choice is not one of the available choices."
)
SAME_POSITION = "Please correct the duplicate" if django.VERSION < (6,) else "The item has an image at this position."
TOMORROW = (timezone.now() + timedelta(days=1)).strftime("%Y-%m-%d")
YESTERDAY = (timezone.now() - timedelta(days=1)).strftime("%Y-%m-%d")


def at(name: str, day: str) -> dict[str, str]:
    """What the two inputs of a time send."""
    return {f"{name}_0": day, f"{name}_1": "12:00:00"}


JSON_MESSAGES = [
    ("[1]", 'Enter a JSON object, such as {"key": "value"}.'),
    ('"text"', 'Enter a JSON object, such as {"key": "value"}.'),
    ("{", "Enter a valid JSON."),
    ('{"a": NaN}', "JSON has no number nan."),
    ('{"a": [-Infinity]}', "JSON has no number -inf."),
    (r'{"a": {"b": "\u0000"}}', "Text holds a character that can't be stored."),
    (r'{"\ud800": 1}', "Text holds a character that can't be stored."),
]

# On the change page of a row: what is typed over, and what the page then says.
CHANGES: list[tuple[Callable[[], models.Model], dict[str, Any], str]] = [
    (make_user, {"email": ""}, "This field is required."),
    (make_user, {"email": "no address"}, "Enter a valid email address."),
    (
        lambda: (make_user(email="ada@b.org"), make_user())[1],
        {"email": "ada@b.org"},
        "A user with this e-mail address exists.",
    ),
    (
        lambda: (make_user(email="ada@b.org"), make_user())[1],
        {"email": "ADA@b.org"},
        "A user with this e-mail address in another spelling of case exists.",
    ),
    (make_user, {"display_name": "x" * 151}, "Ensure this value has at most 150 characters (it has 151)."),
    (make_user, {"display_name": "a\0b"}, "Null characters are not allowed."),
    (
        lambda: (make_oauth_account(provider="github", subject="1"), make_oauth_account())[1],
        {"subject": "1"},
        "This account of the provider is linked already.",
    ),
    *[(make_oauth_account, {"data": text}, message) for text, message in JSON_MESSAGES],
    *[(make_oauth_account, {"data": text}, "Data is a JSON object.") for text in ("", "null", "[]")],
    *[(make_profile, {"preferences": text}, message) for text, message in JSON_MESSAGES],
    *[(make_profile, {"preferences": text}, "Preferences are a JSON object.") for text in ("", "null", "[]")],
    *[(make_run, {"metadata": text}, message) for text, message in JSON_MESSAGES],
    *[(make_run, {"metadata": text}, "Metadata is a JSON object.") for text in ("", "null", "[]")],
    (
        make_category,
        {"slug": "Mobile Phones"},
        "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.",
    ),
    (make_category, {"slug": "mobile_phones"}, "Enter lower-case letters a to z and digits, joined by single hyphens"),
    (make_category, {"slug": ""}, "This field is required."),
    (make_category, {"path": "elsewhere"}, "The path is elsewhere; parent and slug make it category-"),
    (make_category, {"parent": "no uuid"}, NO_UUID),
    (make_category, {"position": "-1"}, "Ensure this value is greater than or equal to 0."),
    (make_category, {"position": "9" * 20}, "Ensure this value is less than or equal to"),
    (
        lambda: (make_category("phones"), make_category())[1],
        {"slug": "phones"},
        "A category with this path exists: choose another slug or parent.",
    ),
    (make_location, {"country": "de"}, "Enter two capital letters, such as DE."),
    (make_location, {"country": "DEU"}, "Ensure this value has at most 2 characters (it has 3)."),
    (make_location, {"latitude": "91"}, "Ensure this value is less than or equal to 90."),
    (make_location, {"longitude": "-180.5"}, "Ensure this value is greater than or equal to -180."),
    (make_location, {"latitude": "NaN"}, "Enter a number."),
    (make_location, {"latitude": ""}, "A city has both latitude and longitude; a whole country both or neither."),
    (make_location, {"population": "-5"}, "Ensure this value is greater than or equal to 0."),
    (make_location, {"city": "", "region": "Bavaria"}, "A whole country has no region."),
    (lambda: (make_country("DE"), make_location())[1], {"city": ""}, "This country has a row already."),
    (lambda: (make_location(slug="x"), make_location())[1], {"slug": "x"}, "A location with this slug exists."),
    (make_item, {"price": "-0.01"}, "Ensure this value is greater than or equal to 0."),
    (make_item, {"price": "10000000000"}, "Ensure that there are no more than 10 digits before the decimal point."),
    (make_item, {"price": "1e400"}, "Ensure that there are no more than"),
    (make_item, {"price": "NaN"}, "Enter a number."),
    (make_item, {"currency": "eu1"}, "Enter three capital letters, such as EUR."),
    (make_item, {"name": ""}, "This field is required."),
    (make_item, {"category": ""}, "This field is required."),
    (make_item_image, {"url": "javascript:alert(1)"}, "Enter a valid URL."),
    (make_item_image, {"position": "-1"}, "Ensure this value is greater than or equal to 0."),
    (
        lambda: (image := make_item_image(position=1), make_item_image(item=image.item, position=2))[1],
        {"position": "1"},
        "The item has an image at this position.",
    ),
    (
        lambda: (first := make_favorite(), make_favorite(item=first.item))[1],
        {"user": lambda row: type(row).objects.exclude(pk=row.pk).get().user.pk},
        "This user has marked this item already.",
    ),
    (make_profile, {"locale": "en_US"}, "Enter a language tag, such as en or pt-BR."),
    (make_profile, {"time_zone": "Mars/Olympus"}, "Mars/Olympus is no time zone: enter one such as Europe/Berlin."),
    (make_profile, {"avatar_url": "not a url"}, "Enter a valid URL."),
    (
        lambda: (make_profile(), make_profile())[1],
        {"user": lambda row: Profile.objects.exclude(pk=row.pk).get().user.pk},
        "Profile with this User already exists.",
    ),
    (lambda: (make_tenant(slug="acme"), make_tenant())[1], {"slug": "acme"}, "A tenant with this slug exists."),
    (make_tenant, {"name": ""}, "This field is required."),
    (make_membership, {"role": "boss"}, "Select a valid choice. boss is not one of the available choices."),
    (
        lambda: (first := make_project(slug="x"), make_project(tenant=first.tenant))[1],
        {"slug": "x"},
        "The tenant has a project with this slug.",
    ),
    (
        lambda: make_run(started_at=timezone.now()),
        {"status": "failed", **at("finished_at", YESTERDAY)},
        "A run does not finish before it has started.",
    ),
    (
        make_run,
        {"status": "succeeded"},
        "A run that succeeded, failed or was cancelled has a time it finished; any other has none.",
    ),
    (
        make_run,
        {"status": "running", **at("finished_at", YESTERDAY)},
        "A run that succeeded, failed or was cancelled has a time it finished; any other has none.",
    ),
    (make_run, {"status": "lost"}, "Select a valid choice. lost is not one of the available choices."),
    (make_run, {"started_at_0": "yesterday", "started_at_1": "noon"}, "Enter a valid date."),
    (make_run, {"started_at_0": "9999-99-99", "started_at_1": "12:00:00"}, "Enter a valid date."),
    (
        lambda: (first := make_run(external_id="42"), make_run(project=first.project))[1],
        {"external_id": "42"},
        "The project has a run with this external id.",
    ),
]


@pytest.mark.parametrize(("make", "typed", "message"), CHANGES, ids=[message[:40] for *_, message in CHANGES])
def test_change_with_bad_input_says_so(
    signed_in: Client, make: Callable[[], models.Model], typed: dict[str, Any], message: str
) -> None:
    row = make()
    before = type(row)._base_manager.filter(pk=row.pk).values().get()
    form = read_form(signed_in.get(get_url(type(row), "change", row)).content.decode(), type(row))
    typed = {name: value(row) if callable(value) else value for name, value in typed.items()}

    page = signed_in.post(get_url(type(row), "change", row), {**form, **typed})

    assert page.status_code == 200
    assert message in unescape(page.content.decode())
    assert type(row)._base_manager.filter(pk=row.pk).values().get() == before


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"email": "ADA@example.org"}, "A user with this e-mail address in another spelling of case exists."),
        ({"email": "ada@example.org"}, "A user with this e-mail address exists."),
        ({"email": "b@example.org", "display_name": "x" * 151}, "Ensure this value has at most 150 characters"),
        ({"email": ""}, "This field is required."),
    ],
)
def test_add_user_with_bad_input_says_so(signed_in: Client, typed: dict[str, str], message: str) -> None:
    make_user(email="ada@example.org")

    page = signed_in.post(get_url(User, "add"), typed)

    assert page.status_code == 200
    assert message in unescape(page.content.decode())


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (at("expires_at", YESTERDAY), "The key would have expired already: choose a time to come."),
        ({"scopes": "{}"}, "Scopes are a JSON array."),
        ({"scopes": "[1]"}, 'Enter a JSON array of strings, such as ["read"].'),
        ({"scopes": r'["\u0000"]'}, "Text holds a character that can't be stored."),
        ({"name": ""}, "This field is required."),
        ({"project": ""}, "This field is required."),
    ],
)
def test_add_api_key_with_bad_input_says_so(signed_in: Client, typed: dict[str, str], message: str) -> None:
    form = {"project": make_project().pk, "name": "CI", "scopes": "[]", **at("expires_at", TOMORROW), **typed}

    page = signed_in.post(get_url(ApiKey, "add"), form)

    assert page.status_code == 200
    assert message in unescape(page.content.decode())
    assert not ApiKey.objects.exists()


def test_inline_with_the_same_member_twice_says_so(signed_in: Client) -> None:
    user = make_user()
    form = {
        "name": "Acme",
        "slug": "acme",
        "memberships-TOTAL_FORMS": "2",
        "memberships-INITIAL_FORMS": "0",
        **{f"memberships-{number}-user": user.pk for number in range(2)},
        **{f"memberships-{number}-role": "member" for number in range(2)},
    }

    page = signed_in.post(get_url(Tenant, "add"), form)

    assert page.status_code == 200
    assert "Please correct the duplicate data" in unescape(page.content.decode())
    assert not Membership.objects.exists()


def test_inline_with_images_at_one_position_says_so(signed_in: Client) -> None:
    image = make_item_image(position=0)
    form = read_form(signed_in.get(get_url(Item, "change", image.item)).content.decode(), Item)
    more = {"images-TOTAL_FORMS": "2", "images-1-url": "https://example.org/b.jpg", "images-1-position": "0"}

    page = signed_in.post(get_url(Item, "change", image.item), {**form, **more, "images-1-item": image.item.pk})

    assert page.status_code == 200
    assert SAME_POSITION in unescape(page.content.decode())
    assert ItemImage.objects.get() == image


@pytest.mark.parametrize(
    "query",
    [
        {"q": "a\0b"},
        {"within": "a\0b"},
        {"within": "no-such-category"},
        {"name": "a\0b"},
        {"q": "'; DROP TABLE x --"},
        {"q": '"unclosed'},
        {"p": "-1"},
        {"p": "99999"},
        {"o": "1.2.3.99"},
        {"created_at__year": "99999"},
        {"created_at__year": "2026", "created_at__month": "13"},
        {"id__exact": "no-uuid"},
        {"no_such_field": "1"},
        {"is_active__exact": "perhaps"},
    ],
)
def test_changelist_with_a_strange_address_answers(signed_in: Client, query: dict[str, str]) -> None:
    make_item()

    assert signed_in.get(get_url(Item, "changelist"), query).status_code in {200, 302, 400}


@pytest.mark.parametrize("model", [Category, Location, Project, Tenant, User])
def test_completion_of_a_strange_term_answers(signed_in: Client, model: type[models.Model]) -> None:
    asking = {Category: "items.item.category", Location: "items.item.location", Project: "runs.run.project"}
    asking |= {Tenant: "tenancy.project.tenant", User: "items.item.user"}
    app, name, field = asking[model].split(".")

    for term in ("a\0b", "%_'\"\\", "x" * 5000):
        query = {"app_label": app, "model_name": name, "field_name": field, "term": term}
        assert signed_in.get("/admin/autocomplete/", query).status_code == 200


@pytest.mark.parametrize("key", ["no-uuid", "00000000-0000-4000-8000-000000000000", "a\0b"])
@pytest.mark.parametrize("model", [Category, Location, OAuthAccount, Project, Run])
def test_page_of_a_row_that_is_not_there_leads_back(signed_in: Client, model: type[models.Model], key: str) -> None:
    url = get_url(model, "change", model(pk="00000000-0000-4000-8000-000000000001"))

    page = signed_in.get(url.replace("00000000-0000-4000-8000-000000000001", key.replace("\0", "%00")))

    assert page.status_code == 302
