"""Every page of every registered model answers, and does what it says. Generated, so that no model is forgotten."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext

from auth_app.models import Session
from tests.admin.pages import FACTORIES, REGISTERED, Model, find_url, get_url, make_row, read_form

OF_DJANGO = {"auth.Permission", "contenttypes.ContentType"}  # managed by migrations, edited through groups
READ_ONLY = {"admin.LogEntry", "auth_app.Session", "freehold.MigrationHistory"}
NO_FORM = {*READ_ONLY, "auth_app.PhoneVerification", "tenancy.Invitation", "tenancy.ServiceToken"}
ONLY_MADE = "tenancy.ApiKey"  # never changed afterwards
EVERY_MODEL = pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
OURS = pytest.mark.parametrize(
    "model",
    [model for model in REGISTERED if not model.__module__.startswith(("django.", "freehold."))],
    ids=lambda model: model._meta.label,
)
CHANGEABLE = pytest.mark.parametrize(
    "model",
    [model for model in REGISTERED if model._meta.label not in {*NO_FORM, ONLY_MADE}],
    ids=lambda model: model._meta.label,
)
WRITABLE = pytest.mark.parametrize(
    "model", [model for model in REGISTERED if model._meta.label not in NO_FORM], ids=lambda model: model._meta.label
)

pytestmark = pytest.mark.django_db


def test_every_model_is_registered_and_has_a_factory() -> None:
    models = [model for model in apps.get_models() if model._meta.managed and not getattr(model, "is_derived", False)]
    labels = {model._meta.label for model in models}

    assert {model._meta.label for model in REGISTERED} == labels - OF_DJANGO == set(FACTORIES)


@EVERY_MODEL
def test_admin_class_looks_like_unfolds(model: Model) -> None:
    from unfold.admin import ModelAdmin

    assert isinstance(admin.site.get_model_admin(model), ModelAdmin)


@EVERY_MODEL
def test_foreign_keys_in_forms_are_completed(model: Model) -> None:
    page = admin.site.get_model_admin(model)
    keys = {field.name for field in model._meta.fields if field.is_relation}

    if model._meta.label not in READ_ONLY:
        assert keys - set(page.autocomplete_fields) == set()


@EVERY_MODEL
def test_search_does_not_reach_what_is_secret(model: Model) -> None:
    page = admin.site.get_model_admin(model)

    assert [name for name in page.search_fields if "hash" in name or "password" in name or "session" in name] == []
    assert page.search_fields


@OURS
def test_default_order_and_dates_are_carried_by_an_index(model: Model) -> None:
    page = admin.site.get_model_admin(model)
    first = next(iter(page.ordering or model._meta.ordering))
    names = {first.lstrip("-") if isinstance(first, str) else "population", page.date_hierarchy or "pk"}

    assert names - list_leading_columns(model) == set()


def list_leading_columns(model: Model) -> set[str]:
    """The fields that an index or a unique constraint of the model begins with."""
    indexes = [index.fields[0].lstrip("-") for index in model._meta.indexes if index.fields]
    expressions = [
        source.name
        for index in model._meta.indexes
        for source in (index.expressions[0].flatten() if index.expressions else ())
        if isinstance(source, models.F)
    ]
    unique = [each.fields[0] for each in model._meta.constraints if getattr(each, "fields", ())]
    return {"id", "pk", *indexes, *expressions, *unique}


@EVERY_MODEL
def test_every_foreign_key_is_indexed(model: Model) -> None:
    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, model._meta.db_table).values()
    leading = {each["columns"][0] for each in constraints if each["columns"] and (each["index"] or each["unique"])}

    assert {field.column for field in model._meta.fields if field.is_relation} - leading == set()


@EVERY_MODEL
def test_changelist_shows_and_finds_rows(signed_in: Client, model: Model) -> None:
    for _ in range(2):
        make_row(model)
    url = get_url(model, "changelist")

    assert signed_in.get(url).status_code == 200
    assert signed_in.get(url, {"q": "something else"}).status_code == 200
    assert signed_in.get(url, {"q": "\u00df%_'\"\\"}).status_code == 200


@EVERY_MODEL
def test_changelist_filters_answer(signed_in: Client, model: Model) -> None:
    make_row(model)
    page = signed_in.get(get_url(model, "changelist"), {"_facets": "True"})

    links = [
        choice["query_string"]
        for spec in page.context["cl"].filter_specs
        for choice in spec.choices(page.context["cl"])
    ]

    assert page.status_code == 200
    for link in links[:12]:
        assert signed_in.get(get_url(model, "changelist") + link).status_code == 200, link


@EVERY_MODEL
def test_changelist_sends_as_many_queries_for_many_rows_as_for_few(signed_in: Client, model: Model) -> None:
    counts = []
    for _ in range(2):
        for _ in range(4):
            make_row(model)
        with CaptureQueriesContext(connection) as queries:
            page = signed_in.get(get_url(model, "changelist"))
        counts.append(len(queries))

    assert page.context["cl"].result_count >= 8
    assert counts[0] == counts[1] <= 14


@EVERY_MODEL
def test_page_of_a_row_and_its_history_answer(signed_in: Client, model: Model) -> None:
    row = make_row(model)

    if model is Session:
        assert find_url(model, "change", row) is None
        return
    assert signed_in.get(get_url(model, "change", row)).status_code == 200
    assert signed_in.get(get_url(model, "history", row)).status_code == 200


@pytest.mark.parametrize(
    "model",
    [each for each in REGISTERED if each._meta.label in NO_FORM - {"auth_app.Session"}],
    ids=lambda model: model._meta.label,
)
def test_row_that_nobody_writes_has_no_form(signed_in: Client, model: Model) -> None:
    row = make_row(model)

    assert signed_in.get(get_url(model, "add")).status_code == 403
    assert signed_in.post(get_url(model, "add"), {}).status_code == 403
    assert signed_in.post(get_url(model, "change", row), {}).status_code == 403
    assert 'name="_save"' not in signed_in.get(get_url(model, "change", row)).content.decode()


@pytest.mark.parametrize("model", [each for each in REGISTERED if each._meta.label in READ_ONLY - {"auth_app.Session"}])
def test_row_that_is_only_read_can_not_be_deleted(signed_in: Client, model: Model) -> None:
    row = make_row(model)

    assert signed_in.post(get_url(model, "delete", row), {"post": "yes"}).status_code == 403
    assert model._base_manager.filter(pk=row.pk).exists()


@CHANGEABLE
def test_change_saves_the_form_as_it_stands(signed_in: Client, model: Model) -> None:
    row = make_row(model)
    data = read_form(signed_in.get(get_url(model, "change", row)).content.decode(), model)
    written = [field for field in model._meta.fields if field.name not in {"updated_at", "version"}]
    before = [field.value_from_object(row) for field in written]

    page = signed_in.post(get_url(model, "change", row), data)

    assert page.status_code == 302, page.context["errors"]
    after = model._base_manager.get(pk=row.pk)
    assert [field.value_from_object(after) for field in written] == before


@WRITABLE
def test_delete_asks_first_and_deletes_then(signed_in: Client, model: Model) -> None:
    row = make_row(model)

    asked = signed_in.get(get_url(model, "delete", row))
    assert (asked.status_code, model._base_manager.filter(pk=row.pk).exists()) == (200, True)
    done = signed_in.post(get_url(model, "delete", row), {"post": "yes"})

    assert (done.status_code, model._base_manager.filter(pk=row.pk).exists()) == (302, False)


@WRITABLE
def test_delete_selected_deletes(signed_in: Client, model: Model) -> None:
    rows = [make_row(model) for _ in range(2)]
    data = {"action": "delete_selected", "_selected_action": [row.pk for row in rows]}

    asked = signed_in.post(get_url(model, "changelist"), data)
    assert asked.status_code == 200
    signed_in.post(get_url(model, "changelist"), {**data, "post": "yes"})

    assert not model._base_manager.filter(pk__in=[row.pk for row in rows]).exists()


def test_index_and_search_pages_answer(signed_in: Client) -> None:
    for url in ("/admin/", "/admin/auth_app/", "/admin/app/", "/admin/password_change/"):
        assert signed_in.get(url).status_code in {200, 404}, url
