"""The admin pages of tenancy."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _, ngettext

from auth_app.admin import GOES_ALONG
from freehold import CarefulForm, ExportAdmin, ImportAdmin, ModelAdmin, TabularInline, button, get_row, lead_back
from tenancy.models import ApiKey, Invitation, Membership, Project, ServiceToken, Tenant
from tenancy.services.api_key import issue_api_key, revoke_api_key
from tenancy.services.tenant import list_tenants_left_by


def list_lines(users: Sequence[UUID]) -> list[str]:
    """Give a line for each tenant that loses its last owner with these users, and so goes along."""
    words = _("Tenant, with all in it, since its last owner goes: %(name)s")
    return [words % {"name": name} for _id, name in list_tenants_left_by(users)]


GOES_ALONG.append(list_lines)
ISSUED = "_issued_text"  # where the text of a new key stays until it has been shown


class StayingForm(CarefulForm):
    """A row that stays one user's, in one tenant, once it is made: triggers hold it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            for name in {"tenant", "user"} & self.fields.keys():
                self.fields[name].disabled = True


class MembershipInline(TabularInline):
    """The members of a tenant."""

    model = Membership
    form = StayingForm
    fields = ("user", "role")
    autocomplete_fields = ("user",)
    extra = 0

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Membership]:
        """Give the members with their users, in one query."""
        return super().get_queryset(request).select_related("user")


@admin.register(Tenant)
class TenantAdmin(ImportAdmin, ModelAdmin):
    """Organisations, by slug."""

    icon = "apartment"
    list_display = ("name", "slug", "email", "created_at", "updated_at")
    search_fields = ("name", "slug", "email")
    prepopulated_fields = {"slug": ("name",)}
    ordering = ("slug",)
    inlines = (MembershipInline,)
    readonly_fields = ("id", "version", "created_at", "updated_at")
    identified_by = ("slug",)
    imported = ("slug", "name", "email")
    exported = ("id", "version", *imported, "created_at", "updated_at")


@admin.register(Membership)
class MembershipAdmin(ImportAdmin, ModelAdmin):
    """Who belongs where, the newest first."""

    icon = "group_add"
    form = StayingForm
    list_display = ("tenant", "user", "role", "created_at")
    list_filter = ("role",)
    list_select_related = ("tenant", "user")
    search_fields = ("tenant__name", "tenant__slug", "user__email")
    autocomplete_fields = ("tenant", "user")
    date_hierarchy = "created_at"
    ordering = ("-created_at",)
    readonly_fields = ("id", "version", "created_at")
    identified_by = ("tenant", "user")
    imported = ("tenant", "user", "role")
    exported = ("id", "version", *imported, "created_at")


@admin.register(Project)
class ProjectAdmin(ImportAdmin, ModelAdmin):
    """What tenants work on, the newest first."""

    icon = "folder"
    form = StayingForm
    list_display = ("name", "slug", "tenant", "created_at", "updated_at")
    list_select_related = ("tenant",)
    search_fields = ("name", "slug", "tenant__name")
    autocomplete_fields = ("tenant",)
    prepopulated_fields = {"slug": ("name",)}
    date_hierarchy = "created_at"
    ordering = ("-created_at",)
    readonly_fields = ("id", "version", "created_at", "updated_at")
    identified_by = ("tenant", "slug")
    imported = ("tenant", "slug", "name")
    exported = ("id", "version", *imported, "created_at", "updated_at")


class MadeElsewhere(ExportAdmin, ModelAdmin):
    """Rows of which a secret was shown to whoever made them: read and deleted here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: here nobody could be shown the secret."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Refuse: who holds the secret relies on what it says."""
        return False


@admin.register(Invitation)
class InvitationAdmin(MadeElsewhere):
    """Who was asked to join, the newest first."""

    icon = "forward_to_inbox"
    list_display = ("email", "tenant", "role", "expires_at", "accepted_at", "declined_at", "created_at")
    list_filter = ("role", ("accepted_at", admin.EmptyFieldListFilter))
    list_select_related = ("tenant",)
    search_fields = ("email", "tenant__name", "tenant__slug")
    autocomplete_fields = ("tenant", "inviter")
    date_hierarchy = "created_at"
    ordering = ("-created_at",)
    secret_fields = ("secret_hash",)
    fields = ("tenant", "inviter", "email", "role", "expires_at", "accepted_at", "declined_at", "created_at", "id")
    exported = ("id", "tenant", "email", "role", "expires_at", "accepted_at", "declined_at", "created_at")


@admin.register(ServiceToken)
class ServiceTokenAdmin(MadeElsewhere):
    """What services of tenants report runs with, the newest first; `manage.py servicetoken` makes and ends them."""

    icon = "dns"
    list_display = ("name", "tenant", "last_used_at", "revoked_at", "created_at")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    list_select_related = ("tenant",)
    search_fields = ("name", "tenant__name", "tenant__slug")
    autocomplete_fields = ("tenant",)
    date_hierarchy = "created_at"
    ordering = ("-created_at",)
    secret_fields = ("token_hash",)
    fields = ("tenant", "name", "last_used_at", "revoked_at", "created_at", "id")
    exported = ("id", "tenant", "name", "last_used_at", "revoked_at", "created_at")


