"""Exports: the rows of the list and no others, for whoever may see them, with nothing secret and no formula."""

import json
import logging
import re
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given, strategies as st

from auth_app.models import OAuthAccount, Session, User
from freehold.admin.base import ModelAdmin
from freehold.admin.transfer import ExportAdmin, ImportAdmin
from freehold.admin.transfer.cells import defuse, restore
from items.models import Item
from master.models import Category
from runs.models import Run
from tenancy.models import ApiKey
from tests.admin.pages import REGISTERED, Model, find_url, get_url, make_row
from tests.admin.rights import EVERYBODY, may, sign_in
from tests.admin.transfers import TITLES, ask_export, export, import_file, list_fields, read_messages, read_rows, upload
from tests.auth_app.factories import make_oauth_account, make_session, make_user
from tests.items.factories import make_item
from tests.master.factories import make_category
from tests.runs.factories import make_run
from tests.tenancy.factories import make_api_key

pytestmark = pytest.mark.django_db

NOT_EXPORTED = {"auth.Group", "auth_app.PhoneVerification", "auth_app.Session"}  # docs/admin.md says why
EXPORTED = [model for model in REGISTERED if model._meta.label not in NOT_EXPORTED]
EVERY_EXPORT = pytest.mark.parametrize("model", EXPORTED, ids=lambda model: model._meta.label)
SECRET = "s3cret-of-a-row"
SECRETS = {  # every column of a registered model that opens or tells what is nobody's business
    "auth_app.User": ["password"],
    "auth_app.OAuthAccount": ["data"],
    "auth_app.PhoneVerification": ["code_hash"],
    "auth_app.Session": ["session_key", "session_data"],
    "tenancy.ApiKey": ["key_hash"],
    "tenancy.Invitation": ["secret_hash"],
    "tenancy.ServiceToken": ["token_hash"],
}


def test_every_list_but_three_is_exported() -> None:
    exporting = {model._meta.label for model in REGISTERED if find_url(model, "export")}

    assert exporting == {model._meta.label for model in EXPORTED}


@EVERY_EXPORT
def test_export_holds_the_rows_of_the_list(signed_in: Client, model: Model) -> None:
    rows = [make_row(model) for _ in range(2)]
    listed = [str(row.pk) for row in signed_in.get(get_url(model, "changelist"), {"all": ""}).context["cl"].result_list]
    page: Any = admin.site.get_model_admin(model)

    for title in TITLES:
        found = read_rows(export(signed_in, model, title))
        assert list(found[0]) == list(page.exported)
        assert len(found) == len(listed) >= len(rows)
        if "id" in page.exported:
            assert [str(row["id"]) for row in found] == listed


@EVERY_EXPORT
def test_export_sends_as_many_queries_for_many_rows_as_for_few(signed_in: Client, model: Model) -> None:
    counts = []
    for _ in range(2):
        for _ in range(4):
            make_row(model)
        boxes = list_fields(signed_in, model)
        with CaptureQueriesContext(connection) as queries:
            signed_in.post(get_url(model, "export"), {"format": "0", "resource": "0", **dict.fromkeys(boxes, "on")})
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 8


def test_export_follows_search_filter_and_order_of_the_list(signed_in: Client) -> None:
    for name, price in (("red chair", 3), ("blue chair", 1), ("green chair", 2), ("table", 9)):
        make_item(name=name, price=price, is_active=name != "green chair")

    query = "?q=chair&is_active__exact=1&o=5"
    found = read_rows(export(signed_in, Item, query=query))

    assert [row["name"] for row in found] == ["blue chair", "red chair"]


@pytest.mark.parametrize(
    "query", ["?id__exact=no-uuid", "?q=a%00b", "?is_active__exact=perhaps", "?no_such_field=1", "?o=1.99", "?p=-1"]
)
def test_export_with_a_strange_address_answers(signed_in: Client, query: str) -> None:
    make_item()

    assert signed_in.get(get_url(Item, "export") + query).status_code in {200, 302}
    assert ask_export(signed_in, Item, query=query).status_code in {200, 302}


def test_export_of_chosen_columns_holds_these_alone(signed_in: Client) -> None:
    make_item(name="chair")
    form = {"format": "0", "resource": "0", "itemresource_name": "on", "itemresource_price": "on"}

    page = signed_in.post(get_url(Item, "export"), form)

    assert page.content.decode("utf-8-sig").splitlines()[0] == "name,price"


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"format": "99"},
        {"format": "-1"},
        {"format": "0"},
        {"format": "0", "resource": "7", "itemresource_name": "on"},
        {"format": "0", "export_items": "no-uuid", "itemresource_name": "on"},
    ],
)
def test_export_with_a_forged_form_answers(signed_in: Client, form: dict[str, str]) -> None:
    assert signed_in.post(get_url(Item, "export"), form).status_code == 200


def test_rows_are_named_as_people_call_them(signed_in: Client) -> None:
    user, category = make_user(email="ada@example.org"), make_category("phones", make_category("electronics"))
    make_item(user=user, category=category)
    run = make_run()

    (item,) = read_rows(export(signed_in, Item))

    assert (item["user"], item["category"], item["location"]) == ("ada@example.org", "electronics/phones", "")
    assert read_rows(export(signed_in, Run))[0]["project"] == f"{run.project.tenant.slug}/{run.project.slug}"


