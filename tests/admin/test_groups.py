"""What a member of each group meets in the admin site: what the map gives the group, and nothing else."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from freehold.ownership import Group, get_ownership
from tests.admin.pages import REGISTERED, Model, find_url, get_url, make_row
from tests.auth_app.factories import make_staff

GROUPS = get_ownership().groups
NEVER = {  # refused to everyone, superusers included
    "admin.LogEntry": {"add", "change", "delete"},
    "auth_app.PhoneVerification": {"add", "change"},
    "auth_app.Session": {"add", "change", "delete"},
    "freehold.MigrationHistory": {"add", "change", "delete"},
    "tenancy.ApiKey": {"change"},  # a key that is made; revoking one needs the right to change
}

pytestmark = pytest.mark.django_db


def holds(group: Group, model: Model, action: str) -> bool:
    """Whether the map gives the group this action on the model."""
    schema = get_ownership().find_schema_of_app(model._meta.app_label)
    return schema is not None and schema.name in group.schemas and action in group.actions


def sign_in(group: Group) -> Client:
    client = Client()
    client.force_login(make_staff(group.name))
    return client


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.name)
def test_group_holds_what_the_map_gives_it(group: Group) -> None:
    held = {
        (permission.content_type.model_class(), permission.codename.partition("_")[0])
        for permission in Permission.objects.filter(group__name=group.name).select_related("content_type")
    }

    for model in REGISTERED:
        for action in ("view", "add", "change", "delete"):
            assert ((model, action) in held) == holds(group, model, action), (model._meta.label, action)


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.name)
@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
def test_member_meets_what_the_group_holds(group: Group, model: Model) -> None:
    member = sign_in(group)
    row = make_row(model)
    may = {
        action: holds(group, model, action) and action not in NEVER.get(model._meta.label, set())
        for action in ("view", "add", "change", "delete")
    }

    assert member.get(get_url(model, "changelist")).status_code == (200 if may["view"] else 403)
    if find_url(model, "add"):
        assert member.get(get_url(model, "add")).status_code == (200 if may["add"] else 403)
    if find_url(model, "change", row):
        page = member.get(get_url(model, "change", row))
        assert page.status_code == (200 if may["view"] else 403)
        assert ('name="_save"' in page.content.decode()) == may["change"]
        if not may["change"]:
            assert member.post(get_url(model, "change", row), {}).status_code == 403
        if not may["delete"]:
            assert member.post(get_url(model, "delete", row), {"post": "yes"}).status_code == 403
    assert model._base_manager.filter(pk=row.pk).exists()


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.name)
def test_member_finds_the_start_page_with_what_the_group_may_see(group: Group) -> None:
    page = sign_in(group).get("/admin/").content.decode()

    for model in REGISTERED:
        assert (f'href="{get_url(model, "changelist")}"' in page) == holds(group, model, "view"), model._meta.label
