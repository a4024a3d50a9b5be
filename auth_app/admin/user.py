"""The admin page of users."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from auth_app.admin.session_ends import EndsSessionsAdmin
from auth_app.models import User

if TYPE_CHECKING:
    from django.contrib.auth.forms import AdminPasswordChangeForm, AdminUserCreationForm, UserChangeForm

    ChangeForm = UserChangeForm[User]
    CreationForm = AdminUserCreationForm[User]
    UserAdminBase = DjangoUserAdmin[User]
else:
    from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

    ChangeForm = UserChangeForm
    CreationForm = UserCreationForm
    UserAdminBase = DjangoUserAdmin


class AddForm(CreationForm):
    """A new user: address and password, or no password at all."""

    class Meta:
        model = User
        fields = ("email", "display_name")


class EditForm(ChangeForm):
    """An existing user; the password has a page of its own."""

    class Meta:
        model = User
        fields = "__all__"
        field_classes: dict[str, Any] = {}


@admin.register(User)
class UserAdmin(EndsSessionsAdmin, UserAdminBase):
    """Users. Only a superuser makes superusers, or touches one: who may reset a password may sign in with it."""

    icon = "person"
    form = EditForm
    add_form = AddForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("email", "display_name", "is_active", "is_staff", "is_superuser", "last_login", "created_at")
    list_filter = ("is_active", "is_staff", "is_superuser", "groups")
    search_fields = ("email", "display_name")
    ordering = ("email",)
    date_hierarchy = "created_at"
    show_full_result_count = False
    secret_fields = ("password",)
    readonly_fields = ("id", "last_login", "created_at", "updated_at")
    fieldsets = (
        (None, {"fields": ("email", "display_name", "password")}),
        (
            _("Permissions"),
            {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")},
        ),
        (_("Record"), {"fields": ("id", "last_login", "created_at", "updated_at")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("email", "display_name", "usable_password", "password1", "password2"),
            },
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Give what can't be written here; to anyone but a superuser that includes who is one."""
        fields = tuple(str(field) for field in super().get_readonly_fields(request, obj))
        return fields if request.user.is_superuser else (*fields, "is_superuser")

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Tell whether the signed-in person may change users, and this one."""
        return may_touch(request, obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Tell whether the signed-in person may delete users, and this one."""
        return may_touch(request, obj) and super().has_delete_permission(request, obj)

    def get_deleted_objects(
        self, objs: models.QuerySet[User] | Any, request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """Give what goes along, without asking for a right on it.

        The database deletes it, whoever owns it; and nobody holds a right to delete sessions or the log.
        """
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        return deleted, counts, lacking & {str(User._meta.verbose_name)}, protected


def may_touch(request: HttpRequest, user: User | None) -> bool:
    """Tell whether the signed-in person may write this user at all: a superuser's row is a superuser's matter."""
    return user is None or not user.is_superuser or bool(request.user.is_superuser)
