"""Lets each request run as the service that owns its view's module, for whoever sent it."""

from __future__ import annotations

import re
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, cast

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils.functional import cached_property
from django.utils.module_loading import import_string

from freehold.acting import ANONYMOUS, Acting, Principal, acting
from freehold.ownership import get_ownership
from freehold.routes import EVERY, get_service_name
from freehold.services import ALL, acting_as, get_process

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
HEADER = "X-Request-ID"
Identify = Callable[[HttpRequest], Principal]


class ServiceMiddleware:
    """Stands before whatever asks the database. `settings.PRINCIPAL` names the function that finds the principal."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    @cached_property
    def identify(self) -> Identify:
        """The project's function; without one, everybody is nobody."""
        path = getattr(settings, "PRINCIPAL", "")
        if not path:
            return lambda request: ANONYMOUS
        try:
            return cast(Identify, import_string(path))
        except ImportError as error:
            raise ImproperlyConfigured(f"settings.PRINCIPAL is {path!r}, which can't be imported: {error}") from error

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request as its service, or 404 where that is another process's.

        The principal is found by the service itself, before it acts for it.
        """
        service = find_service(request)
        request_id = get_request_id(request)
        with acting_as(service, request_id=request_id):
            principal = self.identify(request)
        request.principal, request.request_id = principal, request_id  # type: ignore[attr-defined]
        with acting_as(service, principal, request_id=request_id) as found:
            response = self.get_response(request)
        if isinstance(response, StreamingHttpResponse):
            keep_acting(response, found)
        response[HEADER] = request_id
        return response


def find_service(request: HttpRequest) -> str:
    """Give the service that answers; an address that leads nowhere is answered by the process's own, or the first.

    Raises:
        Http404: another process answers it.
    """
    ownership = get_ownership()
    process = get_process()
    own = ownership.services[0].name if process == ALL else process
    try:
        match = resolve(request.path_info, getattr(request, "urlconf", None))
    except Resolver404:
        return own
    name = get_service_name(ownership, match)
    if name == EVERY:
        return own
    if process not in (ALL, name):
        raise Http404(f"{request.path} is answered by service {name}, and this process is {process}")
    return name


def get_request_id(request: HttpRequest) -> str:
    """Give the id that a proxy sent along, where it is one; else a new one."""
    sent = request.headers.get(HEADER, "")
    return sent if REQUEST_ID.fullmatch(sent) else uuid.uuid4().hex


def keep_acting(response: StreamingHttpResponse, found: Acting) -> None:
    """Let the service go on acting while the content is made: that is after the response went through here."""
    if response.is_async:
        response.streaming_content = stream_async(cast(AsyncIterator[Any], response.streaming_content), found)
    else:
        response.streaming_content = stream(iter(cast(Iterator[Any], response.streaming_content)), found)


def stream(content: Iterator[Any], found: Acting) -> Iterator[Any]:
    """Yield the parts, each made as `found`. In between, whatever else the thread does is not."""
    while True:
        with acting(found):
            try:
                part = next(content)
            except StopIteration:
                return
        yield part


async def stream_async(content: AsyncIterator[Any], found: Acting) -> AsyncIterator[Any]:
    """Yield the parts of asynchronous content in the same way."""
    content = aiter(content)
    while True:
        with acting(found):
            try:
                part = await anext(content)
            except StopAsyncIteration:
                return
        yield part
