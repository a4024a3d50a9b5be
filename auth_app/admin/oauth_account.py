"""The admin page of linked accounts."""

from __future__ import annotations

from django.contrib import admin

from auth_app.admin.permissions import CredentialAdmin
from auth_app.models import OAuthAccount
from freehold import ExportAdmin, ModelAdmin


@admin.register(OAuthAccount)
class OAuthAccountAdmin(ExportAdmin, CredentialAdmin, ModelAdmin):
    """Accounts at other providers, and the users they belong to."""

    icon = "link"
    list_display = ("provider", "subject", "email", "user", "last_login_at", "created_at")
    list_filter = ("provider",)
    list_select_related = ("user",)
    search_fields = ("subject", "email", "user__email")
    autocomplete_fields = ("user",)
    date_hierarchy = "created_at"
    ordering = ("-created_at",)
    exported = (
        "id",
        "version",
        "user",
        "provider",
        "subject",
        "email",
        "last_login_at",
        "created_at",
    )  # not what the provider told
    readonly_fields = ("id", "version", "created_at", "last_login_at")
    fields = ("user", "provider", "subject", "email", "data", "last_login_at", "version", "created_at", "id")
