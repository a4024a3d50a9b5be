"""Versions count in the database, whoever sends the UPDATE, and a stale save is refused: by both dialects alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core import serializers
from django.core.management import call_command
from django.db import IntegrityError, connection, connections, models, transaction
from django.db.models import F
from django.test.utils import isolate_apps
from pytest_django import DjangoDbBlocker

from auth_app.models import User
from freehold.acting.logins import using_login
from freehold.acting.roles import using_role
from freehold.models import Record, Versioned
from freehold.versions import CountedVersion, StaleRecordError, is_stale
from items.models import Item
from tenancy.models import Tenant
from tests.auth_app.factories import make_user
from tests.emptied import empty_database
from tests.items.factories import make_item
from tests.tenancy.factories import make_tenant

pytestmark = pytest.mark.django_db


def read_version(row: models.Model) -> int:
    return type(row)._base_manager.values_list("version", flat=True).get(pk=row.pk)


def test_save_twice_in_a_row_counts_twice() -> None:
    item = make_item()

    for name in ("green", "blue"):
        item.name = name
        item.save()

    assert (item.version, read_version(item)) == (3, 3)


def test_save_of_what_someone_saved_meanwhile_is_refused() -> None:
    item = make_item(name="old")
    first, second = Item.objects.get(pk=item.pk), Item.objects.get(pk=item.pk)
    first.name, second.name = "theirs", "mine"
    first.save()

    with pytest.raises(StaleRecordError) as refused, transaction.atomic():
        second.save()

    assert str(refused.value) == (
        f"items.Item {item.pk}: version 1 was read, and someone saved this row after it was read; read it again, "
        f"then save"
    )
    assert isinstance(refused.value, IntegrityError)
    item.refresh_from_db()
    assert (item.name, item.version) == ("theirs", 2)


def test_save_of_some_fields_is_refused_as_well() -> None:
    item = make_item(name="old")
    stale = Item.objects.get(pk=item.pk)
    item.save(update_fields=["name"])

    with pytest.raises(StaleRecordError), transaction.atomic():
        stale.save(update_fields=["description"])

    assert (item.version, read_version(item)) == (2, 2)


def test_update_statement_counts_and_checks_nothing() -> None:
    item = make_item()

    assert Item.objects.filter(pk=item.pk).update(name="theirs") == 1
    assert Item.objects.bulk_update([Item(pk=item.pk, name="ours")], ["name"]) == 1

    assert read_version(item) == 3
    with pytest.raises(StaleRecordError), transaction.atomic():
        item.save()
    item.refresh_from_db()
    item.save()
    assert read_version(item) == 4


@pytest.mark.parametrize("sent", [1, F("version"), F("version") + 1])
def test_update_that_brings_the_version_it_read_or_the_next_counts_once(sent: Any) -> None:
    item = make_item()

    Item.objects.filter(pk=item.pk).update(version=sent)

    assert read_version(item) == 2


@pytest.mark.parametrize("sent", [3, 0, -1, F("version") + 2, F("version") - 1])
def test_update_that_brings_another_version_is_refused_in_the_same_words(sent: Any) -> None:
    tenant = make_tenant()

    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Tenant.objects.filter(pk=tenant.pk).update(version=sent)

    words = "app.tenants: someone saved this row after it was read; read it again, then save"
    assert str(refused.value).splitlines()[0] == words
    assert is_stale(refused.value)
    assert read_version(tenant) == 1


@pytest.mark.parametrize("names", [["id", "name"], ["id", "name", "version"]])
def test_save_of_what_was_read_without_its_version_is_not_checked_and_counts(names: list[str]) -> None:
    tenant = make_tenant()
    partial = Tenant.objects.only(*names).get(pk=tenant.pk)
    tenant.save()

    if "version" in names:
        with pytest.raises(StaleRecordError), transaction.atomic():
            partial.save()
    else:
        partial.save()

    assert read_version(tenant) == (2 if "version" in names else 3)
    assert Tenant.objects.get(pk=tenant.pk).version == read_version(tenant)


def test_saved_expression_is_counted_once_and_read_anew() -> None:
    tenant = make_tenant()
    tenant.version = F("version") + 1

    tenant.save()

    assert tenant.version == 2
    tenant.save()
    assert read_version(tenant) == 3


def test_update_or_create_counts() -> None:
    tenant = make_tenant()

    for name in ("a", "b"):
        found, made = Tenant.objects.update_or_create(slug=tenant.slug, defaults={"name": name})

    assert (made, found.version, read_version(tenant)) == (False, 3, 3)


def test_insert_or_update_of_rows_counts() -> None:
    tenant = make_tenant()

    Tenant.objects.bulk_create(
        [Tenant(pk=tenant.pk, name="theirs", slug=tenant.slug)],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["name"],
    )

    assert Tenant.objects.values_list("name", "version").get() == ("theirs", 2)


def test_new_row_begins_with_the_version_it_says() -> None:
    assert [make_tenant().version, make_tenant(version=7).version] == [1, 7]
    assert sorted(Tenant.objects.values_list("version", flat=True)) == [1, 7]


@pytest.mark.parametrize("older", [0, 1])
def test_fixture_is_loaded_over_a_row_of_whatever_version(older: int) -> None:
    tenant = make_tenant(name="old")
    texts = [serializers.serialize("json", [tenant])]
    tenant.save()
    texts.append(serializers.serialize("json", [tenant]))
    tenant.save()

    for each in serializers.deserialize("json", texts[older]):
        each.save()

    assert Tenant.objects.values_list("name", "version").get() == ("old", 4)


def test_fixture_of_a_row_that_is_gone_keeps_its_version() -> None:
    tenant = make_tenant()
    tenant.save()
    text = serializers.serialize("json", [tenant])
    tenant.delete()

    for each in serializers.deserialize("json", text):
        each.save()

    assert Tenant.objects.get().version == 2


def test_sign_ins_at_once_are_both_written() -> None:
    user = make_user()
    first, second = User.objects.get(pk=user.pk), User.objects.get(pk=user.pk)

    for each in (first, second):
        each.save(update_fields=["last_login"])

    assert (read_version(user), first.version) == (3, 3), "the version is read anew when asked for"
    with pytest.raises(StaleRecordError), transaction.atomic():
        user.save(update_fields=["last_login", "display_name"])


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("login", "statement"),
    [
        ("admin_rw", "UPDATE app.tenants SET name = 'theirs'"),
        ("admin_rw", "UPDATE app.tenants SET name = 'theirs', version = version + 1"),
        ("web_rw", "UPDATE auth.\"user\" SET display_name = 'theirs'"),
    ],
)
def test_statement_of_a_service_counts(
    connect_as: Callable[[str], psycopg.Connection], login: str, statement: str
) -> None:
    rows = [make_tenant(), make_user()]

    connect_as(login).execute(statement)

    assert sorted(map(read_version, rows)) == [1, 2]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_refusal_of_a_statement_names_table_versions_and_state(connect_as: Callable[[str], psycopg.Connection]) -> None:
    make_tenant(version=5)

    with pytest.raises(psycopg.IntegrityError) as refused:
        connect_as("admin_rw").execute("UPDATE app.tenants SET name = 'mine', version = 3")

    diag = refused.value.diag
    assert diag.sqlstate == "23V01"
    assert diag.message_detail == "Version 3 was read, and version 5 is there."
    assert (diag.schema_name, diag.table_name, diag.constraint_name) == ("app", "tenants", "tenants_version_counted")


@pytest.mark.postgresql
def test_function_is_the_engines_and_runs_as_whoever_writes() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_userbyid(proowner), prosecdef, proconfig::text, "
            "has_function_privilege('api_rw', oid, 'EXECUTE'), has_function_privilege('app_owner', oid, 'EXECUTE') "
            "FROM pg_proc WHERE proname = 'count_version'"
        )
        assert cursor.fetchall() == [("migrator", False, '{"search_path=pg_catalog, pg_temp"}', False, True)]


# --- Structure ---------------------------------------------------------------------------------------------------
ALIAS = "versions"


@pytest.fixture
def editing(django_db_blocker: DjangoDbBlocker, tmp_path: Path) -> Iterator[Callable[[], Any]]:
    """Give what opens a schema editor of the owner of `app`, on a database of the engine's own tables."""
    with empty_database(ALIAS, django_db_blocker, tmp_path):
        call_command("migrate", "items", database=ALIAS, verbosity=0)
        found = connections[ALIAS]

        @contextmanager
        def edit() -> Iterator[Any]:
            with using_login(found, "migrator"), using_role(found, "app_owner"), found.schema_editor() as editor:
                yield editor

        yield edit


