"""Who may ask at all. Who it is, the database finds, by the proof that `settings.PRINCIPAL` made of the request.

A session's cookie, with CSRF where something is changed, or `Authorization: Bearer …`, which wins and needs no CSRF
since no browser sends it by itself. What the bearer's text is (an API key, a service token, later a JWT) is told by the
project's function and no concern of this module.
"""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from dmr.exceptions import NotAuthenticatedError
from dmr.openapi.objects import SecurityScheme
from dmr.security import SyncAuth
from dmr.security.csrf import CSRFAuthMixin

from freehold.acting import Kind, Principal
from freehold.api.problems import ProblemError

SESSION: Final = "session"
BEARER: Final = "bearer"
NOTHING: Final = "nothing"  # the framework leaves out a requirement that is empty: openapi.py makes it so


def find_bearer(request: HttpRequest) -> str | None:
    """Give the text behind `Authorization: Bearer`, None where the request has no such header."""
    scheme, _, text = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    return text.strip() if scheme.lower() == BEARER else None


class Allowed(CSRFAuthMixin, SyncAuth):
    """Lets pass the kinds of principals that it names; `anonymous` among them means everybody. Of the API keys, those
    with the `scope`, and those without any, which may do all that a key may."""

    __slots__ = ("csrf_scheme_name", "kinds", "scope", "security_scheme_name")
    www_authenticate_challenge = "Bearer"

    def __init__(self, *kinds: Kind, scope: str = "") -> None:
        self.kinds = frozenset(kinds)
        self.scope = scope
        self.security_scheme_name = SESSION
        self.csrf_scheme_name = "csrf"

    def __call__(self, endpoint: Any, controller: Any) -> Any:
        """Give this, or None for somebody who has to sign in first.

        Where everybody may ask, and a cookie shows who, nobody is looked for: policies ask where they need to know.

        Raises:
            NotAuthenticatedError: the bearer's text opens nothing.
            ProblemError: 403 for somebody of another kind, or a key without the scope.
        """
        request = controller.request
        bearer = find_bearer(request)
        if bearer is None and "anonymous" in self.kinds:
            return self
        self._check(get_principal(request))
        if bearer is None:
            self._ensure_csrf(controller)
        return self

    def _check(self, principal: Principal) -> None:
        if principal.kind == "anonymous":
            raise NotAuthenticatedError
        if principal.kind == "service" and "service" not in self.kinds:
            raise ProblemError(403, "A service token can't do this.")
        if principal.kind not in self.kinds:
            raise ProblemError(403, "This is for people: an API key can't do it.")
        if not self.has_scope(principal):
            raise ProblemError(403, f"The key's scopes don't let it: {self.scope} is none of them.")

    def has_scope(self, principal: Principal) -> bool:
        """Tell whether the scopes of an API key let it do this; whoever has none may."""
        return not (self.scope and principal.scopes) or self.scope in principal.scopes

    def auth_security_scheme(self) -> SecurityScheme:
        """Describe the session's cookie."""
        name = settings.SESSION_COOKIE_NAME
        return SecurityScheme(type="apiKey", name=name, security_scheme_in="cookie", description="A signed-in browser")

    def csrf_security_scheme(self) -> SecurityScheme:
        """Describe the header; its text is that of the cookie of Django's name."""
        words = f"The text of the cookie {settings.CSRF_COOKIE_NAME}"
        return SecurityScheme(type="apiKey", name="X-CSRFToken", security_scheme_in="header", description=words)

    def security_schemes(self, metadata: Any, controller_cls: Any) -> dict[str, Any]:
        """Describe every way to say who asks."""
        bearer = SecurityScheme(type="http", scheme="bearer", description="An API key or token")
        found = super().security_schemes(metadata, controller_cls)
        return {**found, BEARER: bearer} if "api_key" in self.kinds else found

    def security_requirements(self, metadata: Any, controller_cls: Any) -> list[Any]:
        """Give the ways that are enough; an empty one where nothing is needed."""
        nothing: list[Any] = [{NOTHING: []}] if "anonymous" in self.kinds else []
        bearer: list[Any] = [{BEARER: []}] if "api_key" in self.kinds else []
        return [*nothing, *super().security_requirements(metadata, controller_cls), *bearer]


def get_principal(request: HttpRequest) -> Principal:
    """Give who asks, as the database found it."""
    principal: Principal = request.principal  # type: ignore[attr-defined]  # ServiceMiddleware sets it
    return principal


ANYBODY: Final = Allowed("anonymous", "user", "api_key")
USERS: Final = Allowed("user")
KEYS_AND_USERS: Final = Allowed("user", "api_key")
