"""Errors that come about outside of an endpoint: an address that leads nowhere, another's host, a database away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

from freehold.api.problems import CONTENT_TYPE, FIRST_ERROR, answer_problem

PREFIX: Final = "/api/"
KEPT: Final = ("Allow", "Retry-After", "WWW-Authenticate")


class ProblemMiddleware:
    """Answers every error below PREFIX with a problem, Django's pages of faults while DEBUG is on too, and says that
    none is kept. It stands before whatever may fail.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code < FIRST_ERROR or not request.path_info.startswith(PREFIX):
            return response
        if response.headers.get("Content-Type") != CONTENT_TYPE:
            headers = {name: response.headers[name] for name in KEPT if name in response.headers}
            response = answer_problem(response.status_code, headers=headers)
        response.headers["Cache-Control"] = "no-store"
        return response
