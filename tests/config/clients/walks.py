"""A walk for each tag of the document: every operation of it once at least, by the generated client, as its users do.

A tag without a walk, or an operation that no walk of its tag calls, fails test_python_client.py: a new resource gets a
function here and a line in WALKS.
"""

from __future__ import annotations

import json
import re
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
    after, pages = "", []
    while after is not None:
        page = key.call("runs", "list_runs", **wanted, limit=1, after=after).parsed
        pages += [each.external_id for each in page.rows]
        after = page.next_
    assert sorted(pages) == ["walk-1", "walk-2"]
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


def found_tenant(person: Caller, slug: str) -> Any:
    new = person.models.NewTenant(name="Walkers", slug=slug)
    return person.call("tenants", "found_tenant", gives=201, body=new)


def walk_tenants(person: Caller, key: Caller) -> None:
    """Tenants and who is in them: the last owner stays."""
    models = person.models
    made = found_tenant(person, "walkers")
    tenant, etag = made.parsed, made.headers["ETag"]
    changes = models.TenantChanges(name="Walkers and more")
    etag = person.call("tenants", "change_tenant", tenant_id=tenant.id, if_match=etag, body=changes).headers["ETag"]
    read = person.call("tenants", "get_tenant", tenant_id=tenant.id)
    assert (read.parsed.name, read.headers["ETag"]) == ("Walkers and more", etag)
    assert tenant.id in {each.id for each in person.call("tenants", "list_tenants").parsed.rows}
    person.guest.call("tenants", "get_tenant", gives=404, tenant_id=tenant.id)

    (own,) = person.call("tenants", "list_memberships", tenant=tenant.id).parsed.rows
    read = person.call("tenants", "get_membership", membership_id=own.id)
    viewer = models.RoleChange(models.RoleChangeRole.VIEWER)
    given = {"membership_id": own.id, "if_match": read.headers["ETag"]}
    assert isinstance(
        person.call("tenants", "change_membership", gives=409, **given, body=viewer).parsed, models.Problem
    )
    owner = models.RoleChange(models.RoleChangeRole.OWNER)
    person.call("tenants", "change_membership", membership_id=own.id, if_match="*", body=owner)
    person.call("tenants", "delete_membership", gives=409, membership_id=own.id, if_match="*")
    person.note("delete_membership", 204)  # walk_invitations does it to somebody else
    person.call("tenants", "delete_tenant", gives=204, tenant_id=tenant.id, if_match="*")


def walk_projects(person: Caller, key: Caller) -> None:
    """Projects of a tenant."""
    models = person.models
    tenant = found_tenant(person, "walkers-projects").parsed
    new = models.NewProject(tenant_id=tenant.id, name="Paths", slug="paths")
    made = person.call("projects", "create_project", gives=201, body=new)
    changes = models.ProjectChanges(name="Ways")
    given = {"project_id": made.parsed.id, "if_match": made.headers["ETag"]}
    assert person.call("projects", "change_project", **given, body=changes).parsed.name == "Ways"
    person.call("projects", "change_project", gives=412, **given, body=changes)
    read = person.call("projects", "get_project", project_id=made.parsed.id)
    assert [each.id for each in person.call("projects", "list_projects", tenant=tenant.id).parsed.rows] == [
        read.parsed.id
    ]
    given["if_match"] = read.headers["ETag"]
    person.call("projects", "delete_project", gives=204, **given)


def walk_api_keys(person: Caller, key: Caller) -> None:
    """API keys: shown once, and seen without their text."""
    models = person.models
    tenant = found_tenant(person, "walkers-keys").parsed
    new = models.NewProject(tenant_id=tenant.id, name="Paths", slug="paths")
    project = person.call("projects", "create_project", gives=201, body=new).parsed
    wanted = models.NewKey(project_id=project.id, name="walk", scopes=[models.NewKeyScopesItem.RUNSREAD])
    issued = person.call("api_keys", "issue_api_key", gives=201, body=wanted).parsed
    assert issued.key.startswith(issued.prefix)
    read = person.call("api_keys", "get_api_key", api_key_id=issued.id).parsed
    assert (read.name, hasattr(read, "key")) == ("walk", False)
    assert [each.id for each in person.call("api_keys", "list_api_keys", project=project.id).parsed.rows] == [issued.id]
    person.call("api_keys", "revoke_api_key", gives=204, api_key_id=issued.id)


def walk_invitations(person: Caller, key: Caller) -> None:
    """Invitations: by letter, and answered by whoever they are for."""
    models, guest = person.models, person.guest
    tenant = found_tenant(person, "walkers-guests").parsed
    email = guest.call("me", "get_me").parsed.email
    for operation, status in (("decline_invitation", 204), ("accept_invitation", 200)):
        new = models.NewInvitation(tenant_id=tenant.id, email=email)
        made = person.call("invitations", "invite", gives=201, body=new).parsed
        assert person.call("invitations", "get_invitation", invitation_id=made.id).parsed.email == email
        secret = made.secret or re.findall(r"fhi_[\w-]+", person.read_letters())[-1]
        person.call("invitations", operation, gives=403, body=models.Answer(secret))
        guest.call("invitations", operation, gives=status, body=models.Answer(secret))
    new = models.NewInvitation(tenant_id=tenant.id, email="nobody@shop.example")
    made = person.call("invitations", "invite", gives=201, body=new).parsed
    assert made.id in {each.id for each in person.call("invitations", "list_invitations", tenant=tenant.id).parsed.rows}
    person.call("invitations", "revoke_invitation", gives=204, invitation_id=made.id)
    rows = guest.call("tenants", "list_memberships", tenant=tenant.id).parsed.rows
    (joined,) = (each for each in rows if each.role == "member")
    person.call("tenants", "delete_membership", gives=204, membership_id=joined.id, if_match="*")


Walk = Callable[[Caller, Caller], None]  # by somebody who is signed in, and by an API key of a project of theirs
WALKS: dict[str, Walk] = {
    "reference": walk_reference,
    "items": walk_items,
    "favorites": walk_favorites,
    "me": walk_me,
    "runs": walk_runs,
    "tenants": walk_tenants,
    "projects": walk_projects,
    "API keys": walk_api_keys,
    "invitations": walk_invitations,
}
