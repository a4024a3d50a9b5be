"""The migration that makes the admin site's groups."""

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.db import connection

from freehold.ownership import get_ownership

groups = import_module("auth_app.migrations.0005_groups")

pytestmark = pytest.mark.django_db


def list_names() -> set[str]:
    return set(Group.objects.values_list("name", flat=True))


def test_groups_are_those_of_the_map() -> None:
    assert set(groups.GROUPS) == {group.name for group in get_ownership().groups}
    assert list_names() >= set(groups.GROUPS)


def test_groups_down_and_up_again_leaves_the_same() -> None:
    Group.objects.create(name="someone else's")
    editor = connection.schema_editor()

    groups.delete_groups(apps, editor)
    assert list_names() == {"someone else's"}
    groups.create_groups(apps, editor)
    groups.create_groups(apps, editor)

    assert list_names() == {*groups.GROUPS, "someone else's"}
