"""Holds each request of the API to a limit, by whoever the database finds that it comes from."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse

from freehold.acting import get_acting
from freehold.acting.principals import LazyPrincipal
from freehold.api.authentication import find_bearer, get_principal
from freehold.api.middleware import PREFIX
from freehold.api.problems import answer_problem
from freehold.limits import postgresql
from freehold.limits.counting import make_digest, reach, take
from freehold.limits.refusals import REFUSALS
from freehold.limits.values import Limit, LimitsError, Taken, parse_limits
from freehold.logs import mark_logged

KINDS: Final = ("user", "api_key", "anonymous")  # in the order of the statement that finds who asks
EVERY: Final = (*KINDS, "reports", "tenant")
NETWORK: Final = 64  # bits of an IPv6 address that a network of one household shares
Found = tuple[str, Limit, Taken]


class RateLimitMiddleware:
    """Stands behind ServiceMiddleware. `settings.API_RATE_LIMITS` has a limit for each of KINDS, for what a view
    calls `reports`, and for all keys of a `tenant` together; a kind that is not there has none, and without any the
    middleware is left out.

    A user is counted by their id, a key by itself, whoever is nobody by address: so is a bearer that opens nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.limits = read_limits()
        if not self.limits:
            raise MiddlewareNotUsed("settings.API_RATE_LIMITS is empty")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and say what is left."""
        response = self.get_response(request)
        found: Found | None = getattr(request, "taken", None)
        if found:
            name, limit, taken = found
            response.headers["RateLimit-Policy"] = f'"{name}";q={limit.allowed};w={limit.seconds}'
            response.headers["RateLimit"] = f'"{name}";r={taken.remaining};t={taken.seconds}'
        return response

    def process_view(self, request: HttpRequest, view: Any, *args: Any) -> HttpResponse | None:
        """Count the request; answer 429 where that is one too many."""
        if not request.path_info.startswith(PREFIX):
            return None
        found = self.count(request, getattr(getattr(view, "view_class", None), "counted_as", {}))
        if found is None or not found[2].is_counted:
            return None
        request.taken = found  # type: ignore[attr-defined]
        return None if found[2].is_allowed else refuse(found)

    def count(self, request: HttpRequest, counted_as: Mapping[str, str]) -> Found | None:
        """Count one for whoever asks; None where nothing limits them."""
        special = counted_as.get(request.method or "", "")
        names = {kind: special if special in self.limits and kind != "anonymous" else kind for kind in KINDS}
        bearer = find_bearer(request)
        keys = {"api_key": f"key:{bearer}", "anonymous": find_address(request)}
        acting = get_acting()
        # What overrides LazyPrincipal asks for more, such as scopes: it has to be asked itself.
        if acting and acting.asking and type(acting.who) is LazyPrincipal and acting.who.found is None:
            return self.count_sought(acting.who, names, keys)
        principal = get_principal(request)
        keys["user"] = f"user:{principal.user_id}"
        kind = principal.kind if principal.kind in KINDS else "api_key"  # a service token is one too
        limit = self.get_limit(names, keys, kind)
        found = (names[kind], limit, take(names[kind], keys[kind], limit)) if limit else None
        return self.count_tenant(principal.tenant_id, found) if kind == "api_key" else found

    def count_sought(self, who: LazyPrincipal, names: Mapping[str, str], keys: Mapping[str, str]) -> Found | None:
        """The same, where the database still has to find them: it does so and counts in one statement."""
        user, key, nobody = ((names[kind], self.get_limit(names, keys, kind)) for kind in KINDS)
        digests = make_digest(keys["api_key"]), make_digest(keys["anonymous"])
        acting = postgresql.find_acting(who)
        if acting is None:
            return None
        row = reach(lambda: postgresql.LINE.take_found(acting, (user, key, nobody), *digests), None)
        if row is None:
            return None
        user_id, tenant_id, taken = row
        # Nobody is looked for again where it matters: a test's transaction has people whom no other connection sees.
        kind = "anonymous" if user_id is None and tenant_id is None else who.note(user_id, tenant_id).kind
        limit = self.get_limit(names, keys, kind)
        found = (names[kind], limit, taken) if limit and taken else None
        return self.count_tenant(str(tenant_id), found) if kind == "api_key" else found

    def count_tenant(self, tenant_id: str, found: Found | None) -> Found | None:
        """Count one for the tenant of a key that was let in; give which of the two leaves less."""
        limit = self.limits.get("tenant")
        if limit is None or (found and not found[2].is_allowed):
            return found
        taken = take("tenant", f"tenant:{tenant_id}", limit)
        is_less = found is None or not taken.is_allowed or taken.remaining < found[2].remaining
        return ("tenant", limit, taken) if is_less and taken.is_counted else found

    def get_limit(self, names: Mapping[str, str], keys: Mapping[str, str], kind: str) -> Limit | None:
        """Give the limit of a kind. Nobody's, without an address, is none: all of them would share one."""
        return None if kind == "anonymous" and not keys[kind] else self.limits.get(names.get(kind, ""))


def read_limits() -> dict[str, Limit]:
    """Give `settings.API_RATE_LIMITS`.

    Raises:
        LimitsError: it has a name that nothing is called, or what is no limit.
    """
    texts: Mapping[str, str] = getattr(settings, "API_RATE_LIMITS", {})
    try:
        if unknown := sorted(texts.keys() - set(EVERY)):
            raise LimitsError(f"{unknown[0]!r} is not known: it takes {', '.join(EVERY)}")
        return parse_limits(texts)
    except LimitsError as error:
        raise LimitsError(f"API_RATE_LIMITS: {error}") from None


def refuse(found: Found) -> HttpResponse:
    """Give the answer for one too many."""
    _, limit, taken = found
    detail = f"These are more than {limit.allowed} requests in {limit.seconds} seconds: come again in {taken.seconds}."
    REFUSALS.add()
    return mark_logged(answer_problem(429, detail, headers={"Retry-After": str(taken.seconds)}))


def find_address(request: HttpRequest) -> str:
    """Give the address that a request comes from, of IPv6 its network; empty where there is none.

    It is the peer's, as the server saw it; behind a proxy the last one in the header that settings.ADDRESS_HEADER
    names, which the proxy has put there: whoever asks may have written the ones before.
    """
    header = getattr(settings, "ADDRESS_HEADER", None)
    said = request.META.get(header, "").rpartition(",")[2].strip() if header else ""
    return _parse_address(said) or _parse_address(request.META.get("REMOTE_ADDR", ""))


def _parse_address(text: str) -> str:
    try:
        found = ipaddress.ip_address(_cut_port(text).partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    return str(found.ipv4_mapped or ipaddress.ip_network((found, NETWORK), strict=False))


def _cut_port(text: str) -> str:
    """Take off what some proxies write around an address: `192.0.2.1:4444`, `[2001:db8::1]:4444`, `[2001:db8::1]`."""
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0] if text.count(":") == 1 else text
