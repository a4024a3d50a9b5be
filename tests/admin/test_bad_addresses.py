"""What a person may type into the address, or send by hand: each page answers, and gives nothing away by it."""

from urllib.parse import quote

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.test import Client

from auth_app.models import Session, User
from items.models import Item
from tests.admin.pages import REGISTERED, Model, find_url, get_url, make_row
from tests.auth_app.factories import make_session, make_staff, make_user
from tests.items.factories import make_item

EVERY_MODEL = pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
STRANGE = ["a\0b", "no-uuid", "9" * 30, "-1", "1e400", "2026-13-99", "x" * 3000]
BROKEN_TEXT = "%ED%A0%80"  # a lone surrogate, as a browser would never send it
SECRETS = ("password", "hash", "session_key", "session_data")

pytestmark = pytest.mark.django_db


def list_parameters(browser: Client, model: Model) -> set[str]:
    """What the list's own links may hold."""
    page = browser.get(get_url(model, "changelist"))
    filters = [name for spec in page.context["cl"].filter_specs for name in spec.expected_parameters()]
    date = admin.site.get_model_admin(model).date_hierarchy
    dates = [f"{date}__{part}" for part in ("year", "month", "day")] if date else []
    return {*filters, *dates, "p", "o", "q", "_to_field", "_facets"}


@EVERY_MODEL
def test_list_with_strange_parameters_answers(signed_in: Client, model: Model) -> None:
    make_row(model)
    url = get_url(model, "changelist")
    links = [(name, value) for name in list_parameters(signed_in, model) for value in STRANGE[:4]]
    columns = [(field.name, value) for field in model._meta.fields for value in ("no-uuid", "9" * 30)]

    for name, value in links + columns:
        assert signed_in.get(url, {name: value}).status_code in {200, 302, 400}, (name, value[:80])
    assert signed_in.get(f"{url}?q={BROKEN_TEXT}&p={BROKEN_TEXT}").status_code in {200, 302}


@EVERY_MODEL
def test_forms_with_strange_initial_values_answer(signed_in: Client, model: Model) -> None:
    url = find_url(model, "add")
    if not url or not admin.site.get_model_admin(model).has_add_permission(signed_in.get("/admin/").wsgi_request):
        pytest.skip("nobody adds these by hand")

    for value in STRANGE:
        given = {field.name: value for field in (*model._meta.fields, *model._meta.many_to_many)}
        assert signed_in.get(url, given).status_code == 200, value[:80]


def test_form_takes_a_time_from_the_address(signed_in: Client) -> None:
    from runs.models import Run

    page = signed_in.get(get_url(Run, "add"), {"started_at": "2026-01-02 03:04:05", "kind": "import"})

    assert 'value="2026-01-02"' in page.content.decode()
    assert 'value="03:04:05"' in page.content.decode()


@EVERY_MODEL
def test_action_on_what_is_no_row_says_so(signed_in: Client, model: Model) -> None:
    make_row(model)
    before = model._base_manager.count()
    for value in ("a\0b", "no-uuid", "1e400", ""):
        data = {"action": "delete_selected", "_selected_action": [value], "post": "yes"}
        page = signed_in.post(get_url(model, "changelist"), data, follow=True)
        assert "Nothing was done: what was selected is not in this list." in page.content.decode()
    assert model._base_manager.count() == before


@pytest.mark.parametrize("index", ["-1", "9" * 30, "no-number", ""])
def test_action_from_a_menu_that_is_not_there_answers(signed_in: Client, index: str) -> None:
    data = {"action": "delete_selected", "_selected_action": [make_item().pk], "index": index, "select_across": index}

    assert signed_in.post(get_url(Item, "changelist"), data).status_code in {200, 302}
    assert Item.objects.count() == 1


@EVERY_MODEL
def test_page_of_a_row_with_a_strange_key_answers(signed_in: Client, model: Model) -> None:
    row = make_row(model)
    url = find_url(model, "change", row)
    if url is None:
        pytest.skip("there are no pages of single rows")
    base = url.removesuffix(f"{row.pk}/change/")

    for key in (*map(quote, STRANGE), BROKEN_TEXT, "00000000-0000-4000-8000-000000000000", "_5F"):
        for page in ("change", "delete", "history", "password"):
            assert signed_in.get(f"{base}{key}/{page}/").status_code in {302, 403, 404}, (key[:80], page)
            assert signed_in.post(f"{base}{key}/{page}/", {"post": "yes"}).status_code in {302, 403, 404}


def test_site_pages_with_strange_addresses_answer(signed_in: Client) -> None:
    user = ContentType.objects.get_for_model(User).pk
    complete = "/admin/autocomplete/?app_label=items&model_name=item&field_name=user"
    for value in (*map(quote, STRANGE), BROKEN_TEXT):
        for url in (
            f"/admin/r/{value}/{value}/",
            f"/admin/r/{user}/{value}/",
            f"/admin/search/?s={value}",
            f"/admin/search/?s=a&page={value}",
            f"/admin/{value}/",
            f"/admin/?{value}",
            f"/admin/login/?next={value}",
            f"{complete}&term={value}",
            f"{complete}&term=a&page={value}",
            f"/admin/autocomplete/?app_label={value}&model_name={value}&field_name={value}&term=a",
        ):
            assert signed_in.get(url).status_code < 500, url[:80]


@pytest.mark.parametrize("value", STRANGE)
def test_sign_in_with_strange_words_is_refused(client: Client, value: str) -> None:
    page = client.post("/admin/login/", {"username": value, "password": value})

    assert (page.status_code, "_auth_user_id" in client.session) == (200, False)


@EVERY_MODEL
def test_list_can_not_be_asked_about_secrets(signed_in: Client, model: Model) -> None:
    url = get_url(model, "changelist")
    fields = [field.name for field in model._meta.fields if any(word in field.name for word in SECRETS)]

    for name in fields:
        for lookup in ("", "__startswith", "__gt", "__in", "__isnull"):
            assert signed_in.get(url, {f"{name}{lookup}": "a"}).status_code == 400, name + lookup


@pytest.mark.parametrize(
    ("model", "lookup"),
    [
        (Session, "session_key"),
        (User, "sessions"),
        (User, "sessions__pk"),
        (User, "sessions__session_key"),
        (User, "oauth_accounts__data"),
        (Item, "user__password"),
        (Item, "user__sessions__session_key"),
    ],
)
def test_list_can_not_be_asked_about_secrets_by_another_way(model: Model, lookup: str) -> None:
    session = make_session(user=make_user())
    make_item(user=session.user)
    auditor = Client()
    auditor.force_login(make_staff("auditors"))

    for part in ("__startswith", ""):
        page = auditor.get(get_url(model, "changelist"), {f"{lookup}{part}": session.session_key})
        assert page.status_code == 400


def test_secret_columns_are_named_as_such() -> None:
    for model in REGISTERED:
        secret = {field.name for field in model._meta.fields if any(word in field.name for word in SECRETS)}
        assert secret <= set(getattr(admin.site.get_model_admin(model), "secret_fields", ())), model._meta.label
