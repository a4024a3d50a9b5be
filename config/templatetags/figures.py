"""Figures as people read them."""

from __future__ import annotations

from django import template
from django.template.defaultfilters import filesizeformat

register = template.Library()


@register.filter
def grouped(number: int | None) -> str:
    """Give a whole number with its thousands apart: `34,012`. A dash for None."""
    return "—" if number is None else f"{number:,}"


@register.filter
def bytesize(size: int | None) -> str:
    """Give bytes in the unit that suits: `1.2 MB`. A dash for None."""
    return "—" if size is None else filesizeformat(size)
