"""Reads the demo offers from offers/*.toml and gives the rows that they make."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

OFFERS = tuple(sorted((Path(__file__).parent / "offers").glob("*.toml")))
PICTURES = tuple(sorted((Path(__file__).parents[1] / "static" / "items" / "pictures").glob("*.svg")))
LAST_DAY = datetime(2026, 11, 20, 18, 20, tzinfo=UTC)  # when the newest offer was made
STEP = timedelta(hours=13, minutes=37)
BUYERS = ("user", "lena", "james", "priya", "kenji", "camille", "diego", "maya", "admin", "auditor")

Key = tuple[str, str]  # the seller's address and the item's name


class ItemRow(NamedTuple):
    """A row of items."""

    user: str
    name: str
    category: str
    location: str
    description: str
    price: Decimal
    currency: str
    is_active: bool
    created_at: datetime
    updated_at: datetime


class ImageRow(NamedTuple):
    """A row of images."""

    item: Key
    position: int
    url: str
    alt: str
    created_at: datetime


class FavoriteRow(NamedTuple):
    """A row of favorites."""

    user: str
    item: Key
    created_at: datetime


@cache
def read_offers() -> list[dict[str, Any]]:
    """Give the offers, the newest first, in an order that mixes the categories."""
    offers = [offer for path in OFFERS for offer in tomllib.loads(path.read_text(encoding="utf-8"))["offers"]]
    return sorted(offers, key=lambda offer: make_chance(offer["name"]))


def list_items() -> Iterator[ItemRow]:
    """Yield the items."""
    for offer, made in list_dated():
        amount, currency = offer["price"].split()
        user, name = make_key(offer)
        yield ItemRow(
            user,
            name,
            offer["category"],
            offer["place"],
            offer["text"],
            Decimal(amount),
            currency,
            offer.get("active", True),
            created_at=made,
            updated_at=made + timedelta(hours=make_chance(name)[1] % 9),
        )


def list_images() -> Iterator[ImageRow]:
    """Yield the images of each item in their order: drawings that belong to this app."""
    titles = read_titles()
    for offer, made in list_dated():
        top = offer["category"].partition("/")[0]
        for position, picture in enumerate(offer.get("pictures", [top])):
            url = f"/static/items/pictures/{picture}.svg"
            yield ImageRow(make_key(offer), position, url, titles[picture], made)


def list_favorites() -> Iterator[FavoriteRow]:
    """Yield who has marked what: about a third of the items, none by its seller."""
    for offer, made in list_dated():
        chance = make_chance(f"{offer['name']} marked")
        for place, buyer in enumerate(BUYERS):
            if chance[place] < 12 and buyer != offer["seller"]:
                marked = min(made + timedelta(hours=1 + chance[-place - 1] // 4), LAST_DAY + timedelta(hours=2))
                yield FavoriteRow(f"{buyer}@freehold.example", make_key(offer), marked)


def list_dated() -> Iterator[tuple[dict[str, Any], datetime]]:
    """Yield each offer with when it was made, about two a day."""
    for number, offer in enumerate(read_offers()):
        yield offer, LAST_DAY - number * STEP


def make_key(offer: dict[str, Any]) -> Key:
    """Give what tells an item from others."""
    return f"{offer['seller']}@freehold.example", offer["name"]


def make_chance(text: str) -> bytes:
    """Give 32 bytes that look like chance and are always the same."""
    return sha256(text.encode()).digest()


@cache
def read_titles() -> dict[str, str]:
    """Map each picture's name to what it shows, as its file says."""
    return {path.stem: read_title(path) for path in PICTURES}


def read_title(path: Path) -> str:
    """Give the title of a picture.

    Raises:
        ValueError: it has none.
    """
    found = re.search("<title>(.+?)</title>", path.read_text(encoding="utf-8"))
    if not found:
        raise ValueError(f"{path.name} has no title: say in <title> what it shows")
    return found[1]
