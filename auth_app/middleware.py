"""Tells the session store about the request that it serves."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from auth_app.sessions import Client, SessionStore


class SessionDetailsMiddleware:
    """Hands the client to the session before the view, and notes afterwards that a session was read.

    It stands right after Django's SessionMiddleware, which writes a session that was changed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        session = request.session
        if isinstance(session, SessionStore):
            session.client = Client.from_request(request)
        response = self.get_response(request)
        if isinstance(session, SessionStore) and session.accessed and not session.modified:
            session.touch()
        return response
