"""Between a preview and its import: what others do meanwhile, forged tickets, and what is not overwritten."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from freehold.admin.transfer import ImportAdmin
from items.models import Item
from master.models import Category
from tenancy.models import Tenant
from tests.admin.pages import Model, get_url
from tests.admin.test_transfer_import import EVERY_IMPORT, GOOD
from tests.admin.transfers import (
    confirm,
    export,
    get_ticket,
    read_faults,
    read_messages,
    read_rows,
    upload,
    write_csv,
)
from tests.auth_app.factories import make_superuser, make_user
from tests.items.factories import make_item
from tests.master.factories import make_category
from tests.runs.factories import make_run
from tests.tenancy.factories import make_tenant

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("make", "name"), [(make_item, "name"), (make_run, "kind")])
def test_older_version_is_refused(signed_in: Client, make: Callable[..., Any], name: str) -> None:
    row = make()
    (found,) = read_rows(export(signed_in, type(row)))
    type(row).objects.update(**{name: "theirs", "version": 2})

    page = upload(signed_in, type(row), write_csv({**found, name: "mine"}))

    assert read_faults(page)[0] == (
        2,
        "version",
        "The file was made on 1, and someone has saved 2 meanwhile: export the row anew.",
    )


def test_change_without_a_version_is_refused(signed_in: Client) -> None:
    item = make_item()

    for more in ({}, {"version": ""}):
        page = upload(signed_in, Item, write_csv({"id": str(item.pk), "name": "mine", **more}))
        line = "A change needs the version that it was made on: export the row anew."
        assert read_faults(page) == [(2, "version", line)]


def test_row_saved_since_the_export_is_not_overwritten_where_there_is_no_version(signed_in: Client) -> None:
    tenant = make_tenant()
    (found,) = read_rows(export(signed_in, Tenant))
    del found["version"]
    tenant.name = "theirs"
    tenant.save()

    page = upload(signed_in, Tenant, write_csv({**found, "name": "mine"}))

    ((number, column, line),) = read_faults(page)
    assert (number, column) == (2, "updated_at")
    assert line.startswith(f"The file was made on {found['updated_at']}, and someone has saved ")


def test_row_that_goes_after_the_preview_is_not_brought_back(signed_in: Client) -> None:
    item = make_item(name="old")
    page = upload(signed_in, Item, write_csv({"id": str(item.pk), "version": "1", "name": "new"}))
    item.delete()

    done = confirm(signed_in, Item, page)

    assert read_messages(done)[0] == (
        "Nothing was imported: rows have changed since the page was made. This is what would be done now."
    )
    assert read_faults(done)[0][1] == "id"
    assert not Item.objects.exists()


def test_row_that_changes_after_the_preview_is_shown_again(signed_in: Client) -> None:
    tenant = make_tenant(name="old")
    page = upload(signed_in, Tenant, write_csv({"slug": tenant.slug, "name": "mine"}))
    Tenant.objects.update(name="theirs")

    again = confirm(signed_in, Tenant, page)

    assert "<del>theirs</del> <ins>mine</ins>" in again.content.decode()
    tenant.refresh_from_db()
    assert tenant.name == "theirs"
    assert not LogEntry.objects.exists()
    assert read_messages(confirm(signed_in, Tenant, again))[0].startswith("Imported tenants. Added: 0. Changed: 1.")


def test_file_may_be_chosen_on_the_page_that_refused(signed_in: Client) -> None:
    tenant = make_tenant(name="old")
    page = upload(signed_in, Tenant, write_csv({"id": str(tenant.pk), "name": "mine"}))
    tenant.delete()
    refused = confirm(signed_in, Tenant, page)
    assert "confirm_form" not in refused.context

    form = {"format": "0", "import_file": SimpleUploadedFile("b.csv", write_csv({"slug": "b", "name": "B"}))}
    again = signed_in.post(get_url(Tenant, "process_import"), form)

    assert read_messages(again) == ["To add: 1. To change: 0. As they are: 0."]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_category_that_goes_during_the_import_leaves_nothing_behind(
    signed_in: Client, connect_as: Callable[[str], psycopg.Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    user, gone = make_user(email="ada@example.org"), make_category("chairs")
    page = upload(signed_in, Item, write_csv(GOOD))
    other, complete = connect_as("admin_rw"), ImportAdmin.complete_imported

    def delete_first(self: Any, row: Any, change: bool) -> None:
        other.execute("DELETE FROM master.categories WHERE id = %s", [gone.pk])
        complete(self, row, change)

    monkeypatch.setattr(ImportAdmin, "complete_imported", delete_first)
    done = confirm(signed_in, Item, page)

    assert read_faults(done) == [(0, "", "what it refers to is not there, or something else refers to it.")]
    assert not Item.objects.filter(user=user).exists()
    assert not LogEntry.objects.exists()


# --- The ticket -------------------------------------------------------------------------------------------------------


def test_file_is_imported_once(signed_in: Client) -> None:
    page = upload(signed_in, Tenant, write_csv({"slug": "acme", "name": "Acme"}))
    ticket = {"ticket": get_ticket(page)}

    signed_in.post(get_url(Tenant, "process_import"), ticket)
    again = signed_in.post(get_url(Tenant, "process_import"), ticket, follow=True)

    assert read_messages(again)[-1] == "Nothing was imported: the file is no longer here. Choose it again."
    assert Tenant.objects.count() == 1


@pytest.mark.parametrize("ticket", ["", "x", "../../etc/passwd", "e30:1:x", "a\0b", "x" * 5000])
def test_forged_ticket_is_none(signed_in: Client, ticket: str) -> None:
    page = signed_in.post(get_url(Tenant, "process_import"), {"ticket": ticket}, follow=True)

    assert read_messages(page) == ["Nothing was imported: the file is no longer here. Choose it again."]


def test_ticket_is_the_persons_and_the_models(signed_in: Client) -> None:
    page = upload(signed_in, Tenant, write_csv({"slug": "acme", "name": "Acme"}))
    other = Client()
    other.force_login(make_superuser())

    for browser, model in ((other, Tenant), (signed_in, Category)):
        answer = browser.post(get_url(model, "process_import"), {"ticket": get_ticket(page)}, follow=True)
        assert read_messages(answer) == ["Nothing was imported: the file is no longer here. Choose it again."]
    assert not Tenant.objects.exists()


@EVERY_IMPORT
def test_import_pages_answer_every_method(signed_in: Client, model: Model) -> None:
    for method in (signed_in.get, signed_in.head, signed_in.put, signed_in.delete, signed_in.options):
        assert method(get_url(model, "import")).status_code == 200
        assert method(get_url(model, "process_import")).url == get_url(model, "import")
