"""The admin page of profiles."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from freehold import ExportAdmin, ModelAdmin
from profile.models import Profile


@admin.register(Profile)
class ProfileAdmin(ExportAdmin, ModelAdmin):
    """How people present themselves, the newest first."""

    icon = "badge"
    list_display = ("user", "display_name", "locale", "time_zone", "updated_at")
    list_filter = ("locale",)
    list_select_related = ("user",)
    search_fields = ("display_name", "user__email")
    autocomplete_fields = ("user",)
    date_hierarchy = "created_at"
    ordering = ("-created_at",)
    exported = (
        "id",
        "version",
        "user",
        "display_name",
        "bio",
        "avatar_url",
        "locale",
        "time_zone",
        "preferences",
        "created_at",
        "updated_at",
    )
    readonly_fields = ("id", "version", "created_at", "updated_at")
    fieldsets = (
        (None, {"fields": ("user", "display_name", "bio", "avatar_url")}),
        (_("Preferences"), {"fields": ("locale", "time_zone", "preferences")}),
        (_("Record"), {"fields": ("version", "created_at", "updated_at", "id")}),
    )
