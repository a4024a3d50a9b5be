"""Sends users the link behind which they choose a password: one from their page, several from the list."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from auth_app.models import User
from auth_app.services.password_link import NotSentError, send_password_link
from freehold import ModelAdmin, button, get_row, lead_back

MOST = 100  # users at a time: each letter is a conversation with the mail server
SENT = "A link to set a password was sent."
SEND = gettext_lazy("Send a link to set a password")


class PasswordLinkAdmin(ModelAdmin):
    """Lets whoever may change a user send them the link. No page shows it, and no log holds it."""

    actions: tuple[str, ...] = ("send_links",)
    actions_detail: tuple[str, ...] = ("send_link",)  # of Unfold: a button at the top of a user's page

    def has_send_link_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Tell whether the signed-in person may send links, and to this user."""
        user = self.get_object(request, object_id) if object_id else None
        return self.has_change_permission(request, user)

    @button(
        text=SEND,
        icon="mail",
        question=gettext_lazy(
            "It leads to a page where this person chooses a password. The one they have now holds until they do."
        ),
        does=gettext_lazy("Send the link"),
        permission="send_link",
    )
    def send_link(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        """Send one user the link."""
        self.send_to(request, [get_row(self, request, object_id)])
        return lead_back(self, request, object_id)

    @admin.action(permissions=["send_link"], description=SEND)
    def send_links(self, request: HttpRequest, queryset: models.QuerySet[User]) -> None:
        """Send one to each of the selected users.

        Raises:
            PermissionDenied: one of them is out of reach.
        """
        users = list(queryset[: MOST + 1])
        if len(users) > MOST:
            text = _("Nothing was sent: choose at most %(count)d users at a time.") % {"count": MOST}
            self.message_user(request, text, messages.ERROR)
            return
        if not all(self.has_change_permission(request, user) for user in users):
            raise PermissionDenied
        self.send_to(request, users)

    def send_to(self, request: HttpRequest, users: list[User]) -> None:
        """Send the links, note each in the log, and say how it went; where the server is at fault, leave it at that."""
        sent: list[User] = []
        for user in users:
            try:
                send_password_link(user=user, request=request)
            except NotSentError as error:
                self.message_user(request, _("Nothing was sent: %(reason)s") % {"reason": error}, messages.ERROR)
                if error.is_server:
                    break
                continue
            self.log_change(request, user, SENT)
            sent.append(user)
        if sent:
            text = ngettext(
                "A link to set a password was sent to %(names)s.",
                "A link to set a password was sent to %(count)d users: %(names)s.",
                len(sent),
            ) % {"count": len(sent), "names": ", ".join(user.email for user in sent)}
            self.message_user(request, text, messages.SUCCESS)
