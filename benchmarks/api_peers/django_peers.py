"""Django REST framework and django-ninja with the ORM, on the project's models, without its middleware and policies."""

from __future__ import annotations

import os
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import django
from django.conf import settings
from django.urls import path

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
settings.MIDDLEWARE, settings.ROOT_URLCONF = [], __name__
settings.REST_FRAMEWORK = {"UNAUTHENTICATED_USER": None}
settings.DATABASE_ROUTERS = []
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402 - behind the settings, as all below
from ninja import NinjaAPI, Schema  # noqa: E402
from rest_framework import serializers  # noqa: E402
from rest_framework.renderers import JSONRenderer  # noqa: E402
from rest_framework.response import Response  # noqa: E402
from rest_framework.views import APIView  # noqa: E402

from freehold.acting import acting  # noqa: E402
from items.models import Item  # noqa: E402


def list_items(limit: int) -> tuple[list[Item], str | None]:
    """Give the page's objects."""
    found = list(
        Item.objects.filter(is_active=True)
        .select_related("category", "location")
        .only(
            *("id", "name", "price", "price_cents", "currency", "created_at", "category__id", "category__slug"),
            *("location__id", "location__city", "location__country"),
        )
        .order_by("-created_at", "-id")[: limit + 1]
    )
    rows = found[:limit]
    return rows, str(rows[-1].created_at) if len(found) > limit else None


class CategorySerializer(serializers.Serializer):
    id = serializers.UUIDField()
    slug = serializers.CharField()


class LocationSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    city = serializers.CharField()
    country = serializers.CharField()


class ItemSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()
    price = serializers.DecimalField(max_digits=12, decimal_places=2)
    price_cents = serializers.IntegerField()
    currency = serializers.CharField()
    created_at = serializers.DateTimeField()
    category = CategorySerializer()
    location = LocationSerializer()


class Items(APIView):
    authentication_classes: list[Any] = []
    permission_classes: list[Any] = []
    renderer_classes = [JSONRenderer]

    def get(self, request: Any) -> Response:
        """Give the page by Django REST framework."""
        rows, following = list_items(int(request.query_params.get("limit", 50)))
        return Response({"rows": ItemSerializer(rows, many=True).data, "next": following})


class NinjaCategory(Schema):
    id: UUID
    slug: str


class NinjaLocation(Schema):
    id: UUID
    city: str
    country: str


class NinjaItem(Schema):
    id: UUID
    name: str
    price: Decimal
    price_cents: int
    currency: str
    created_at: datetime
    category: NinjaCategory
    location: NinjaLocation | None


class NinjaPage(Schema):
    rows: list[NinjaItem]
    next: str | None


api = NinjaAPI(docs_url=None)


@api.get("/items", response=NinjaPage)
def list_by_ninja(request: Any, limit: int = 50) -> Any:
    """Give the page by django-ninja."""
    rows, following = list_items(limit)
    return {"rows": rows, "next": following}


urlpatterns = [path("drf/items", Items.as_view()), path("ninja/", api.urls)]
_answer = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Any) -> Any:
    """Answer as nobody's service: stock Django has none."""
    with acting(None):
        return _answer(environ, start_response)
