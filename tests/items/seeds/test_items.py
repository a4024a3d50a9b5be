"""The demo items with images and favorites."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.db.models import F

from items.models import Favorite, Item, ItemImage
from items.seeds import catalogue
from master.models import Category


def test_items_lie_in_every_top_category_and_in_many_places(seeded: str) -> None:
    items = list(Item.objects.using(seeded).select_related("category", "location"))
    tops = set(Category.objects.using(seeded).filter(parent=None).values_list("slug", flat=True))

    assert len(items) == 124
    assert {item.category.path.partition("/")[0] for item in items} == tops
    assert len({item.location.country for item in items if item.location}) >= 30
    assert len({item.currency for item in items}) > 10
    assert {item.is_active for item in items} == {True, False}


def test_items_and_images_are_valid(seeded: str) -> None:
    for row in (*Item.objects.using(seeded), *ItemImage.objects.using(seeded)):
        row.clean_fields()


def test_items_read_like_offers(seeded: str) -> None:
    for item in Item.objects.using(seeded):
        assert item.description == " ".join(item.description.split())
        assert item.description.endswith((".", "!", "?"))
        assert len(item.description) > 50


def test_items_were_made_one_after_another_and_changed_later(seeded: str) -> None:
    made = list(Item.objects.using(seeded).order_by("created_at").values_list("created_at", flat=True))

    assert len(set(made)) == len(made)
    assert made[-1] - made[0] > timedelta(days=60)
    assert not Item.objects.using(seeded).filter(updated_at__lt=F("created_at")).exists()


def test_each_item_has_an_image_that_is_served_and_described(seeded: str) -> None:
    assert not Item.objects.using(seeded).filter(images=None).exists()
    for url, alt in ItemImage.objects.using(seeded).values_list("url", "alt"):
        found = finders.find(url.removeprefix("/static/"))
        assert found, url
        assert f"<title>{alt}</title>" in Path(str(found)).read_text(encoding="utf-8")


def test_each_top_category_has_a_picture(seeded: str) -> None:
    for slug in Category.objects.using(seeded).filter(parent=None).values_list("slug", flat=True):
        assert finders.find(f"items/pictures/{slug}.svg"), slug


@pytest.mark.parametrize("path", catalogue.PICTURES, ids=lambda path: path.stem)
def test_picture_is_drawn_here_and_loads_nothing(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert text.startswith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 600" role="img">')
    assert not [word for word in ("<script", "href", "<image", "url(", "<style", "onload") if word in text]


def test_picture_without_a_title_is_refused(tmp_path: Path) -> None:
    picture = tmp_path / "lamp.svg"
    picture.write_text("<svg></svg>")

    with pytest.raises(ValueError) as caught:
        catalogue.read_title(picture)

    assert str(caught.value) == "lamp.svg has no title: say in <title> what it shows"


def test_nobody_marks_their_own_item(seeded: str) -> None:
    favorites = Favorite.objects.using(seeded)

    assert not favorites.filter(user=F("item__user")).exists()
    assert favorites.values("user").distinct().count() >= 8
    assert not favorites.filter(created_at__lt=F("item__created_at")).exists()
