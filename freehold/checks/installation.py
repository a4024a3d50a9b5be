"""E003, E004, E006, E025, E038: map and INSTALLED_APPS name the same apps, the engine is first, URLs are answered,
apps of external schemas make no tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.utils.module_loading import import_string

from freehold.checks.subjects import (
    TAG,
    AppConfigs,
    check_of_owners,
    check_of_placement,
    iter_models,
    list_app_configs,
)
from freehold.ownership import Ownership
from freehold.services.middleware import ServiceMiddleware
from freehold.services.routes import list_unserved

ENGINE = "freehold"


@check_of_owners
def _check_map_names_app(app_configs: AppConfigs, ownership: Ownership) -> Iterator[CheckMessage]:
    """E003: every installed app with tables is in the map, unless that is for placement alone."""
    for config in list_app_configs(app_configs):
        has_tables = any(model._meta.managed for model in iter_models([config]))
        if has_tables and not ownership.find_schema_of_app(config.label):
            yield Error(
                f"The app {config.label!r} has models, but the ownership map names it in no schema.",
                hint="Add it to `apps` of a Schema in the ownership map, or, where it is a third-party app, to "
                "`places`.",
                obj=config.label,
                id="freehold.E003",
            )


@check_of_placement
def _check_map_installed(app_configs: AppConfigs, ownership: Ownership) -> Iterator[CheckMessage]:
    """E004: every app in the map is installed."""
    for schema in ownership.schemas:
        for label in (*schema.apps, *schema.places):
            if label not in apps.app_configs:
                yield Error(
                    f"The ownership map puts the app {label!r} into schema {schema.name!r}, but no such app is "
                    f"installed.",
                    hint="Add it to INSTALLED_APPS, or take it out of the ownership map. The map has labels (admin), "
                    "not dotted names (django.contrib.admin).",
                    obj=settings.OWNERSHIP,
                    id="freehold.E004",
                )


@check_of_owners
def _check_external_unmanaged(app_configs: AppConfigs, ownership: Ownership) -> Iterator[CheckMessage]:
    """E038: apps of an external schema only describe its tables."""
    for model in iter_models(app_configs):
        schema = ownership.find_schema_of_app(model._meta.app_label)
        if schema and schema.external and model._meta.managed:
            yield Error(
                f"{model._meta.label} is managed, and its app is of the schema {schema.name!r}, which is external: its "
                f"own tool makes the tables there.",
                hint="Set managed = False in the model's Meta and in the migration that makes it, or put the model "
                "into an app of another schema.",
                obj=model,
                id="freehold.E038",
            )


@register(TAG)
def _check_engine_first(app_configs: AppConfigs, **kwargs: Any) -> list[CheckMessage]:
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


@check_of_owners
def check_routes(app_configs: AppConfigs, ownership: Ownership) -> Iterator[CheckMessage]:
    """E025: the map says whose each view is. Asked for the whole project, where the middleware is in use."""
    for route, view in list_unserved(ownership) if app_configs is None and _uses_middleware() else ():
        yield Error(
            f"No service answers {'/' + route!r}: its view {view} belongs to no app of a schema that a service owns.",
            hint="Name its module in `modules` of a Service in the ownership map, its namespace in `namespaces`, or "
            "mark it with freehold.served_by.",
            obj=view,
            id="freehold.E025",
        )


def _uses_middleware() -> bool:
    # By what the settings name: the door, the module, a path of before, a class of the project's own over it.
    named = (import_string(path) for path in settings.MIDDLEWARE)
    return any(isinstance(each, type) and issubclass(each, ServiceMiddleware) for each in named)
