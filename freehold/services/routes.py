"""Which service answers which URL: the one that owns the module of its view."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from django.apps import apps
from django.conf import settings
from django.urls import ResolverMatch, URLPattern, URLResolver, get_resolver

from freehold.errors import ServiceError
from freehold.ownership import Ownership

_View = TypeVar("_View", bound=Callable[..., Any])
EVERY = "*"  # a view that each process answers, as the service that it is
_ATTRIBUTE = "freehold_service"


def served_by(service: str) -> Callable[[_View], _View]:
    """Mark a view as that service's, whatever its module; `EVERY`: each process answers it, such as a health check."""

    def mark(view: _View) -> _View:
        setattr(view, _ATTRIBUTE, service)
        return view

    return mark


def get_service_name(ownership: Ownership, match: ResolverMatch) -> str:
    """Give the name of the service that answers, or `EVERY`.

    Raises:
        ServiceError: the map says nothing about the view.
    """
    if found := _find_service_name(ownership, match.func, match.app_names):
        return found
    raise ServiceError(
        f"no service answers {match.route or '/'!r}: its view {_describe(match.func)} lies in no app of the ownership "
        f"map; name its module in `modules` of a Service, or mark it with freehold.served_by"
    )


def _find_service_name(ownership: Ownership, view: Callable[..., Any], namespaces: list[str]) -> str:
    """Give the name of the view's service: as it is marked, by its namespace, its module, or its app; or empty."""
    if marked := getattr(view, _ATTRIBUTE, ""):
        return str(marked)
    for service in ownership.services:
        if set(service.namespaces) & set(namespaces):
            return service.name
    module = view.__module__
    for service in ownership.services:
        if any(module == name or module.startswith(f"{name}.") for name in service.modules):
            return service.name
    config = apps.get_containing_app_config(module)
    schema = ownership.find_schema_of_app(config.label) if config else None
    return schema.service or "" if schema else ""


def _describe(view: Callable[..., Any]) -> str:
    return f"{view.__module__}.{getattr(view, '__qualname__', type(view).__name__)}"


def list_unserved(ownership: Ownership) -> list[tuple[str, str]]:
    return [
        (route, _describe(pattern.callback))
        for route, pattern, namespaces in _iter_patterns(get_resolver(settings.ROOT_URLCONF))
        if not _find_service_name(ownership, pattern.callback, namespaces)
    ]


def _iter_patterns(
    resolver: URLResolver, prefix: str = "", namespaces: tuple[str, ...] = ()
) -> Iterator[tuple[str, URLPattern, list[str]]]:
    for each in resolver.url_patterns:
        route = f"{prefix}{each.pattern}"
        if isinstance(each, URLPattern):
            yield route, each, list(namespaces)
        else:
            yield from _iter_patterns(each, route, (*namespaces, *filter(None, [each.app_name])))
