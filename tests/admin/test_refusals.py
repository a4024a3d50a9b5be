"""What the database, a policy, a trigger or the router refuses is a message on the page, with what was typed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection, models
from django.test import Client

from freehold.acting import acting
from freehold.errors import ServiceError
from freehold.rls import filters
from freehold.services.router import OwnershipRouter
from items.models import Item
from master.models import Location
from tests.admin.filling import Filler
from tests.admin.pages import get_url
from tests.freehold.estates import get_server
from tests.items.factories import make_item
from tests.master.factories import make_location

# Structure is changed by another connection, which must not wait for a transaction of the test's.
pytestmark = pytest.mark.django_db(transaction=True)

VERBS = ("INSERT", "UPDATE", "DELETE")
SAY_NO = """CREATE FUNCTION master.say_no() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'nothing is moved on a Sunday'; END $$"""
RAISE = "BEGIN SELECT RAISE(ABORT, 'nothing is moved on a Sunday'); END"
TRIGGERS = {
    "postgresql": [
        SAY_NO,
        "CREATE TRIGGER no BEFORE INSERT OR UPDATE OR DELETE ON master.locations "
        "FOR EACH ROW EXECUTE FUNCTION master.say_no()",
    ],
    "sqlite": [f'CREATE TRIGGER no_{verb} BEFORE {verb} ON "master.locations" {RAISE}' for verb in VERBS],
}
BY_POLICY = "Service 'admin' may not insert rows of app.items: no policy of the model lets it; see docs/policies.md"
BY_RIGHT = (
    "Service admin is refused master.locations, which the ownership map lets it use; see with manage.py ownership "
    "check what the database holds otherwise, and mend it with manage.py ownership apply"
)
UNDO = {
    "postgresql": ["DROP FUNCTION IF EXISTS master.say_no() CASCADE"],
    "sqlite": [f"DROP TRIGGER IF EXISTS no_{verb}" for verb in VERBS],
}


def execute(statements: list[str]) -> None:
    """Run statements as whoever may do everything."""
    if connection.vendor == "sqlite":
        with acting(None), connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        return
    with psycopg.connect(**{**get_server(), "dbname": connection.settings_dict["NAME"]}, autocommit=True) as root:
        for statement in statements:
            root.execute(statement)


@pytest.fixture
def close_locations() -> Iterator[Callable[[], None]]:
    """Give a function that makes a trigger which lets nobody write a location."""
    yield lambda: execute(TRIGGERS[connection.vendor])
    execute(UNDO[connection.vendor])


@pytest.fixture
def for_api_alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Items whose policies name the service `api` and no other."""
    if connection.vendor == "postgresql":
        execute(["ALTER POLICY back_office ON app.items TO api_rw"])
    monkeypatch.setattr(Item, "policies", tuple(each for each in Item.policies if each.service == "api"))
    forget()
    yield
    monkeypatch.undo()
    forget()
    if connection.vendor == "postgresql":
        execute(["ALTER POLICY back_office ON app.items TO admin_rw"])


def forget() -> None:
    for cached in (filters.get_protected, filters.list_applicable, filters.find_applicable):
        cached.cache_clear()


@pytest.fixture
def take_right() -> Iterator[Callable[[], None]]:
    """Give a function that takes from admin the right to change locations."""
    yield lambda: execute(["REVOKE UPDATE, DELETE ON master.locations FROM admin_rw"])
    execute(["GRANT UPDATE, DELETE ON master.locations TO admin_rw"])


def fill_add_page(client: Client, model: type[models.Model]) -> dict[str, Any]:
    return Filler(client, client.get(get_url(model, "add")), model).fill().data


def list_messages(page: Any) -> list[str]:
    return [str(message) for message in page.context["messages"]]


def test_add_that_a_policy_refuses_is_a_message(signed_in: Client, for_api_alone: None) -> None:
    typed = fill_add_page(signed_in, Item)

    page = signed_in.post(get_url(Item, "add"), {**typed, "description": "typed before"})

    assert page.status_code == 200
    assert page.context["adminform"].form.non_field_errors() == [f"Nothing was saved: {BY_POLICY}"]
    assert "typed before" in page.content.decode()
    assert not LogEntry.objects.exists()