class ApiKeyForm(CarefulForm):
    """What a person says about a new key; the key itself is made for them."""

    class Meta:
        model = ApiKey
        fields = ("project", "name", "scopes", "expires_at")

    def clean_expires_at(self) -> datetime | None:
        """Refuse a key that would be expired when made."""
        expires_at: datetime | None = self.cleaned_data["expires_at"]
        if expires_at and expires_at <= timezone.now():
            raise forms.ValidationError(_("The key would have expired already: choose a time to come."))
        return expires_at


@admin.register(ApiKey)
class ApiKeyAdmin(ExportAdmin, ModelAdmin):
    """Keys, the newest first. One is made here and shown once; afterwards it can only be revoked."""

    icon = "key"
    form = ApiKeyForm
    list_display = ("name", "prefix", "project", "expires_at", "last_used_at", "revoked_at", "created_at")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    list_select_related = ("project",)
    search_fields = ("name", "prefix", "project__name")
    autocomplete_fields = ("project",)
    date_hierarchy = "created_at"
    ordering = ("-created_at",)
    actions = ("revoke",)
    actions_detail = ("revoke_one",)
    secret_fields = ("key_hash",)
    exported = ("id", "project", "name", "prefix", "scopes", "expires_at", "last_used_at", "revoked_at", "created_at")
    readonly_fields = ("id", "prefix", "last_used_at", "revoked_at", "created_at")
    fieldsets = (
        (None, {"fields": ("project", "name", "scopes", "expires_at")}),
        (_("Record"), {"fields": ("prefix", "last_used_at", "revoked_at", "created_at", "id")}),
    )
    add_fieldsets = ((None, {"fields": ("project", "name", "scopes", "expires_at")}),)

    def has_change_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:
        """Tell whether keys may be revoked; a key that is made stays as it is, for who holds it relies on that."""
        return obj is None and super().has_change_permission(request, obj)

    def get_fieldsets(self, request: HttpRequest, obj: ApiKey | None = None) -> Any:
        """Give what is asked for a new key, or all that is known of one."""
        return super().get_fieldsets(request, obj) if obj else self.add_fieldsets

    def save_model(self, request: HttpRequest, obj: ApiKey, form: forms.ModelForm[ApiKey], change: bool) -> None:
        """Make a key, and keep its text for the answer."""
        fields: dict[str, Any] = {name: getattr(obj, name) for name in ApiKeyForm.Meta.fields}
        issued = issue_api_key(**fields)
        obj.pk = issued.api_key.pk
        obj.refresh_from_db()
        setattr(obj, ISSUED, issued.text)

    def response_add(self, request: HttpRequest, obj: ApiKey, post_url_continue: str | None = None) -> HttpResponse:
        """Show the key, this once, now that it is saved for good."""
        text = _("This is the key. Copy it now, for it is shown only once: %(key)s") % {"key": getattr(obj, ISSUED)}
        self.message_user(request, text, messages.WARNING)
        return super().response_add(request, obj, post_url_continue)

    def has_revoke_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Tell whether keys may be revoked, which is all that is ever changed of one."""
        return super().has_change_permission(request)

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list[Any]:
        """Give the buttons of a key's page; none where the key is revoked already."""
        key = self.get_object(request, unquote(object_id))
        buttons: list[Any] = super().get_actions_detail(request, object_id)  # type: ignore[misc]  # Unfold has no types
        return buttons if key and key.revoked_at is None else []

    @admin.action(permissions=["revoke"], description=_("Revoke the selected API keys"))
    def revoke(self, request: HttpRequest, queryset: models.QuerySet[ApiKey]) -> None:
        """End the selected keys now."""
        self.revoke_all(request, list(queryset))

    @button(
        text=_("Revoke"),
        icon="key_off",
        question=_("Whatever uses this key is refused from now on. A revoked key stays revoked."),
        does=_("Revoke it"),
        permission="revoke",
    )
    def revoke_one(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        """End one key now."""
        self.revoke_all(request, [get_row(self, request, object_id)])
        return lead_back(self, request, object_id)

    def revoke_all(self, request: HttpRequest, keys: list[ApiKey]) -> None:
        """End the keys, write down which of them this call ended, and say how many."""
        ended = [api_key for api_key in keys if revoke_api_key(api_key=api_key)]
        for api_key in ended:
            self.log_change(request, api_key, "Revoked.")
        text = ngettext("%(count)d key was revoked.", "%(count)d keys were revoked.", len(ended))
        self.message_user(request, text % {"count": len(ended)}, messages.SUCCESS)
