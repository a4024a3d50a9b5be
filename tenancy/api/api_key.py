"""API keys: what programs sign in with. One is shown when it is made, and never again."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, Literal
from uuid import UUID

import msgspec
from django.http import Http404, HttpResponse
from msgspec import UNSET, Meta, UnsetType
from msgspec.structs import asdict

from freehold.api import USERS, Body, Bounded, Endpoint, Path, Query, operation, route
from freehold.queries import Page
from tenancy.api.answers import Name, PageQuery, get_found, place
from tenancy.models import ApiKey, Project
from tenancy.services.api_key import issue_api_key, revoke_api_key
from tenancy.sql import api_key, project

Scope = Literal["runs:read", "runs:write"]
Scopes = Annotated[list[Scope], Meta(max_length=10, description="What it may do; none: all that a key may")]
Expiry = Annotated[datetime, Meta(tz=True, description="Within ten years; null: never")]
ONCE: Final = {"Cache-Control": "Nobody keeps it", "Location": "Where the key is, without its text"}


class KeysQuery(PageQuery):
    """Of which project, by default of all that one sees; and which page."""

    project: UUID | UnsetType = UNSET


class NewKey(Bounded):
    """What a key is made of."""

    project_id: UUID
    name: Name
    scopes: Scopes = []
    expires_at: Expiry | None = None


class IssuedKey(api_key.FindApiKeyRow, frozen=True):
    """A new key with its text, `key`, which is shown this once."""

    key: str


class KeyPath(msgspec.Struct):
    """Which key."""

    api_key_id: UUID


class ApiKeys(Endpoint):
    """API keys of the tenants in which whoever asks is an owner or admin."""

    @operation(Page[api_key.ListApiKeysRow], name="list_api_keys", tag="API keys", auth=USERS, errors=[422])
    def get(self, parsed_query: Query[KeysQuery]) -> HttpResponse:
        """Give a page of them, the newest first, without what shows them."""
        asked = parsed_query
        return self.answer(api_key.list_api_keys_json(project_id=asked.project, after=asked.after, limit=asked.limit))

    @operation(
        IssuedKey, name="issue_api_key", tag="API keys", auth=USERS, status=201, keeps="place",
        errors=[404, 413, 415, 422], headers=ONCE,
    )  # fmt: skip
    def post(self, parsed_body: Body[NewKey]) -> HttpResponse:
        """Make one for a project, as an owner or admin of its tenant, and show it this once."""
        wanted = asdict(parsed_body)
        project_id = wanted.pop("project_id")
        if project.find_project(id=project_id) is None:
            raise Http404
        issued = issue_api_key(project=Project(pk=project_id), **wanted)
        row = get_found(api_key.find_api_key(id=issued.api_key.pk))
        headers = {"Cache-Control": "no-store", **place("api-key", row.id)}
        return self.answer(IssuedKey(**asdict(row), key=issued.text), status=201, headers=headers)


class OneApiKey(Endpoint):
    """An API key."""

    @operation(api_key.FindApiKeyRow, name="get_api_key", tag="API keys", auth=USERS, errors=[404, 422])
    def get(self, parsed_path: Path[KeyPath]) -> HttpResponse:
        """Give one, without what shows it; `last_used_at` is off by a minute at most."""
        return self.answer(get_found(api_key.find_api_key(id=parsed_path.api_key_id)))

    @operation(name="revoke_api_key", tag="API keys", auth=USERS, status=204, errors=[404, 422])
    def delete(self, parsed_path: Path[KeyPath]) -> HttpResponse:
        """Revoke it: it opens nothing from now on, and stays in the list. Once more is no fault."""
        row = get_found(api_key.find_api_key(id=parsed_path.api_key_id))
        revoke_api_key(api_key=ApiKey(pk=row.id))
        return self.answer(status=204)


ROUTES = [
    route("api_keys", ApiKeys.as_view(), name="api-keys"),
    route("api_keys/<uuid:api_key_id>", OneApiKey.as_view(), name="api-key"),
]
