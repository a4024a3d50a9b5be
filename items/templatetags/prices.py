"""Prices in templates."""

from __future__ import annotations

from django import template

from items.models import Item
from items.money import format_money
from items.queries import Tile

register = template.Library()


@register.filter
def price(item: Item | Tile) -> str:
    """Give the item's price: `€1,234.50`, `CHF 80.00`, `Free`."""
    amount, currency = (item.price, item.currency) if isinstance(item, Item) else (item["price"], item["currency"])
    return format_money(amount, currency) if amount else "Free"
