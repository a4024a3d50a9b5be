"""The project's pages, and one for each service that says who asks PostgreSQL: as JSON."""

from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.urls import include, path

from config.urls import handler500
from freehold.services.routes import EVERY, served_by

__all__ = ["handler500", "urlpatterns"]
QUESTION = """
    SELECT a.usename::text, session_user::text, current_user::text, current_setting('search_path')
    FROM pg_catalog.pg_stat_activity AS a WHERE a.pid = pg_catalog.pg_backend_pid()
"""
NAMES = ("connected", "login", "role", "search_path")


def probe(request: HttpRequest) -> JsonResponse:
    """Say who the connection is, who asks, and for whom."""
    with connection.cursor() as cursor:
        cursor.execute(QUESTION)
        found = dict(zip(NAMES, cursor.fetchone(), strict=True))
    who = request.principal
    return JsonResponse({**found, "user_id": who.user_id, "principal": who.kind})


def serve(service: str):
    """Give the page for a service."""

    def page(request: HttpRequest) -> JsonResponse:
        return probe(request)

    return served_by(service)(page)


urlpatterns = [
    *(path(f"probe/{service}/", serve(service)) for service in ("web", "api", "admin")),
    path("probe/", serve(EVERY)),
    path("", include("config.urls")),
]
