"""Who a request comes from: on pages by its session; at the API by what `Authorization: Bearer` says, else by it too.

The text of a bearer tells what it is by its beginning: `fh_` is an API key, `fhs_` a service token. A JWT, which begins
with neither, comes beside them here, with a proof of its own kind in the map.
"""

from __future__ import annotations

from django.http import HttpRequest

from auth_app import principals as sessions
from freehold import ANONYMOUS, Principal
from freehold.acting import Sought
from freehold.api.authentication import find_bearer
from freehold.api.middleware import PREFIX
from tenancy import principals as keys
from tenancy.services.service_token import PREFIX as PREFIX_OF_TOKENS


def identify(request: HttpRequest) -> Principal | Sought:
    """Give the principal of a request: `settings.PRINCIPAL`. A bearer that is nothing known is nobody, whoever's
    cookie comes with it."""
    bearer = find_bearer(request) if request.path_info.startswith(PREFIX) else None
    if bearer is None:
        return sessions.identify(request)
    if bearer.startswith(PREFIX_OF_TOKENS):
        return keys.show_token(bearer)
    return keys.show_key(bearer) if bearer.startswith("fh_") else ANONYMOUS
