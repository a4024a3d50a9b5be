"""The admin page of sessions."""

from __future__ import annotations

from django.contrib import admin, messages
from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _, ngettext

from auth_app.models import Session
from auth_app.services.session import end_sessions
from freehold import ModelAdmin, ReadOnlyAdmin


class StateFilter(admin.SimpleListFilter):
    """Sessions that still hold, or those that have expired."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[models.Model]) -> list[tuple[str, str]]:
        """Give the two states."""
        return [("valid", str(_("valid"))), ("expired", str(_("expired")))]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Session]) -> models.QuerySet[Session]:
        """Give the sessions in the state that was chosen, or all."""
        if self.value() == "valid":
            return queryset.filter(expire_date__gt=timezone.now())
        if self.value() == "expired":
            return queryset.filter(expire_date__lte=timezone.now())
        return queryset


@admin.register(Session)
class SessionAdmin(ReadOnlyAdmin, ModelAdmin):
    """A list to read and to end sessions from, without pages of single ones: nothing in them is for people.

    Rows are chosen by their ids, which open nothing. Their digests are not read: no service may.
    """

    icon = "devices"
    list_display = ("fingerprint", "user", "ip_address", "agent", "created_at", "last_seen_at", "expire_date")
    list_display_links = None
    list_filter = (StateFilter, ("user", admin.EmptyFieldListFilter))
    list_select_related = ("user",)
    search_fields = ("user__email", "user_agent", "ip_address")
    date_hierarchy = "last_seen_at"
    ordering = ("-last_seen_at",)
    actions = ("end",)
    secret_fields = ("session_key", "session_data")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Session]:
        """Give the sessions without what is in them."""
        return super().get_queryset(request).defer("session_data")

    def get_urls(self) -> list[URLPattern]:
        """Give the list's address alone."""
        return [url for url in super().get_urls() if url.name == "auth_app_session_changelist"]

    @admin.display(description=_("session"))
    def fingerprint(self, session: Session) -> str:
        """Give what tells sessions apart and opens none."""
        return str(session.pk)[:8]

    @admin.display(description=_("user agent"))
    def agent(self, session: Session) -> str:
        """Give the beginning of the user agent."""
        return Truncator(session.user_agent).chars(60)

    def has_end_permission(self, request: HttpRequest) -> bool:
        """Tell whether the signed-in person may end sessions."""
        return may_end_sessions(request)

    @admin.action(permissions=["end"], description=_("End the selected sessions"))
    def end(self, request: HttpRequest, queryset: models.QuerySet[Session]) -> None:
        """End the selected sessions, one's own too."""
        sessions = list(queryset)
        count = end_sessions(sessions=sessions)
        log_ends(request, sessions)
        self.message_user(request, describe_end(count), messages.SUCCESS)


def may_end_sessions(request: HttpRequest) -> bool:
    """Tell whether the signed-in person may end sessions: whoever holds the right to delete them."""
    return request.user.has_perm("auth_app.delete_session")


def describe_end(count: int) -> str:
    """Give in words how many sessions were ended."""
    text = ngettext("%(count)d session was ended.", "%(count)d sessions were ended.", count)
    return text % {"count": count}


def log_ends(request: HttpRequest, sessions: list[Session]) -> None:
    """Write down whose sessions were ended, and by whom."""
    kind = ContentType.objects.get_for_model(Session)
    LogEntry.objects.bulk_create(
        LogEntry(
            user_id=str(request.user.pk),
            content_type=kind,
            object_id=str(each.pk),
            object_repr=Truncator(f"{each}: {each.user or '-'}").chars(200),
            action_flag=DELETION,
            change_message="Ended.",
        )
        for each in sessions
    )