@contextmanager
def owning() -> Iterator[None]:
    with using_login(connections[ALIAS], "migrator"), using_role(connections[ALIAS], "app_owner"):
        yield


def make_models() -> tuple[Any, Any]:
    class Shelf(Record):
        class Meta:
            app_label = "items"
            db_table = "app.shelves"

    class Book(Versioned, Record):
        shelf = models.ForeignKey(Shelf, on_delete=models.DB_SET_NULL, null=True)
        title = models.CharField(max_length=10, default="")

        class Meta:
            app_label = "items"
            db_table = "app.books"
            constraints = [CountedVersion(name="books_version_counted")]

    return Shelf, Book


@isolate_apps("items")
def test_row_that_the_database_changes_along_is_counted(editing: Callable[[], Any]) -> None:
    shelves, books = make_models()
    with editing() as editor:
        editor.create_model(shelves)
        editor.create_model(books)

    with owning():
        shelf = shelves.objects.using(ALIAS).create()
        book = books.objects.using(ALIAS).create(shelf=shelf)
        shelves.objects.using(ALIAS).filter(pk=shelf.pk).delete()

        assert books.objects.using(ALIAS).values_list("shelf", "version").get(pk=book.pk) == (None, 2)


@isolate_apps("items")
def test_table_that_is_made_anew_or_renamed_counts_on(editing: Callable[[], Any]) -> None:
    shelves, books = make_models()
    longer = models.CharField(max_length=20, default="")
    longer.set_attributes_from_name("title")
    with editing() as editor:
        editor.create_model(shelves)
        editor.create_model(books)
        editor.alter_db_table(books, "app.books", "app.volumes")
    books._meta.db_table = "app.volumes"
    with editing() as editor:
        editor.alter_field(books, books._meta.get_field("title"), longer)  # SQLite makes the table anew for that

    with owning():
        book = books.objects.using(ALIAS).create()
        stale = books.objects.using(ALIAS).get()
        book.save()
        with pytest.raises(StaleRecordError) as refused, transaction.atomic(using=ALIAS):
            stale.save()

        assert str(refused.value.__cause__).startswith("app.volumes: someone saved this row after it was read")
        assert books.objects.using(ALIAS).get().version == 2


@isolate_apps("items")
def test_constraint_that_is_removed_leaves_no_trigger(editing: Callable[[], Any]) -> None:
    shelves, books = make_models()
    (constraint,) = books._meta.constraints
    with editing() as editor:
        editor.create_model(shelves)
        editor.create_model(books)
    books._meta.constraints = []
    with editing() as editor:
        editor.remove_constraint(books, constraint)

    with owning():
        books.objects.using(ALIAS).create(version=5)
        books.objects.using(ALIAS).update(version=3)
        assert books.objects.using(ALIAS).get().version == 3
