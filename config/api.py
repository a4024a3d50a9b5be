"""The JSON API's addresses: `/api/v1/…` of every app, its OpenAPI document and its page (docs/api-v1.md)."""

from __future__ import annotations

from typing import Final

from freehold.api import Config, list_routes
from items.api import ROUTES as ITEMS
from master.api import ROUTES as MASTER
from profile.api import ROUTES as PROFILE
from runs.api import REPORTS, ROUTES as RUNS
from tenancy.api import ROUTES as TENANCY

V1: Final = "api/v1/"
DESCRIPTION: Final = """\
Keys are in snake_case. Errors are `application/problem+json` (RFC 9457), with every fault by its field. Who changes a
row sends the `ETag` that they read as `If-Match`. Sign in with the site's cookie (and `X-CSRFToken` for what changes
something), or send `Authorization: Bearer` with an API key."""

app_name = "api"
urlpatterns = list_routes(
    [*MASTER, *ITEMS, *PROFILE, *TENANCY, *RUNS],
    prefix=V1,
    config=Config(title="Freehold API", version="1", description=DESCRIPTION),
    page="api.html",
    bodies=REPORTS,
)
