"""Sends users the link behind which they choose a password: one from their page, several from the list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.decorators import action

from auth_app.models import User
from auth_app.services.password_link import NotSentError, send_password_link

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

    Base = ModelAdmin[Any]
else:
    Base = object

MOST = 100  # users at a time: each letter is a conversation with the mail server
SENT = "A link to set a password was sent."
SEND = gettext_lazy("Send a link to set a password")


class PasswordLinkAdmin(Base):
    """Lets whoever may change a user send them the link. No page shows it, and no log holds it."""

    actions = ("send_links",)
    actions_detail = ("send_link",)  # of Unfold: a button at the top of a user's page

    def has_send_link_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Tell whether the signed-in person may send links, and to this user."""
        user = self.get_object(request, object_id) if object_id else None
        return self.has_change_permission(request, user)

    @action(description=SEND, url_path="password-link", permissions=["send_link"], icon="mail")  # type: ignore[untyped-decorator]  # Unfold has no types
    def send_link(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask first, since a link in a page is followed without meaning to; send then."""
        user = self.get_object(request, object_id)
        if user is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined, no-any-return]  # not in the stubs
        if request.method == "POST":
            self.send_to(request, [user])
            return HttpResponseRedirect(reverse("admin:auth_app_user_change", args=[user.pk]))
        context = {**self.admin_site.each_context(request), "title": SEND, "opts": self.opts, "object": user}
        return TemplateResponse(request, "admin/auth_app/user/password_link.html", context)

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
