"""A walk for each tag of the document: every operation of it once at least, by the generated client, as its users do.

A tag without a walk, or an operation that no walk of its tag calls, fails test_python_client.py: a new resource gets a
function here and a line in WALKS.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.config.clients.generated import Caller


def walk_reference(person: Caller, key: Caller) -> None:
    """Categories and locations."""
    tree = person.call("reference", "list_categories")
    assert tree.parsed.rows[0].slug
    etag = tree.headers["ETag"]
    assert person.call("reference", "list_categories", gives=304, if_none_match=etag).parsed is None
    found = person.call("reference", "search_locations", q="par").parsed.rows
    assert "Paris" in {each.city for each in found}


def walk_items(person: Caller, key: Caller) -> None:
    """Items: offered, read, changed by who has read them, listed page by page, deleted."""
    models = person.models
    category = person.call("reference", "list_categories").parsed.rows[0]
    image = models.Image(url="/static/items/pictures/home.svg", alt="a vase")
    new = models.NewItem(name="Vase", category_id=category.id, price="12.00", images=[image])
    made = person.call("items", "create_item", gives=201, body=new)
    item, etag = made.parsed, made.headers["ETag"]
    assert (item.name, item.price, item.version, item.location) == ("Vase", "12.00", 1, None)
    assert item.created_at.utcoffset() == timedelta(0)

    read = person.call("items", "get_item", item_id=item.id)
    assert (read.parsed, read.headers["ETag"]) == (item, etag)
    assert person.call("items", "get_item", gives=304, item_id=item.id, if_none_match=etag).parsed is None
    changes = models.ItemChanges(price="11.00")
    changed = person.call("items", "change_item", item_id=item.id, if_match=etag, body=changes)
    assert (changed.parsed.price, changed.parsed.images) == ("11.00", [image])
    stale = person.call("items", "change_item", gives=412, item_id=item.id, if_match=etag, body=changes)
    assert isinstance(stale.parsed, models.Problem)
    wrong = person.call("items", "create_item", gives=422, body=models.NewItem("", category.id, "x"))
    assert {each.pointer for each in wrong.parsed.faults} == {"#/name", "#/price"}

    first = person.call("items", "list_items", limit=2, sort=models.ListItemsSort.NAME).parsed
    second = person.call("items", "list_items", limit=2, sort=models.ListItemsSort.NAME, after=first.next_).parsed
    assert len({each.id for each in first.rows + second.rows}) == 4
    assert item.id in {each.id for each in person.call("items", "list_own_items").parsed.rows}
    person.call("items", "delete_item", gives=204, item_id=item.id, if_match=changed.headers["ETag"])
    assert person.call("items", "get_item", gives=404, item_id=item.id).parsed.title == "Not Found"


def walk_favorites(person: Caller, key: Caller) -> None:
    """Marks on items."""
    item = person.call("items", "list_items", limit=1).parsed.rows[0]
    person.call("favorites", "mark_item", gives=204, item_id=item.id)
    marked = person.call("favorites", "list_favorites").parsed.rows
    assert item.id in {each.item.id for each in marked}
    person.call("favorites", "unmark_item", gives=204, item_id=item.id)


def walk_me(person: Caller, key: Caller) -> None:
    """Account, profile and preferences, which are people's alone."""
    models = person.models
    assert person.call("me", "get_me").parsed.email == "user@freehold.example"
    assert isinstance(key.call("me", "get_me", gives=403).parsed, models.Problem)
    profile = person.call("me", "get_profile")
    changes, etag = models.ProfileChanges(bio="By a client."), profile.headers["ETag"]
    assert person.call("me", "change_profile", if_match=etag, body=changes).parsed.bio == "By a client."
    etag = person.call("me", "get_preferences").headers["ETag"]
    theme = models.ChangePreferencesBody.from_dict({"theme": {"dark": True}})
    changed = person.call("me", "change_preferences", if_match=etag, body=theme).parsed
    assert changed["theme"] == {"dark": True}


def walk_runs(person: Caller, key: Caller) -> None:
    """Runs: reported by a key, read by it and by people of its tenant."""
    models = key.models
    started = datetime.now(UTC) - timedelta(minutes=1)
    running = models.ReportStatus.RUNNING
    reports = [models.Report(name, "walk", started_at=started, status=running) for name in ("walk-1", "walk-2")]
    for body in (
        {"json": [each.to_dict() for each in reports]},
        {"content": "\n".join(json.dumps(each.to_dict()) for each in reports), "headers": LINES},
        {"content": (json.dumps(each.to_dict()).encode() + b"\n" for each in reports), "headers": LINES},  # in chunks
    ):
        assert report(key, **body).received == 2

    wanted = {"q": "walk", "status": [models.ListRunsStatusItem.RUNNING]}
    run, other = key.call("runs", "list_runs", **wanted).parsed.rows
    assert {run.external_id, other.external_id} == {"walk-1", "walk-2"}
    assert key.call("runs", "list_runs", **wanted, limit=1).parsed.next_
    read = person.call("runs", "get_run", run_id=run.id)
    assert read.parsed.started_at == started
    change = models.Change(models.ChangeStatus.SUCCEEDED)
    ended = key.call("runs", "change_run", run_id=run.id, if_match=read.headers["ETag"], body=change).parsed
    assert (ended.status, ended.version) == (models.FindRunRowStatus.SUCCEEDED, read.parsed.version + 1)
    days = key.call("runs", "list_days", project_id=run.project_id, last=started.date() + timedelta(days=1)).parsed.rows
    assert "succeeded" in {each.status for each in days}
    for each in (run, other):
        key.call("runs", "delete_run", gives=204, run_id=each.id, if_match="*")


LINES = {"Content-Type": "application/x-ndjson"}


def report(caller: Caller, **body: Any) -> Any:
    """Send reports by the client's own connection: what is generated of a body of two kinds asks `isinstance` of a
    list's type, and Python refuses that. What is sent and given are its classes all the same."""
    answer = caller.client.get_httpx_client().post("/api/v1/runs", **body)
    assert answer.status_code == 200, answer.text
    caller.note("report_runs", answer.status_code)
    return caller.models.Outcome.from_dict(answer.json())


Walk = Callable[[Caller, Caller], None]  # by somebody who is signed in, and by an API key of a project of theirs
WALKS: dict[str, Walk] = {
    "reference": walk_reference,
    "items": walk_items,
    "favorites": walk_favorites,
    "me": walk_me,
    "runs": walk_runs,
}
