"""Lets each request run as the service that owns its view's module, for whoever sent it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from functools import partial
from typing import Any, cast

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, MiddlewareNotUsed
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils.functional import SimpleLazyObject, cached_property
from django.utils.module_loading import import_string

from freehold.acting import ANONYMOUS, Principal, Sought, acting
from freehold.ownership import find_ownership, get_ownership
from freehold.requests import find_request
from freehold.services import ALL, get_process, make_acting
from freehold.services.routes import EVERY, get_service_name
from freehold.services.streams import keep_inside

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,63}")  # PostgreSQL cuts application_name there
HEADER, META = "X-Request-ID", "HTTP_X_REQUEST_ID"
_Identify = Callable[[HttpRequest], Principal | Sought]


class ServiceMiddleware:
    """Stands before whatever asks the database. `settings.PRINCIPAL` names the function that finds the principal.

    A map without services has it left out.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        if (ownership := find_ownership()) and not ownership.has_roles:
            raise MiddlewareNotUsed("the ownership map has no services: it is for placement alone")

    @cached_property
    def identify(self) -> _Identify:
        """The project's function; without one, everybody is nobody."""
        path = getattr(settings, "PRINCIPAL", "")
        if not path:
            return lambda request: ANONYMOUS
        try:
            return cast(_Identify, import_string(path))
        except ImportError as error:
            raise ImproperlyConfigured(f"settings.PRINCIPAL is {path!r}, which can't be imported: {error}") from error

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request as its service. The principal is found by the service itself, before it acts for it."""
        nobody = make_acting(find_service(request), request_id=get_request_id(request))
        record = find_request()
        if record:
            record.service = nobody.service
        with acting(nobody):
            who = self.identify(request)
        if record:
            record.who = who
        found = nobody.working_for(who, nobody.request_id)
        request.request_id = found.request_id  # type: ignore[attr-defined]
        request.principal = who if isinstance(who, Principal) else SimpleLazyObject(lambda: who.principal)  # type: ignore[attr-defined]
        with acting(found):
            response = self.get_response(request)
        keep_inside(response, partial(acting, found))
        response.headers[HEADER] = found.request_id
        return response

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *args: Any) -> None:
        """Refuse the view of another process's service, or of none.

        Raises:
            Http404: another process answers it.
            ServiceError: the map says nothing about it.
        """
        match = request.resolver_match
        if match and (process := get_process()) != ALL:
            name = get_service_name(get_ownership(), match)
            if name not in (process, EVERY):
                raise Http404(f"{request.path} is answered by service {name}, and this process is {process}")


def find_service(request: HttpRequest) -> str:
    """Give the service that answers; an address that leads nowhere is answered by the process's own, or the first.

    A process of one service need not look: Django will, and `process_view` refuses what is another's.

    Raises:
        ServiceError: the map says nothing about the view.
    """
    if (process := get_process()) != ALL:
        return process
    ownership = get_ownership()
    try:
        name = get_service_name(ownership, resolve(request.path_info, getattr(request, "urlconf", None)))
    except Resolver404:
        name = EVERY
    return ownership.services[0].name if name == EVERY else name


def get_request_id(request: HttpRequest) -> str:
    """Give the id that the request has, or was sent with where that has the shape of one; else a new one."""
    if found := getattr(request, "request_id", ""):
        return str(found)
    sent = request.META.get(META, "")
    return sent if _REQUEST_ID.fullmatch(sent) else os.urandom(16).hex()
