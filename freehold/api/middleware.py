"""Errors that come about outside of an endpoint: an address that leads nowhere, another's host, a database away."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from django.http import HttpRequest, HttpResponse

from freehold.api.problems import CONTENT_TYPE, FIRST_ERROR, answer_problem

PREFIX: Final = "/api/"
# What is about the page that a problem takes the place of; other headers stay, such as those of SecurityMiddleware.
_OF_CONTENT: Final = frozenset(
    {"content-type", "content-length", "content-encoding", "content-language", "content-disposition", "etag",
     "last-modified", "location", "expires"}
)  # fmt: skip
_PLAIN: Final = "Come over HTTPS. A key that came without is known to whoever listened: revoke it."


class ProblemMiddleware:
    """Answers every error below PREFIX with a problem, Django's pages of faults while DEBUG is on too, and says that
    none is kept. It stands before whatever may fail, SecurityMiddleware too, which looks at the host.

    A redirect to HTTPS is for readers: what would change something, and whatever brings Authorization, is 403. A client
    would send the key in plain text each time and never hear of it, and a POST would come back as a GET.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path_info.startswith(PREFIX):
            return response
        if _is_lost(request, response):
            response = _replace(response, HTTPStatus.FORBIDDEN, _PLAIN)
        if response.status_code < FIRST_ERROR:
            return response
        if response.headers.get("Content-Type") != CONTENT_TYPE:
            response = _replace(response, response.status_code)
        response.headers["Cache-Control"] = "no-store"
        return response


def _is_lost(request: HttpRequest, response: HttpResponse) -> bool:
    """Tell whether the answer leads to HTTPS, and the request can't follow."""
    leads = response.status_code == HTTPStatus.MOVED_PERMANENTLY and response.headers["Location"].startswith("https:")
    is_reading = request.method in ("GET", "HEAD") and "HTTP_AUTHORIZATION" not in request.META
    return leads and not is_reading and not request.is_secure()


def _replace(response: HttpResponse, status: int, detail: str = "") -> HttpResponse:
    headers = {name: value for name, value in response.headers.items() if name.lower() not in _OF_CONTENT}
    found = answer_problem(status, detail, headers=headers)
    found.headers["Content-Length"] = str(len(found.content))  # Django's middleware is behind us
    return found
