"""The admin page of users."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db import models
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _

from auth_app.admin.password_link import PasswordLinkAdmin
from auth_app.admin.permissions import may_change_account
from auth_app.admin.session_ends import EndsSessionsAdmin
from auth_app.admin.user_transfer import UserTransfer
from auth_app.models import User
from freehold import CarefulForm

if TYPE_CHECKING:
    UserAdminBase = DjangoUserAdmin[User]
else:
    UserAdminBase = DjangoUserAdmin

# What apps above this one say of what else goes with these users, which no foreign key of a user's leads to.
GOES_ALONG: list[Callable[[Sequence[UUID]], list[str]]] = []

POWERS = ("is_superuser", "groups", "user_permissions")  # what a superuser alone hands out
PERMISSIONS = ("is_active", "is_staff", *POWERS)


class AddForm(CarefulForm):
    """A new user: whose password nobody knows until a link to choose one was sent to them."""

    class Meta:
        model = User
        fields = ("email", "display_name")

    def save(self, commit: bool = True) -> Any:
        """Give the user, without a password."""
        self.instance.set_unusable_password()
        return super().save(commit)


@admin.register(User)
class UserAdmin(UserTransfer, UserAdminBase, PasswordLinkAdmin, EndsSessionsAdmin):
    """Users. Nobody hands out what they do not hold, nor touches the account of someone who holds more.

    Passwords are nobody's but their user's: a link is sent to them.
    """

    icon = "person"
    actions: tuple[str, ...] = (*PasswordLinkAdmin.actions, *EndsSessionsAdmin.actions)
    actions_detail: tuple[str, ...] = (*PasswordLinkAdmin.actions_detail, *EndsSessionsAdmin.actions_detail)
    form = CarefulForm
    add_form = AddForm
    add_form_template = None
    list_display = ("email", "display_name", "is_active", "is_staff", "is_superuser", "last_login", "created_at")
    list_filter = ("is_active", "is_staff", "is_superuser", "groups")
    search_fields = ("email", "display_name")
    ordering = ("email",)
    date_hierarchy = "created_at"
    secret_fields = ("password",)
    readonly_fields = ("id", "version", "has_password", "last_login", "created_at", "updated_at")
    fieldsets = (
        (None, {"fields": ("email", "display_name", "has_password")}),
        (_("Permissions"), {"fields": PERMISSIONS}),
        (_("Record"), {"fields": ("id", "version", "last_login", "created_at", "updated_at")}),
    )
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("email", "display_name")}),)
    # What those see who choose a user for something of theirs, and manage none.
    brief_list_display = ("email", "display_name", "is_active", "created_at")
    brief_fieldsets = ((None, {"fields": ("email", "display_name", "is_active", "created_at", "id")}),)

    @admin.display(boolean=True, description=_("has a password"))
    def has_password(self, user: User) -> bool:
        """Tell whether the user can sign in by a password."""
        return user.has_usable_password()

    def get_urls(self) -> list[URLPattern]:
        """Give the addresses, without the page on which one person types another's password."""
        return [url for url in super().get_urls() if url.name != "auth_user_password_change"]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Give what can't be written here; to anyone but a superuser that includes who holds what."""
        fields = tuple(str(field) for field in super().get_readonly_fields(request, obj))
        return fields if request.user.is_superuser else (*fields, *POWERS)

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Give the fieldsets; without what users hold to those who manage none."""
        return self.brief_fieldsets if obj and not may_see_permissions(request) else super().get_fieldsets(request, obj)

    def get_list_display(self, request: HttpRequest) -> Any:
        """Give the list's columns, in the same way."""
        return super().get_list_display(request) if may_see_permissions(request) else self.brief_list_display

    def get_list_filter(self, request: HttpRequest) -> Any:
        """Give the list's filters, in the same way."""
        return super().get_list_filter(request) if may_see_permissions(request) else ("is_active",)

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Tell whether the list may be narrowed down by this."""
        is_power = lookup.partition("__")[0] in PERMISSIONS[1:]
        if is_power and (request is None or not may_see_permissions(request)):
            return False
        return super().lookup_allowed(lookup, value, request)  # type: ignore[arg-type]  # None is Django's own default

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Tell whether the signed-in person may change users, and this one."""
        return may_change_account(request, obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Tell whether the signed-in person may delete users, and this one."""
        return may_change_account(request, obj) and super().has_delete_permission(request, obj)

    def get_deleted_objects(
        self, objs: models.QuerySet[User] | Any, request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """Give what goes along, without asking for a right on it.

        The database deletes it, whoever owns it; and nobody holds a right to delete sessions or the log.
        """
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        users = [each.pk for each in objs]
        deleted = [*deleted, *(line for list_lines in GOES_ALONG for line in list_lines(users))]
        return deleted, counts, lacking & {str(User._meta.verbose_name)}, protected


def may_see_permissions(request: HttpRequest) -> bool:
    """Tell whether the signed-in person may see who holds what: whoever may see groups."""
    return request.user.has_perm("auth.view_group")
