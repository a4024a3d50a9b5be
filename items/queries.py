"""What pages read of items: only those on offer, and of their sellers nothing but the names to show.

Every field is named, since the service that owns this module may read a few columns of `auth.user` and no more.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.db.models import Count, F, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf

from items.models import Item, ItemImage
from master.models import Location
from master.queries import LOCATION_FIELDS

TILE_FIELDS: Final = (
    "id", "name", "price", "currency", "created_at", "category_id", "location_id",
    *(f"location__{field}" for field in LOCATION_FIELDS),
)  # fmt: skip
SORTS: Final = {
    "newest": ("-created_at", "-id"),
    "cheapest": ("currency", "price", "-created_at", "-id"),
    "dearest": ("currency", "-price", "-created_at", "-id"),
    "name": ("name", "-created_at", "-id"),
}


@dataclass(frozen=True)
class ItemFilter:
    """What to look for: every condition holds at once, an empty one not at all.

    `categories` are the ids of one category and all below it. A `location` without a city means its whole country.
    Prices are in whatever currency an item has, unless `currency` says which.
    """

    words: tuple[str, ...] = ()
    categories: frozenset[UUID] | None = None
    location: Location | None = None
    least: Decimal | None = None
    most: Decimal | None = None
    currency: str = ""


def list_items(wanted: ItemFilter, *, sort: str, start: int, limit: int) -> list[Item]:
    """Give a page's items with location and images: two queries. `sort` is a key of SORTS."""
    items = _filter_items(wanted).select_related("location").prefetch_related(_order_images())
    return list(items.only(*TILE_FIELDS).order_by(*SORTS[sort])[start : start + limit])


def count_items_by_category(wanted: ItemFilter) -> dict[UUID, int]:
    """Give how many items lie directly in each category, by its id, whatever category `wanted` asks for."""
    counts = _filter_items(wanted, any_category=True).values("category_id").annotate(count=Count("pk")).order_by()
    return {row["category_id"]: row["count"] for row in counts}


def count_items_by_country() -> list[tuple[str, str, int]]:
    """Give code, name and number of items of each country that has any, by name."""
    rows = _list_active().filter(location__isnull=False).values("location__country", "location__country_name")
    counted = rows.annotate(count=Count("pk")).order_by("location__country_name")
    return list(counted.values_list("location__country", "location__country_name", "count"))


def count_items_by_city(country: str) -> list[tuple[str, str, str, int]]:
    """Give slug, city, region and number of items of each city of the country that has any, by name."""
    rows = _list_active().filter(location__country=country).exclude(location__city="")
    counted = rows.values("location__slug").annotate(count=Count("pk")).order_by("location__city", "location__slug")
    return list(counted.values_list("location__slug", "location__city", "location__region", "count"))


def list_currencies() -> list[str]:
    """Give the codes of all currencies that items are priced in."""
    return list(_list_active().order_by("currency").values_list("currency", flat=True).distinct())


def find_item(item_id: UUID) -> Item | None:
    """Give the item with location, images and `seller_name`, or None where none of that id is on offer."""
    items = _list_active().select_related("location").prefetch_related(_order_images())
    fields = (*TILE_FIELDS, "description", "updated_at", "version")
    return items.only(*fields).annotate(seller_name=_name_seller()).filter(pk=item_id).first()


def list_related_items(item: Item, *, limit: int) -> list[Item]:
    """Give other items of the same category, the newest first."""
    items = _list_active().filter(category_id=item.category_id).exclude(pk=item.pk).select_related("location")
    return list(items.only(*TILE_FIELDS).prefetch_related(_order_images()).order_by(*SORTS["newest"])[:limit])


def _list_active() -> QuerySet[Item]:
    return Item.objects.active()


def _filter_items(wanted: ItemFilter, *, any_category: bool = False) -> QuerySet[Item]:
    items = _list_active()
    for word in wanted.words:
        items = items.filter(_contains(word))
    if wanted.categories is not None and not any_category:
        items = items.filter(category_id__in=wanted.categories)
    if wanted.location:
        items = items.filter(_lies_in(wanted.location))
    if wanted.least is not None:
        items = items.filter(price__gte=wanted.least)
    if wanted.most is not None:
        items = items.filter(price__lte=wanted.most)
    return items.filter(currency=wanted.currency) if wanted.currency else items


def _contains(word: str) -> Q:
    """Match the word anywhere in name or description, without regard to case.

    SQLite folds the case of ASCII only, so a word beyond it is looked for in its usual spellings too.
    """
    spellings: Collection[str] = {word}
    if not word.isascii():
        spellings = sorted({word, word.lower(), word.upper(), word.capitalize()})
    matches = Q()
    for spelling in spellings:
        matches |= Q(name__icontains=spelling) | Q(description__icontains=spelling)
    return matches


def _lies_in(location: Location) -> Q:
    return Q(location__country=location.country) if location.is_country else Q(location_id=location.pk)


def _name_seller() -> Coalesce:
    """Prefer the name of the profile; a user without any name to show stays empty, never an e-mail address."""
    return Coalesce(NullIf(F("user__profile__display_name"), Value("")), F("user__display_name"))


def _order_images() -> Prefetch[str, QuerySet[ItemImage], str]:
    images = ItemImage.objects.only("id", "item_id", "url", "alt", "position").order_by("position")
    return Prefetch("images", queryset=images)
