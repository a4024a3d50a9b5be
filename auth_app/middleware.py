"""Sessions and users of requests; in a service that may read neither, the user that schema `auth` shares."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from asgiref.sync import sync_to_async
from django.contrib.auth import middleware as users
from django.contrib.sessions import middleware as sessions
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from auth_app.models import Session
from auth_app.principals import find_session_key, get_user
from auth_app.sessions import Client, SessionStore
from freehold import get_acting


def has_sessions() -> bool:
    """Tell whether the service that answers may write sessions."""
    found = get_acting()
    return found is None or found.rights.may_write(Session._meta.db_table)


class SessionMiddleware(sessions.SessionMiddleware):
    """Django's, for services that may write sessions. In others a request has none."""

    def process_request(self, request: HttpRequest) -> None:
        """Give the request its session."""
        if has_sessions():
            super().process_request(request)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Write the session, if there is one."""
        return super().process_response(request, response) if hasattr(request, "session") else response


class AuthenticationMiddleware(users.AuthenticationMiddleware):
    """Django's, where there is a session; elsewhere `request.user` is the shared one or anonymous.

    It is looked for when it is looked at.
    """

    def process_request(self, request: HttpRequest) -> None:
        """Give the request its user."""
        if hasattr(request, "session"):
            super().process_request(request)
            return
        # Of the key and not of the request, which would hold itself then until Python's garbage is collected.
        user = SimpleLazyObject(partial(get_user, find_session_key(request)))
        request.user = user  # type: ignore[assignment]  # the stubs know users that are models
        request.auser = partial(aget_user, user)  # type: ignore[assignment]


async def aget_user(user: object) -> object:
    """Give the same user without blocking."""
    await sync_to_async(bool)(user)  # looks for it
    return user


class SessionDetailsMiddleware:
    """Hands the client to the session before the view, and notes afterwards that a session was read.

    It stands right after Django's SessionMiddleware, which writes a session that was changed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        session = getattr(request, "session", None)
        if isinstance(session, SessionStore):
            session.client = Client.from_request(request)
        response = self.get_response(request)
        if isinstance(session, SessionStore) and session.accessed and not session.modified:
            session.touch()
        return response
