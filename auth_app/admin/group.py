"""The admin page of groups: Django's own, in Unfold's clothes."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.models import Group

from auth_app.admin.base import ModelAdmin

admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin, ModelAdmin):
    """Groups. What the ownership map declares for a group is filled in again by each `migrate`."""

    icon = "groups"
