"""Prices in templates."""

from __future__ import annotations

from django import template

from items.models import Item
from items.money import format_money

register = template.Library()


@register.filter
def price(item: Item) -> str:
    """Give the item's price: `€1,234.50`, `CHF 80.00`, `Free`."""
    return "Free" if item.price == 0 else format_money(item.price, item.currency)