# --- Nothing secret ---------------------------------------------------------------------------------------------------


def make_secret_rows() -> None:
    User.objects.create(email="secret@example.org", password=SECRET)
    make_session(user=make_user(), session_data=SECRET)
    make_oauth_account(data={"told": SECRET})
    make_api_key(key_hash="5ec" + "0" * 61)


@EVERY_EXPORT
def test_no_secret_is_ever_exported(signed_in: Client, model: Model) -> None:
    make_secret_rows()
    make_row(model)
    name = model.__name__.lower()
    columns = {column for each in SECRETS.values() for column in each}
    forged = {f"{name}resource_{column}": "on" for column in (*columns, "user__password", "user__sessions")}

    for title in TITLES:
        data = export(signed_in, model, title, **forged)
        assert SECRET.encode() not in data
        assert b"5ec000" not in data
        assert columns & set(read_rows(data)[0]) == set()


def test_secrets_above_are_all_there_are() -> None:
    words = ("password", "hash", "session_key", "session_data", "token", "secret")
    for model in REGISTERED:
        found = [field.name for field in model._meta.fields if any(word in field.name for word in words)]
        assert set(found) <= set(SECRETS.get(model._meta.label, [])), model._meta.label


@pytest.mark.parametrize("name", ["key_hash", "session_key", "refresh_token", "password", "totp_secret", "otp"])
def test_admin_class_that_would_export_a_secret_is_refused(name: str) -> None:
    class Careless(ImportAdmin, ModelAdmin):
        exported = ("name", name)

    with pytest.raises(ImproperlyConfigured) as raised:
        Careless(ApiKey, admin.site)
    assert str(raised.value) == f"Careless would export {name}, which is secret: take it out of its lists"


def test_admin_class_that_would_export_what_it_calls_secret_is_refused() -> None:
    class Careless(ExportAdmin, ModelAdmin):
        exported = ("provider", "data")
        secret_fields = ("data",)

    with pytest.raises(ImproperlyConfigured) as raised:
        Careless(OAuthAccount, admin.site)
    assert str(raised.value) == "Careless would export data, which is secret: take it out of its lists"


def test_admin_class_that_would_import_what_it_does_not_export_is_refused() -> None:
    class Careless(ImportAdmin, ModelAdmin):
        exported = ("email",)
        imported = ("email", "is_superuser")

    with pytest.raises(ImproperlyConfigured) as raised:
        Careless(User, admin.site)
    assert str(raised.value) == "Careless imports is_superuser, which it does not export"


def test_secrets_do_not_leave_the_database(signed_in: Client) -> None:
    make_secret_rows()
    boxes = dict.fromkeys(list_fields(signed_in, User), "on")

    with CaptureQueriesContext(connection) as queries:
        signed_in.post(get_url(User, "export"), {"format": "0", "resource": "0", **boxes})

    listed = [each["sql"] for each in queries if "ORDER BY" in each["sql"] and "session_key" not in each["sql"]]
    (sent,) = [sql for sql in listed if "display_name" in sql]
    assert "password" not in sent


# --- Rights -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", EVERYBODY)
@EVERY_EXPORT
def test_member_exports_what_the_group_sees_and_imports_what_it_writes(who: str, model: Model) -> None:
    member, sees = sign_in(who), may(who, model, "view")
    writes = may(who, model, "add") and may(who, model, "change")

    assert member.get(get_url(model, "export")).status_code == (200 if sees else 403)
    assert member.post(get_url(model, "export"), {"format": "0"}).status_code == (200 if sees else 403)
    if sees:
        listed = member.get(get_url(model, "changelist")).content.decode()
        assert f'href="{get_url(model, "export")}' in listed
        assert (f'href="{find_url(model, "import")}"' in listed) == (writes and bool(find_url(model, "import")))
    if find_url(model, "import"):
        assert member.get(get_url(model, "import")).status_code == (200 if writes else 403)
        assert upload(member, model, b"name\nx\n").status_code == (200 if writes else 403)
        assert member.post(get_url(model, "process_import"), {}).status_code == (302 if writes else 403)


def test_file_hides_from_a_person_what_the_list_hides() -> None:
    make_row(User)
    operator, manager = sign_in("app operators"), sign_in("auth managers")
    forged = {"userresource_is_superuser": "on", "userresource_last_login": "on"}

    assert list(read_rows(export(operator, User, **forged))[0]) == [
        "id",
        "email",
        "display_name",
        "is_active",
        "created_at",
    ]
    assert "is_superuser" in read_rows(export(manager, User))[0]


@pytest.mark.parametrize("actions", [("add",), ("change",), ("add", "view"), ("change", "view")])
def test_import_needs_the_rights_to_add_and_to_change(actions: tuple[str, ...]) -> None:
    user = make_user(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=[f"{action}_item" for action in actions]))
    member = Client()
    member.force_login(user)

    assert member.get(get_url(Item, "import")).status_code == 403
    assert upload(member, Item, b"name\nx\n").status_code == 403
    assert member.post(get_url(Item, "process_import"), {"ticket": "x"}).status_code == 403


