"""What a member of each group meets in the admin site: what the map gives the group, and nothing else."""

import pytest
from django.contrib.auth.models import Permission

from freehold.ownership import Group, get_ownership
from tests.admin.pages import REGISTERED, get_url
from tests.admin.rights import ACTIONS, holds, sign_in

GROUPS = get_ownership().groups
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.name)
def test_group_holds_what_the_map_gives_it(group: Group) -> None:
    held = {
        (permission.content_type.model_class(), permission.codename.partition("_")[0])
        for permission in Permission.objects.filter(group__name=group.name).select_related("content_type")
    }

    for model in REGISTERED:
        for action in ACTIONS:
            assert ((model, action) in held) == holds(group, model, action), (model._meta.label, action)


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.name)
def test_member_finds_the_start_page_with_what_the_group_may_see(group: Group) -> None:
    page = sign_in(group.name).get("/admin/").content.decode()

    for model in REGISTERED:
        assert (f'href="{get_url(model, "changelist")}"' in page) == holds(group, model, "view"), model._meta.label
