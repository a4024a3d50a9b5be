"""What every answer says to browsers, and answers for faults of the database that a view does not catch itself."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.views.defaults import permission_denied

from config import views
from freehold import FreeholdError, PolicyError, ServiceError
from freehold.backends.errors import is_read_only, is_table_missing

CSP = "Content-Security-Policy"


class ContentSecurityPolicyMiddleware:
    """Says what a page may load, as settings have it; the admin site's pages, whose scripts evaluate text, and the
    API's by policies of their own. Django has such a middleware from 6.0 on; this one serves 5.2 too.

    A view that sends a policy keeps it. Django's pages of faults while DEBUG is on have scripts in them, and get none.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not (settings.DEBUG and response.status_code >= HTTPStatus.BAD_REQUEST):
            response.headers.setdefault(CSP, write_policy(request))
        return response


def write_policy(request: HttpRequest) -> str:
    """Give the header's text for the answer to a request."""
    match, policy = request.resolver_match, settings.CONTENT_SECURITY_POLICY
    if match is not None and "admin" in match.namespaces:
        policy = settings.ADMIN_CONTENT_SECURITY_POLICY
    elif match is not None and match.view_name == "api:docs":
        policy = settings.API_CONTENT_SECURITY_POLICY
    return "; ".join(" ".join([directive, *sources]) for directive, sources in policy.items())


class DatabaseFaultMiddleware:
    """Turns a database that is away, or holds no tables yet, into a page that says so, with DEBUG on or off; and what a
    policy refuses into 403.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Give the page for faults of those kinds; anything else is a bug and goes its way."""
        if is_table_missing(exception):
            return views.answer_not_migrated(request, exception)
        if isinstance(exception, PolicyError):
            return permission_denied(request, exception)
        is_away = isinstance(exception, (OperationalError, InterfaceError, FreeholdError)) or is_read_only(exception)
        if is_away and not isinstance(exception, ServiceError):
            return views.answer_away(request, exception)
        return None
