"""The admin site's sidebar and start page: models under the schema that their tables lie in, in the map's order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse, reverse_lazy
from django.utils.text import capfirst

from freehold import Schema, get_ownership

DEFAULT_ICON = "table"  # of Material Symbols; an admin class names its own as `icon`


def list_groups(request: HttpRequest) -> list[dict[str, Any]]:
    """Give the sidebar as Unfold takes it: a group for each schema of which the signed-in person may see a model."""
    groups = [
        {"title": schema.name, "separator": bool(number), "items": list_links(request, schema)}
        for number, schema in enumerate(get_ownership().schemas)
    ]
    return [group for group in groups if group["items"]]


def list_links(request: HttpRequest, schema: Schema) -> list[dict[str, Any]]:
    """Give a link to each list of the schema that the signed-in person may see, by name."""
    pages = [
        page
        for model, page in admin.site._registry.items()
        if get_ownership().find_schema_of_app(model._meta.app_label) == schema and page.has_view_permission(request)
    ]
    return sorted(map(describe, pages), key=lambda link: str(link["title"]))


def describe(page: admin.ModelAdmin[Any]) -> dict[str, Any]:
    """Give the link to a model's list."""
    name = f"admin:{page.opts.app_label}_{page.opts.model_name}_changelist"
    return {
        "title": capfirst(str(page.opts.verbose_name_plural)),
        "icon": getattr(page, "icon", DEFAULT_ICON),
        "link": reverse_lazy(name),
    }


def group_by_schema(apps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give Django's list of apps for the start page, regrouped: one entry for each schema that has a model in it."""
    groups: list[dict[str, Any]] = [
        {
            "name": f"{schema.name}: {schema.comment}",
            "app_label": schema.name,
            "app_url": f"{reverse('admin:index')}#{schema.name}",
            "models": sorted(iter_models(apps, schema), key=lambda entry: str(entry["name"])),
        }
        for schema in get_ownership().schemas
    ]
    return [group for group in groups if group["models"]]


def iter_models(apps: list[dict[str, Any]], schema: Schema) -> Iterator[dict[str, Any]]:
    """Yield the entries of the apps that lie in a schema."""
    for app in apps:
        if get_ownership().find_schema_of_app(app["app_label"]) == schema:
            yield from app["models"]
