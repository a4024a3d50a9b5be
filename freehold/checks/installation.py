"""E003, E004, E006: the ownership map and INSTALLED_APPS name the same apps, and the engine comes first."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error

from freehold.checks.subjects import AppConfigs, find_governing, find_ownership, iter_models, list_app_configs

ENGINE = "freehold"


def check_map_names_app(app_configs: AppConfigs, **kwargs: Any) -> list[CheckMessage]:
    """E003: every installed app with tables is in the map, unless that is for placement alone."""
    ownership = find_governing()
    if ownership is None:
        return []
    return [
        Error(
            f"The app {config.label!r} has models, but the ownership map names it in no schema.",
            hint="Add it to `apps` of a Schema in the ownership map, or, where it is a third-party app, to `places`.",
            obj=config.label,
            id="freehold.E003",
        )
        for config in list_app_configs(app_configs)
        if not ownership.find_schema_of_app(config.label)
        and any(model._meta.managed for model in iter_models([config]))
    ]


def check_map_installed(app_configs: AppConfigs, **kwargs: Any) -> list[CheckMessage]:
    """E004: every app in the map is installed."""
    ownership = find_ownership()
    if ownership is None:
        return []
    return [
        Error(
            f"The ownership map puts the app {label!r} into schema {schema.name!r}, but no such app is installed.",
            hint="Add it to INSTALLED_APPS, or take it out of the ownership map. The map has labels (admin), not "
            "dotted names (django.contrib.admin).",
            obj=settings.OWNERSHIP,
            id="freehold.E004",
        )
        for schema in ownership.schemas
        for label in (*schema.apps, *schema.places)
        if label not in apps.app_configs
    ]


def check_engine_first(app_configs: AppConfigs, **kwargs: Any) -> list[CheckMessage]:
    """E006: the engine is the first app."""
    first = next(iter(apps.get_app_configs()))
    if first.name == ENGINE:
        return []
    return [
        Error(
            f"The app {ENGINE!r} is not the first in INSTALLED_APPS: {first.name!r} comes before it.",
            hint=f'Put "{ENGINE}" at the top of INSTALLED_APPS: of two commands of one name the first app\'s runs, and '
            "`migrate` must be the engine's.",
            obj="INSTALLED_APPS",
            id="freehold.E006",
        )
    ]
