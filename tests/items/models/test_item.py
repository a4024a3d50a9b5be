"""How items are looked for."""

import pytest

from items.models import Item
from tests.items.factories import make_favorite, make_item, make_item_image
from tests.master.factories import make_category

pytestmark = pytest.mark.django_db


def test_within_gives_items_of_the_whole_branch() -> None:
    root = make_category("electronics")
    below = make_item(category=make_category("phones", root))
    at_top = make_item(category=root)
    make_item(category=make_category("electronics-used"))

    assert set(Item.objects.within(root)) == {below, at_top}


def test_active_leaves_out_the_others() -> None:
    shown = make_item()
    make_item(is_active=False)

    assert list(Item.objects.active()) == [shown]


def test_delete_takes_along_images_and_favorites() -> None:
    item = make_item()
    image, favorite = make_item_image(item=item), make_favorite(item=item)

    item.delete()

    assert not type(image).objects.exists()
    assert not type(favorite).objects.exists()
