"""The same answer by each framework, for benchmarks.api_frameworks: imported when Django has its settings.

Annotations are values here: the frameworks read them, those of names inside functions too.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from django.http import HttpResponse
from dmr import Controller
from dmr.plugins.msgspec import MsgspecSerializer

from freehold.api import Endpoint, operation


class Row(msgspec.Struct, frozen=True):
    """An item as typed SQL gives it."""

    id: UUID
    name: str
    price: Decimal
    currency: str
    category: str


class Rows(msgspec.Struct):
    """A page of them."""

    rows: list[Row]
    next: str | None


def make_bare(page: Rows) -> Callable[..., Any]:
    """Give a function of Django's alone."""

    def view(request: Any) -> HttpResponse:
        return HttpResponse(msgspec.json.encode(page), content_type="application/json")

    return view


def make_ours(page: Rows) -> Callable[..., Any]:
    """Give an endpoint as feature apps write them."""

    class Items(Endpoint):
        @operation(Rows, name="list_items", tag="items")
        def get(self) -> HttpResponse:
            return self.answer(page)

    return Items.as_view()


def make_modern(page: Rows, *, is_validated: bool) -> Callable[..., Any]:
    """Give a controller as the framework's manual has it."""

    class Items(Controller[MsgspecSerializer]):
        validate_responses = is_validated

        def get(self) -> Rows:
            return page

    return Items.as_view()


def make_ninja(page: Rows) -> dict[str, Callable[..., Any]]:
    """Give django-ninja with a typed answer, and with bytes that it does not look at."""
    from ninja import NinjaAPI, Schema

    class NinjaRow(Schema):
        id: UUID
        name: str
        price: Decimal
        currency: str
        category: str

    class NinjaRows(Schema):
        rows: list[NinjaRow]
        next: str | None

    api = NinjaAPI(docs_url=None)
    plain = msgspec.structs.asdict(page)

    def typed(request: Any) -> Any:
        return plain

    def encoded(request: Any) -> HttpResponse:
        return HttpResponse(msgspec.json.encode(page), content_type="application/json")

    api.get("/typed", response=NinjaRows)(typed)
    api.get("/bytes")(encoded)
    views = {each.pattern._route: each.callback for each in api.urls[0]}
    return {"django-ninja, typed": views["typed"], "django-ninja, bytes": views["bytes"]}


def make_drf(page: Rows) -> Callable[..., Any]:
    """Give Django REST framework's serializer."""
    from rest_framework import serializers
    from rest_framework.renderers import JSONRenderer
    from rest_framework.response import Response
    from rest_framework.views import APIView

    class RowSerializer(serializers.Serializer):
        id = serializers.UUIDField()
        name = serializers.CharField()
        price = serializers.DecimalField(max_digits=12, decimal_places=2)
        currency = serializers.CharField()
        category = serializers.CharField()

    class Items(APIView):
        authentication_classes: list[Any] = []
        permission_classes: list[Any] = []
        renderer_classes = [JSONRenderer]

        def get(self, request: Any) -> Response:
            return Response({"rows": RowSerializer(page.rows, many=True).data, "next": None})

    return Items.as_view()
