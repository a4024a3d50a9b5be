"""Who sees and writes which profiles."""

from __future__ import annotations

import pytest

from items.sql.item import find_item
from profile.models import Profile
from tests.auth_app.factories import make_user
from tests.items.factories import make_item
from tests.profile.factories import make_profile
from tests.rls import as_nobody, as_user, refused

pytestmark = pytest.mark.django_db


def test_user_sees_their_own_profile_and_those_of_sellers() -> None:
    mine, seller, hidden = make_profile(), make_profile(), make_profile()
    make_item(user=seller.user)
    make_item(user=hidden.user, is_active=False)

    with as_user(mine.user):
        assert set(Profile.objects.all()) == {mine, seller}
    with as_nobody():
        assert set(Profile.objects.all()) == {seller}


def test_user_writes_their_own_profile_alone() -> None:
    mine, other = make_profile(), make_user()

    with as_user(mine.user):
        mine.bio = "Hello"
        mine.save()
        with refused("app.profiles"):
            make_profile(user=other)

    assert Profile.objects.get(pk=mine.pk).bio == "Hello"


def test_page_of_an_item_shows_the_name_in_the_sellers_profile() -> None:
    seller = make_profile(display_name="Ada")
    item = make_item(user=seller.user)

    with as_nobody():
        found = find_item(id=item.pk)

    assert found is not None
    assert found.seller_name == "Ada"
