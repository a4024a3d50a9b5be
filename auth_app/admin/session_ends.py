"""Ends all sessions of a user, from the list of users and from a user's page."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from auth_app.admin.session import describe_end, may_end_sessions
from auth_app.models import Session, User
from auth_app.services.session import end_sessions
from freehold import ModelAdmin, button, get_row, lead_back


class EndsSessionsAdmin(ModelAdmin):
    """The page of users, with a way to sign them out everywhere."""

    actions: tuple[str, ...] = ("end_sessions",)
    actions_detail: tuple[str, ...] = ("end_sessions_of_one",)

    def has_end_sessions_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Tell whether the signed-in person may end sessions."""
        return may_end_sessions(request)

    @admin.action(permissions=["end_sessions"], description=_("End all sessions of the selected users"))
    def end_sessions(self, request: HttpRequest, queryset: models.QuerySet[User]) -> None:
        """Sign the selected users out everywhere."""
        self.end_sessions_of(request, list(queryset))

    @button(
        text=_("End all sessions"),
        icon="logout",
        question=_("Wherever this person is signed in, the next request asks for the password again."),
        does=_("End them"),
        permission="end_sessions",
    )
    def end_sessions_of_one(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        """Sign one user out everywhere."""
        self.end_sessions_of(request, [get_row(self, request, object_id)])
        return lead_back(self, request, object_id)

    def end_sessions_of(self, request: HttpRequest, users: list[User]) -> None:
        """End the sessions of each user, and write it down at the user."""
        total = 0
        for user in users:
            count = end_sessions(sessions=Session.objects.filter(user=user))
            self.log_change(request, user, describe_end(count))
            total += count
        self.message_user(request, describe_end(total), messages.SUCCESS)
