"""Makes items and what hangs on them. Every call gives another row; keywords override."""

from decimal import Decimal
from itertools import count
from typing import Any

from items.models import Favorite, Item, ItemImage
from tests.auth_app.factories import make_user
from tests.master.factories import make_category

NUMBERS = count(1)


def make_item(**fields: Any) -> Item:
    fields["user"] = fields.get("user") or make_user()
    fields["category"] = fields.get("category") or make_category()
    return Item.objects.create(**{"name": f"Item {next(NUMBERS)}", "price": Decimal("9.50"), **fields})


def make_item_image(**fields: Any) -> ItemImage:
    fields["item"] = fields.get("item") or make_item()
    return ItemImage.objects.create(**{"url": f"https://example.org/{next(NUMBERS)}.jpg", **fields})


def make_favorite(**fields: Any) -> Favorite:
    fields["user"] = fields.get("user") or make_user()
    fields["item"] = fields.get("item") or make_item()
    return Favorite.objects.create(**fields)
