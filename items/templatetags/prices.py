"""Prices in templates."""

from __future__ import annotations

from decimal import Decimal
from typing import Protocol

from django import template

from items.money import format_money

register = template.Library()


class Priced(Protocol):
    """What has a price: an item, or a row of one."""

    @property
    def price(self) -> Decimal: ...
    @property
    def currency(self) -> str: ...


@register.filter
def price(item: Priced) -> str:
    """Give the item's price: `€1,234.50`, `CHF 80.00`, `Free`."""
    return format_money(item.price, item.currency) if item.price else "Free"
