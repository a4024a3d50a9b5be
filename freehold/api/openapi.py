"""The OpenAPI document of an API, and the page that shows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe
from dmr.openapi import OpenAPIConfig, build_schema
from dmr.routing import Router
from msgspec import json
from msgspec.json import schema_components as msgspec_schemas

from freehold.api.authentication import NOTHING
from freehold.api.idempotency import HEADER, PATTERN, takes_key
from freehold.api.problems import CONTENT_TYPE, FIRST_ERROR

Config = OpenAPIConfig
KEY: Final = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "A name of the caller's for this request, such as a UUID: sent again, it is not done again",
    "schema": {"type": "string", "pattern": PATTERN},
}
Bodies = Mapping[str, Mapping[str, Any]]  # of operations that read their body themselves: a type by kind of content


def list_routes(
    routes: Iterable[URLPattern], *, prefix: str, config: Config, page: str, bodies: Bodies | None = None
) -> list[URLPattern]:
    """Give the routes with `openapi.json` and `docs`, which is the template `page`, given the document as `schema`.

    The document is made when it is first asked for: an address of the site need not wait for that.
    """
    found = list(routes)

    @cache
    def make_document() -> Any:
        document = build_schema(Router(prefix, found), config=config).convert()
        return add_keys(add_bodies(narrow_contents(document), bodies or {}))

    @require_safe
    def show_document(request: HttpRequest) -> HttpResponse:
        return HttpResponse(json.encode(make_document()), content_type="application/json")

    @require_safe
    @ensure_csrf_cookie
    def show_page(request: HttpRequest) -> HttpResponse:
        return render(request, page, {"title": config.title, "schema": make_document()})

    return [
        *found,
        path("openapi.json", show_document, name="openapi"),
        path("docs", show_page, name="docs"),
    ]


def narrow_contents(document: Any) -> Any:
    """Give the document with each answer's own kind of content, and with what needs no principal said to need none: the
    framework writes down all kinds for all answers, and leaves out a requirement of nothing."""
    for operation in _iter_operations(document):
        for status, response in operation["responses"].items():
            unwanted = "application/json" if int(status) >= FIRST_ERROR else CONTENT_TYPE
            response.get("content", {}).pop(unwanted, None)
            if status in ("204", "304"):
                response.pop("content", None)
        operation["security"] = [{} if NOTHING in each else each for each in operation["security"]]
    return document


def add_bodies(document: Any, bodies: Bodies) -> Any:
    """Give the document with the bodies that operations read themselves."""
    types = [each for contents in bodies.values() for each in contents.values()]
    schemas, components = msgspec_schemas(types, ref_template="#/components/schemas/{name}")
    found = iter(schemas)
    written = {name: {kind: {"schema": next(found)} for kind in contents} for name, contents in bodies.items()}
    for operation in _iter_operations(document):
        if operation["operationId"] in written:
            operation["requestBody"] = {"required": True, "content": written[operation["operationId"]]}
    document["components"].setdefault("schemas", {}).update(components)
    return document


def add_keys(document: Any) -> Any:
    """Give the document with the header of operations that are done once for all requests with the same one."""
    for operation in _iter_operations(document):
        if takes_key(operation["operationId"]):
            operation.setdefault("parameters", []).append(KEY)
    return document


def _iter_operations(document: Any) -> Iterator[Any]:
    return (each for item in document["paths"].values() for each in item.values() if isinstance(each, dict))
