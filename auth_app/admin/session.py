"""The admin page of sessions."""

from __future__ import annotations

import hashlib

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from auth_app.admin.base import ModelAdmin
from auth_app.models import Session
from freehold.admin_mixins import ReadOnlyAdmin


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
    """A list to read, without pages of single sessions: their addresses would hold the key that signs one in."""

    icon = "devices"
    list_display = ("fingerprint", "user", "ip_address", "agent", "created_at", "last_seen_at", "expire_date")
    list_display_links = None
    list_filter = (StateFilter, ("user", admin.EmptyFieldListFilter))
    list_select_related = ("user",)
    search_fields = ("user__email", "user_agent", "ip_address")
    date_hierarchy = "last_seen_at"
    ordering = ("-last_seen_at",)
    show_full_result_count = False
    actions = None
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
        return hashlib.sha256(session.session_key.encode()).hexdigest()[:12]

    @admin.display(description=_("user agent"))
    def agent(self, session: Session) -> str:
        """Give the beginning of the user agent."""
        return Truncator(session.user_agent).chars(60)
