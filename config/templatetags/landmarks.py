"""Attributes for what a third party's template renders without them, so that none of it has to be copied."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.filter
def give_attribute(html: SafeString, given: str) -> SafeString:
    """Give the markup with an attribute on the `div` of an id: `block.super|give_attribute:'main role="main"'`.

    Where there is no such `div`, the markup stays as it is.
    """
    element_id, _, attribute = given.partition(" ")
    start = f'<div id="{element_id}"'
    return mark_safe(html.replace(start, f"{start} {attribute}", 1))  # noqa: S308 - markup of a template, and of ours
