"""Who a request with an API key, or with a service token, comes from."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final

from django.db import DEFAULT_DB_ALIAS, connections

from freehold import ANONYMOUS, LazyPrincipal, Principal
from freehold.acting import Sought, acting
from tenancy.models import ApiKey
from tenancy.services.api_key import get_proof, hash_key, note_use
from tenancy.services.service_token import use_token

LONGEST_KEY: Final = 200  # characters


class KeyPrincipal(LazyPrincipal):
    """A key's: the database tells its scopes too, and notes that it is used."""

    def find(self) -> Principal:
        """Ask the database, in one statement."""
        tenant, scopes = self.ask("SELECT tenant_id, scopes::text FROM app.use_api_key()")
        if tenant is None:
            return ANONYMOUS
        return Principal("api_key", tenant_id=str(tenant), scopes=frozenset(json.loads(scopes)))


class TokenPrincipal(LazyPrincipal):
    """A service token's. No policy knows it: it may do what functions of the database let it."""

    def find(self) -> Principal:
        """Ask the database."""
        (tenant,) = self.ask("SELECT app.use_service_token()")
        return ANONYMOUS if tenant is None else Principal("service", tenant_id=str(tenant))


def show_token(text: str) -> Principal | Sought:
    """Give whoever the service token shows, as `show_key`."""
    return _show(text, TokenPrincipal, "service", find_token)


def show_key(text: str) -> Principal | Sought:
    """Give whoever the key shows; on PostgreSQL it is found when it is needed, by the key's proof."""
    return _show(text, KeyPrincipal, "api_key", find_key)


def _show(text: str, seek: type[LazyPrincipal], kind: str, find: Callable[[str], Principal]) -> Principal | Sought:
    if not text.isascii() or len(text) > LONGEST_KEY:
        return ANONYMOUS
    is_lazy = connections[DEFAULT_DB_ALIAS].vendor == "postgresql"
    return seek(f"{kind}:{get_proof(text)}") if is_lazy else find(text)


def find_token(text: str) -> Principal:
    """Give whoever a service token shows on a database without functions: read as the owner, who may."""
    with acting(None):
        tenant_id = use_token(text)
    return Principal("service", tenant_id=str(tenant_id)) if tenant_id else ANONYMOUS


def find_key(text: str) -> Principal:
    """Give the same for a key."""
    with acting(None):
        key = ApiKey.objects.usable().select_related("project").filter(key_hash=hash_key(text)).first()
        if key is None:
            return ANONYMOUS
        note_use(api_key=key)
    scopes = frozenset(key.scopes)
    return Principal("api_key", tenant_id=str(key.project.tenant_id), scopes=scopes, part_id=str(key.project_id))
