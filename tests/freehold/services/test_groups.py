"""The map's groups get their permissions after `migrate`: what they lack is added, and nothing is taken away."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission

from config.ownership import OWNERSHIP
from freehold.ownership import Group as Entry
from freehold.services.groups import fill_groups, get_last_label, list_permissions

REFERRED = {  # what tables of one schema refer to in another
    "app operators": {("auth_app", "view_user"), ("master", "view_category"), ("master", "view_location")},
}

pytestmark = pytest.mark.django_db


def fill(label: str | None = None) -> None:
    """Do what happens when `post_migrate` is sent for an app, by default for the last one."""
    fill_groups(apps.get_app_config(label or get_last_label()))


@pytest.mark.parametrize("entry", OWNERSHIP.groups, ids=lambda entry: entry.name)
def test_group_holds_its_actions_on_its_schemas_and_sees_what_they_refer_to(entry) -> None:
    schemas = [schema for schema in OWNERSHIP.schemas if schema.name in entry.schemas]
    labels = [label for schema in schemas for label in (*schema.apps, *schema.places)]
    wanted = {
        (model._meta.app_label, f"{action}_{model._meta.model_name}")
        for label in labels
        for model in apps.get_app_config(label).get_models()
        for action in entry.actions
        if action in model._meta.default_permissions
    } | REFERRED.get(entry.name, set())

    found = Group.objects.get(name=entry.name).permissions.values_list("content_type__app_label", "codename")

    assert set(found) == wanted


def test_group_that_only_adds_sees_what_its_forms_choose_from() -> None:
    entry = Entry("packers", schemas=("app",), actions=("add",))

    given = list_permissions(entry, apps.get_models())

    assert ("items", "add_item") in given
    assert {codename for label, codename in given if codename.startswith("view_")} == {
        *("view_category", "view_location", "view_user"),  # of other schemas
        *("view_item", "view_membership", "view_project", "view_tenant"),
    }


def test_permission_that_was_taken_comes_back_and_one_that_was_added_stays() -> None:
    group = Group.objects.get(name="master editors")
    taken = group.permissions.first()
    added = Permission.objects.get(codename="view_item")
    assert taken is not None
    group.permissions.remove(taken)
    group.permissions.add(added)

    fill()

    assert {taken, added} <= set(group.permissions.all())


def test_group_that_nobody_made_is_not_made() -> None:
    Group.objects.filter(name="auditors").delete()

    fill()

    assert not Group.objects.filter(name="auditors").exists()


def test_nothing_is_done_before_the_last_app_has_its_permissions() -> None:
    group = Group.objects.get(name="master editors")
    group.permissions.clear()

    fill("auth")

    assert not group.permissions.exists()
