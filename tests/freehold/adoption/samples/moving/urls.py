"""The API of docs/moving-a-table.md, where `runs/api.py` is in place."""

from importlib import import_module
from importlib.util import find_spec

from django.urls import include, path

from freehold.api import Config, list_routes

urlpatterns = []
if find_spec("runs.api"):
    routes = list_routes(
        import_module("runs.api").ROUTES, prefix="api/v1/", config=Config(title="Runs", version="1"), page="api.html"
    )
    urlpatterns = [path("api/v1/", include((routes, "api")))]