@pytest.mark.parametrize("name", ["export", "import", "process_import"])
def test_stranger_is_led_to_the_sign_in(client: Client, name: str) -> None:
    assert client.get(get_url(Item, name))["Location"].startswith("/admin/login/")
    client.force_login(make_user())
    assert client.post(get_url(Item, name))["Location"].startswith("/admin/login/")


@pytest.mark.parametrize("name", ["export", "import", "process_import"])
def test_form_of_another_site_is_refused(superuser: User, name: str) -> None:
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(superuser)

    assert careful.post(get_url(Item, name), {"format": "0"}).status_code == 403


# --- Formulas, and texts that come back ------------------------------------------------------------------------------

STARTS_FORMULA = re.compile(r"(?:\A|[;\t\r\n])[=+\-@\uff1d]|\A[\t\r\n]")
FORMULAS = [
    "=1+1",
    "+1",
    "-1+cmd|' /C calc'!A0",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "'=1",
    "''@x",
    "a;=1+1;b",
    "a\n=1+1",
    "line\r\n- first\r\n- second",
    "\uff1d1",
    "plain 'text', \"quoted\"; a,b\ttab",
    "-12.5",
    " = 1 ",
    "'quoted'",
]


@pytest.mark.parametrize("title", TITLES)
def test_text_starts_no_formula_and_comes_back_unchanged(signed_in: Client, title: str) -> None:
    for text in FORMULAS:
        make_item(description=text, name=text)

    data = export(signed_in, Item, title, "?o=1")
    page = upload(signed_in, Item, data, title)

    assert read_messages(page) == [f"Nothing to import: each of {len(FORMULAS)} rows is there as the file has it."]
    texts = [row[name] for row in read_rows(data) for name in ("name", "description")]
    if title == "JSON":
        assert set(texts) == set(FORMULAS)
    else:
        assert [text for text in texts if STARTS_FORMULA.search(text)] == []
        assert len(set(texts)) == len(FORMULAS)


@pytest.mark.parametrize("title", TITLES)
def test_text_is_restored_in_a_new_row(signed_in: Client, title: str) -> None:
    user, category = make_user(), make_category()
    for text in FORMULAS:
        make_item(description=text, user=user, category=category)
    form = {"format": str(TITLES.index(title)), "resource": "0"}
    names = ("user", "category", "name", "description", "price")
    data = signed_in.post(get_url(Item, "export"), {**form, **{f"itemresource_{name}": "on" for name in names}}).content
    Item.objects.all().delete()

    import_file(signed_in, Item, data, title)

    assert sorted(Item.objects.values_list("description", flat=True)) == sorted(FORMULAS)


@given(text=st.text(st.sampled_from("'=+-@;\t\r\n\uff1da ")))
def test_defused_text_is_restored_whatever_it_was(text: str) -> None:
    assert not STARTS_FORMULA.search(defuse(text))
    assert restore(defuse(text)) == text


def test_numbers_are_written_as_numbers(signed_in: Client) -> None:
    from tests.master.factories import make_location

    location = make_location("Sydney", latitude="-33.86785", longitude="151.20732")

    (row,) = read_rows(export(signed_in, type(location)))

    assert (row["latitude"], row["longitude"]) == ("-33.86785", "151.20732")


def test_json_holds_documents_and_flags_as_such(signed_in: Client) -> None:
    make_run(metadata={"rows": [1, 2], "ok": True})
    make_item(is_active=False)

    assert json.loads(export(signed_in, Run, "JSON"))[0]["metadata"] == {"rows": [1, 2], "ok": True}
    assert json.loads(export(signed_in, Item, "JSON"))[0]["is_active"] is False


# --- Size and traces --------------------------------------------------------------------------------------------------


def test_export_of_too_many_rows_says_so(signed_in: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ExportAdmin, "max_export_rows", 1)
    make_category()
    make_category()

    page = ask_export(signed_in, Category)

    assert read_messages(page) == ["2 rows are more than a file takes (1): narrow the list down."]


def test_export_is_logged(signed_in: Client, superuser: User, caplog: pytest.LogCaptureFixture) -> None:
    make_category()

    with caplog.at_level(logging.INFO, "freehold.admin.transfer"):
        export(signed_in, Category)

    assert f"{superuser.pk} exports 1 rows of master.Category as CSV" in caplog.messages


def test_sessions_have_no_export_by_its_address(signed_in: Client) -> None:
    assert find_url(Session, "export") is None
    assert signed_in.get(get_url(Session, "changelist") + "export/").status_code == 404


def test_column_may_be_computed_by_the_admin_class(signed_in: Client) -> None:
    from django.contrib.admin.models import LogEntry

    entry = make_row(LogEntry)
    assert isinstance(entry, models.Model)

    row = next(row for row in read_rows(export(signed_in, LogEntry)) if row["summary"] == "Changed something.")

    assert (row["action_flag"], row["model_label"]) == ("Change", "auth_app.user")
