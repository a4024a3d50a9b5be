"""Every operation of the document can be done by the service's login: each is sent once, against the live grants."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tenancy.services.api_key import hash_key
from tests.api import ANY, Caller
from tests.auth_app.factories import make_user
from tests.items.factories import make_favorite, make_item, make_item_image
from tests.runs.factories import make_run
from tests.tenancy.factories import make_api_key, make_invitation, make_membership

pytestmark = pytest.mark.django_db
REFUSED = 500  # what the database refuses a service is a fault of ours


def iter_requests(item: Any, other: Any, run: Any) -> Iterator[tuple[str, str, str, Any]]:
    """Yield for each operation its name, and what does it: what deletes comes last."""
    new = {"name": "A", "category_id": str(item.category_id), "price": "1", "images": [{"url": "/x.png"}]}
    yield "list_categories", "GET", "categories", None
    yield "search_locations", "GET", "locations?q=a", None
    yield "list_items", "GET", f"items?category={item.category.path}&least=0&q=a&place=x", None
    yield "list_own_items", "GET", "me/items", None
    yield "get_item", "GET", f"items/{item.pk}", None
    yield "create_item", "POST", "items", new
    yield "change_item", "PATCH", f"items/{item.pk}", new
    yield "mark_item", "PUT", f"favorites/{other.pk}", None
    yield "list_favorites", "GET", "favorites", None
    yield "unmark_item", "DELETE", f"favorites/{item.pk}", None
    yield "get_me", "GET", "me", None
    yield "get_profile", "GET", "me/profile", None
    yield "change_profile", "PATCH", "me/profile", {"bio": "x"}
    yield "get_preferences", "GET", "me/preferences", None
    yield "change_preferences", "PATCH", "me/preferences", {"a": 1}
    yield "list_runs", "GET", "runs?q=a&status=queued", None
    yield "get_run", "GET", f"runs/{run.pk}", None
    yield "report_runs", "POST", f"runs?project={run.project_id}", [{"external_id": "a", "kind": "x"}]
    yield "change_run", "PATCH", f"runs/{run.pk}", {"status": "running"}
    yield "list_days", "GET", f"projects/{run.project_id}/days", None
    yield "delete_run", "DELETE", f"runs/{run.pk}", None
    yield "delete_item", "DELETE", f"items/{item.pk}", None
    yield from iter_tenancy_requests(run.project, item.user)


def iter_tenancy_requests(project: Any, user: Any) -> Iterator[tuple[str, str, str, Any]]:
    """Yield those about tenants, of whom the user is an owner."""
    tenant_id, member = project.tenant_id, make_membership(tenant=project.tenant)
    yield "list_tenants", "GET", "tenants", None
    yield "found_tenant", "POST", "tenants", {"name": "A", "slug": "a"}
    yield "get_tenant", "GET", f"tenants/{tenant_id}", None
    yield "change_tenant", "PATCH", f"tenants/{tenant_id}", {"name": "B"}
    yield "list_memberships", "GET", f"memberships?tenant={tenant_id}", None
    yield "get_membership", "GET", f"memberships/{member.pk}", None
    yield "change_membership", "PATCH", f"memberships/{member.pk}", {"role": "admin"}
    yield "delete_membership", "DELETE", f"memberships/{member.pk}", None
    yield "list_projects", "GET", f"projects?tenant={tenant_id}&sort=newest", None
    yield "create_project", "POST", "projects", {"tenant_id": str(tenant_id), "name": "A", "slug": "a"}
    yield "get_project", "GET", f"projects/{project.pk}", None
    yield "change_project", "PATCH", f"projects/{project.pk}", {"name": "B"}
    key = make_api_key(project=project)
    yield "list_api_keys", "GET", f"api_keys?project={project.pk}", None
    yield "issue_api_key", "POST", "api_keys", {"project_id": str(project.pk), "name": "A", "scopes": ["runs:write"]}
    yield "get_api_key", "GET", f"api_keys/{key.pk}", None
    yield "revoke_api_key", "DELETE", f"api_keys/{key.pk}", None
    invitation = make_invitation(tenant=project.tenant)
    yield "list_invitations", "GET", f"invitations?tenant={tenant_id}", None
    yield "invite", "POST", "invitations", {"tenant_id": str(tenant_id), "email": "a@example.org"}
    yield "get_invitation", "GET", f"invitations/{invitation.pk}", None
    yield "revoke_invitation", "DELETE", f"invitations/{invitation.pk}", None
    yield "delete_project", "DELETE", f"projects/{project.pk}", None
    for answer in ("decline", "accept"):
        text = f"fhi_{answer}"
        make_invitation(email=user.email, secret_hash=hash_key(text))
        yield f"{answer}_invitation", "POST", f"invitations/{answer}", {"secret": text}
    yield "delete_tenant", "DELETE", f"tenants/{tenant_id}", None


def send_all() -> dict[str, int]:
    """Give the status that each operation of the document ends with."""
    user = make_user()
    item = make_item(user=user)
    make_item_image(item=item)
    make_favorite(user=user, item=item)
    run = make_run()
    make_membership(tenant=run.project.tenant, user=user, role="owner")
    caller = Caller(user)
    requests = list(iter_requests(item, make_item(), run))
    return {name: caller.send(method, path, body, **ANY).status_code for name, method, path, body in requests}


def list_operations() -> set[str]:
    paths = Caller().read("openapi.json")["paths"].values()
    return {each["operationId"] for path in paths for each in path.values() if isinstance(each, dict)}


def test_every_operation_can_be_done() -> None:
    found = send_all()

    assert found.keys() == list_operations()
    assert {name: status for name, status in found.items() if status not in (200, 201, 204)} == {}


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("revoked", "names"),
    [
        ("SELECT ON master.locations", {"search_locations", "list_items", "get_item", "mark_item"}),
        ("INSERT ON app.favorites", {"mark_item"}),
        ("DELETE ON app.items", {"delete_item"}),
        ("UPDATE ON app.memberships", {"change_membership"}),
    ],
)
def test_operation_that_the_login_could_never_do_is_found(
    revoked: str, names: set[str], connect_as: Callable[[str], Any]
) -> None:
    with taken(connect_as("migrator"), revoked):
        found = {name for name, status in send_all().items() if status == REFUSED}

    assert names <= found
    assert "list_categories" not in found


@contextmanager
def taken(session: Any, right: str) -> Iterator[None]:
    """Take a right from the login inside the block."""
    session.execute(f"SET ROLE {right.split()[-1].partition('.')[0]}_owner")
    session.execute(f"REVOKE {right} FROM api_rw")
    try:
        yield
    finally:
        session.execute(f"GRANT {right} TO api_rw")
