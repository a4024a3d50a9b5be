"""The admin page of codes sent to telephones."""

from __future__ import annotations

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from auth_app.admin.permissions import CredentialAdmin
from auth_app.models import PhoneVerification
from freehold import ModelAdmin


@admin.register(PhoneVerification)
class PhoneVerificationAdmin(CredentialAdmin, ModelAdmin):
    """Codes, without the codes: a person sees that one was sent, and can delete the row; nobody writes one by hand."""

    icon = "sms"
    list_display = ("number", "purpose", "user", "attempts", "expires_at", "used_at", "created_at")
    list_filter = ("purpose", ("used_at", admin.EmptyFieldListFilter))
    list_select_related = ("user",)
    search_fields = ("number", "user__email")
    autocomplete_fields = ("user",)
    date_hierarchy = "created_at"
    ordering = ("-created_at",)
    secret_fields = ("code_hash",)
    fields = ("number", "purpose", "user", "attempts", "expires_at", "used_at", "created_at", "id")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: a code is made when it is sent."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Refuse."""
        return False