def test_list_under_policies_that_leave_admin_out_is_empty(signed_in: Client, for_api_alone: None) -> None:
    page = signed_in.get(get_url(Item, "changelist"))

    assert (page.status_code, page.context["cl"].result_count) == (200, 0)


def test_save_that_a_trigger_refuses_says_what_the_trigger_says(
    signed_in: Client, close_locations: Callable[[], None]
) -> None:
    typed = fill_add_page(signed_in, Location)
    close_locations()

    page = signed_in.post(get_url(Location, "add"), typed)

    assert page.status_code == 200
    assert page.context["adminform"].form.non_field_errors() == ["Nothing was saved: Nothing is moved on a Sunday"]


def test_delete_that_a_trigger_refuses_says_what_the_trigger_says(
    signed_in: Client, close_locations: Callable[[], None]
) -> None:
    location = make_location()
    close_locations()
    selected = {"action": "delete_selected", "_selected_action": [location.pk], "post": "yes"}

    for page in (
        signed_in.post(get_url(Location, "delete", location), {"post": "yes"}, follow=True),
        signed_in.post(get_url(Location, "changelist"), selected, follow=True),
    ):
        assert (page.status_code, list_messages(page)) == (200, ["Nothing was done: Nothing is moved on a Sunday"])
    assert Location.objects.filter(pk=location.pk).exists()
    assert not LogEntry.objects.exists()


@pytest.mark.postgresql
def test_right_that_is_missing_is_a_message(signed_in: Client, take_right: Callable[[], None]) -> None:
    location = make_location()
    form = Filler(signed_in, signed_in.get(get_url(Location, "change", location)), Location).data
    take_right()

    changed = signed_in.post(get_url(Location, "change", location), form)
    deleted = signed_in.post(get_url(Location, "delete", location), {"post": "yes"}, follow=True)

    assert changed.context["adminform"].form.non_field_errors() == [f"Nothing was saved: {BY_RIGHT}"]
    assert list_messages(deleted) == [f"Nothing was done: {BY_RIGHT}"]


def test_table_that_the_service_may_not_write_is_a_message(signed_in: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    item = make_item()
    data = Filler(signed_in, signed_in.get(get_url(Item, "change", item)), Item).data
    write = OwnershipRouter.db_for_write

    def refuse(self: Any, model: Any, **hints: Any) -> str:
        if model is Item:
            raise ServiceError("service admin can't write to app.items")
        return write(self, model, **hints)

    monkeypatch.setattr(OwnershipRouter, "db_for_write", refuse)

    for url, sent in ((get_url(Item, "change", item), data), (get_url(Item, "delete", item), {"post": "yes"})):
        page = signed_in.post(url, sent)
        assert (page.status_code, page["Location"]) == (302, url)
    assert list_messages(signed_in.get(get_url(Item, "changelist"))) == [
        "Nothing was saved: Service admin can't write to app.items",
        "Nothing was done: Service admin can't write to app.items",
    ]


def test_fault_that_is_no_refusal_is_not_hidden(signed_in: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM nowhere")

    typed = fill_add_page(signed_in, Location)
    monkeypatch.setattr(Location, "save", fail)
    client = Client(raise_request_exception=False)
    client.cookies = signed_in.cookies

    assert client.post(get_url(Location, "add"), typed).status_code >= 500


def test_refused_values_do_not_reach_the_log(
    signed_in: Client, close_locations: Callable[[], None], caplog: pytest.LogCaptureFixture
) -> None:
    typed = {**fill_add_page(signed_in, Location), "slug": "very-secret"}
    close_locations()

    with caplog.at_level("INFO", "freehold"):
        signed_in.post(get_url(Location, "add"), typed)

    assert f"{get_url(Location, 'add')} was refused: " in caplog.text
    assert "very-secret" not in caplog.text
