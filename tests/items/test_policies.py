"""Who sees and writes which items, images and favorites."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from items.models import Favorite, Item, ItemImage
from tests.auth_app.factories import make_user
from tests.items.factories import make_favorite, make_item, make_item_image
from tests.master.factories import make_category
from tests.rls import as_nobody, as_user, refused

pytestmark = pytest.mark.django_db


def see(model: Any) -> set[Any]:
    return set(model.objects.values_list("pk", flat=True))


@pytest.fixture
def items() -> dict[str, Item]:
    """Two people's items, one on offer and one not."""
    anna, ben = make_user(), make_user()
    category = make_category()
    return {
        f"{name}_{word}": make_item(user=user, is_active=word == "offered", category=category)
        for name, user in (("anna", anna), ("ben", ben))
        for word in ("offered", "kept")
    }


def test_user_sees_their_own_items_and_those_on_offer(items: dict[str, Item]) -> None:
    with as_user(items["anna_kept"].user):
        seen = see(Item)

    assert seen == {items[name].pk for name in ("anna_offered", "anna_kept", "ben_offered")}


def test_nobody_sees_the_items_on_offer(items: dict[str, Item]) -> None:
    with as_nobody():
        seen = see(Item)

    assert seen == {items[name].pk for name in ("anna_offered", "ben_offered")}


def test_back_office_sees_every_item(items: dict[str, Item]) -> None:
    assert see(Item) == {item.pk for item in items.values()}


def test_user_makes_items_of_their_own(items: dict[str, Item]) -> None:
    anna = items["anna_kept"].user
    with as_user(anna):
        item = make_item(user=anna, category=items["anna_kept"].category)
        item.name = "Other"
        item.save()

        assert item.delete()[0] == 1


def test_user_makes_no_item_for_another(items: dict[str, Item]) -> None:
    anna, ben = items["anna_kept"].user, items["ben_kept"].user
    with as_user(anna):
        with refused("app.items"):
            make_item(user=ben, category=items["anna_kept"].category)
        with refused("app.items"):
            Item.objects.bulk_create(
                [Item(user=user, category=items["anna_kept"].category, name="x", price=1) for user in (anna, ben)]
            )


def test_nobody_makes_an_item(items: dict[str, Item]) -> None:
    with as_nobody(), refused("app.items"):
        make_item(user=items["anna_kept"].user, category=items["anna_kept"].category)


def test_user_gives_no_item_away(items: dict[str, Item]) -> None:
    item, ben = items["anna_kept"], items["ben_kept"].user
    with as_user(item.user):
        with refused("app.items"):
            Item.objects.filter(pk=item.pk).update(user=ben)
        with refused("app.items"):
            item.user = ben
            Item.objects.bulk_update([item], ["user"])

    assert Item.objects.get(pk=item.pk).user_id != ben.pk


def test_user_saves_no_item_of_another(items: dict[str, Item]) -> None:
    theirs = items["ben_offered"]
    with as_user(items["anna_kept"].user):
        theirs.name = "Mine"
        with refused("app.items"):
            theirs.save()

    assert Item.objects.get(pk=theirs.pk).name != "Mine"


def test_user_takes_no_item_of_another(items: dict[str, Item]) -> None:
    theirs, anna = items["ben_kept"], items["anna_kept"].user
    theirs.user = anna
    with as_user(anna), pytest.raises(IntegrityError), transaction.atomic():
        theirs.save()

    assert Item.objects.get(pk=theirs.pk).user_id != anna.pk


def test_update_and_delete_leave_what_is_not_seen(items: dict[str, Item]) -> None:
    with as_user(items["anna_kept"].user):
        changed = Item.objects.filter(is_active=False).update(name="Changed")
        deleted = Item.objects.filter(is_active=False).delete()[0]

    assert (changed, deleted) == (1, 1)
    assert see(Item) == {item.pk for name, item in items.items() if name != "anna_kept"}


