"""The models of items: what people offer."""

from items.models.favorite import Favorite
from items.models.item import Item
from items.models.item_image import ItemImage

__all__ = ["Favorite", "Item", "ItemImage"]
