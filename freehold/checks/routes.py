"""E025: every URL is answered by a service."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.utils.module_loading import import_string

from freehold.checks.subjects import AppConfigs, find_governing
from freehold.services.middleware import ServiceMiddleware
from freehold.services.routes import list_unserved


def check_routes(app_configs: AppConfigs, **kwargs: Any) -> list[CheckMessage]:
    """E025: the map says whose each view is. Asked for the whole project, where the middleware is in use."""
    ownership = find_governing()
    if ownership is None or app_configs is not None or not _is_in_use():
        return []
    return [
        Error(
            f"No service answers {'/' + route!r}: its view {view} belongs to no app of a schema that a service owns.",
            hint="Name its module in `modules` of a Service in the ownership map, its namespace in `namespaces`, or "
            "mark it with freehold.served_by.",
            obj=view,
            id="freehold.E025",
        )
        for route, view in list_unserved(ownership)
    ]


def _is_in_use() -> bool:
    # By what the settings name: the door, the module, a path of before, a class of the project's own over it.
    named = (import_string(path) for path in settings.MIDDLEWARE)
    return any(isinstance(each, type) and issubclass(each, ServiceMiddleware) for each in named)