@pytest.mark.sqlite
def test_update_and_delete_of_what_is_seen_and_not_ones_own_are_refused(items: dict[str, Item]) -> None:
    with as_user(items["anna_kept"].user):
        with refused("app.items"):
            Item.objects.filter(pk=items["ben_offered"].pk).update(name="Mine")
        with refused("app.items"):
            items["ben_offered"].delete()


@pytest.mark.postgresql
def test_update_and_delete_of_what_is_seen_and_not_ones_own_leave_it(items: dict[str, Item]) -> None:
    with as_user(items["anna_kept"].user):
        assert Item.objects.filter(pk=items["ben_offered"].pk).update(name="Mine") == 0
        assert Item.objects.filter(pk=items["ben_offered"].pk).delete()[0] == 0


def test_upsert_changes_nothing_of_another(items: dict[str, Item]) -> None:
    theirs, anna = items["ben_offered"], items["anna_kept"].user
    copy = Item(pk=theirs.pk, user=anna, category=theirs.category, name="Mine", price=1)
    with as_user(anna), refused("app.items"):
        Item.objects.bulk_create([copy], update_conflicts=True, unique_fields=["id"], update_fields=["name"])

    assert Item.objects.get(pk=theirs.pk).name == theirs.name


def test_upsert_changes_ones_own(items: dict[str, Item]) -> None:
    mine = items["anna_kept"]
    copy = Item(pk=mine.pk, user=mine.user, category=mine.category, name="Changed", price=1)
    with as_user(mine.user):
        Item.objects.bulk_create([copy], update_conflicts=True, unique_fields=["id"], update_fields=["name"])

    assert Item.objects.get(pk=mine.pk).name == "Changed"


def test_images_are_seen_with_their_item(items: dict[str, Item]) -> None:
    images = {name: make_item_image(item=item).pk for name, item in items.items()}

    with as_user(items["anna_kept"].user):
        seen_by_anna = see(ItemImage)
    with as_nobody():
        seen_by_nobody = see(ItemImage)

    assert seen_by_anna == {images[name] for name in ("anna_offered", "anna_kept", "ben_offered")}
    assert seen_by_nobody == {images[name] for name in ("anna_offered", "ben_offered")}


def test_user_adds_images_to_their_own_items_alone(items: dict[str, Item]) -> None:
    with as_user(items["anna_kept"].user):
        make_item_image(item=items["anna_kept"])
        with refused("app.item_images"):
            make_item_image(item=items["ben_offered"])


def test_favorites_are_their_users_alone(items: dict[str, Item]) -> None:
    anna, ben = items["anna_kept"].user, items["ben_kept"].user
    mine, theirs = make_favorite(user=anna, item=items["ben_offered"]), make_favorite(user=ben)

    with as_user(anna):
        assert see(Favorite) == {mine.pk}
        with refused("app.favorites"):
            make_favorite(user=ben, item=items["anna_offered"])
    with as_nobody():
        assert see(Favorite) == set()
    assert see(Favorite) == {mine.pk, theirs.pk}


def test_joined_rows_are_held_back_too(items: dict[str, Item]) -> None:
    anna, ben = items["anna_kept"].user, items["ben_kept"].user
    make_favorite(user=ben, item=items["anna_offered"])

    with as_user(anna):
        seen = Item.objects.filter(pk=items["anna_offered"].pk).values_list("favorites__user", flat=True)

        assert list(seen) == [None]
        assert not Item.objects.filter(favorites__user=ben).exists()
        assert list(items["anna_offered"].favorites.all()) == []


def test_row_that_is_not_seen_does_not_exist(items: dict[str, Item]) -> None:
    with as_user(items["anna_kept"].user):
        with pytest.raises(Item.DoesNotExist):
            items["ben_kept"].refresh_from_db()
        assert Item.objects.filter(pk=items["ben_kept"].pk).count() == 0
        assert Item.objects.in_bulk([items["ben_kept"].pk]) == {}
