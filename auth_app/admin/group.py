"""The admin page of groups: Django's own, in Unfold's clothes, for superusers to write."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest

from freehold import ModelAdmin

admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin, ModelAdmin):
    """Groups. What the ownership map declares for a group is filled in again by each `migrate`.

    Only a superuser writes them: whoever changes what a group may do changes what they may do themselves.
    """

    icon = "groups"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Tell whether the signed-in person is a superuser."""
        return bool(request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Tell whether the signed-in person is a superuser."""
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Tell whether the signed-in person is a superuser."""
        return bool(request.user.is_superuser)
