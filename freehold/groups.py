"""Gives the map's groups their permissions: on every model of their schemas, after each `migrate`."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.apps import apps as installed
from django.apps.registry import Apps
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, router

from freehold.ownership import Group, Ownership, get_ownership


def fill_groups(sender: AppConfig, *, using: str = DEFAULT_DB_ALIAS, apps: Apps = installed, **kwargs: Any) -> None:
    """Add the permissions that the map's groups lack, once the last app has its own. Receives `post_migrate`.

    Nothing is taken away, and a group that nobody made (a migration of the project does) or that was renamed is left
    out.
    """
    if sender.label != get_last_label() or not getattr(settings, "OWNERSHIP", None):
        return
    try:
        group_model, permission_model = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    except LookupError:  # not installed, or not applied yet
        return
    if not router.allow_migrate_model(using, group_model):
        return
    ownership = get_ownership()
    groups = dict(
        group_model.objects.using(using)
        .filter(name__in=[group.name for group in ownership.groups])
        .values_list("name", "pk")
    )
    if not groups:
        return
    permissions = list(
        permission_model.objects.using(using)
        .filter(content_type__app_label__in=list_labels(ownership))
        .values_list("pk", "codename", "content_type__app_label", "content_type__model")
    )
    wanted = {
        (groups[group.name], pk)
        for group in ownership.groups
        if group.name in groups
        for pk, codename, label, model in permissions
        if covers(ownership, group, codename, label, model)
    }
    add_missing(group_model.permissions.through, wanted, using)


def get_last_label() -> str:
    """Give the label of the app that `post_migrate` is sent for last."""
    return [config.label for config in installed.get_app_configs() if config.models_module is not None][-1]


def list_labels(ownership: Ownership) -> list[str]:
    """Give every app of the map."""
    return [label for schema in ownership.schemas for label in (*schema.apps, *schema.places)]


def covers(ownership: Ownership, group: Group, codename: str, label: str, model: str) -> bool:
    """Tell whether the group holds a permission: one of its actions, on a model of one of its schemas."""
    schema = ownership.find_schema_of_app(label)
    return (
        schema is not None
        and schema.name in group.schemas
        and codename in {f"{word}_{model}" for word in group.actions}
    )


def add_missing(through: Any, wanted: set[tuple[int, int]], using: str) -> None:
    """Add the pairs of group and permission that are not there."""
    rows = through.objects.using(using)
    missing = wanted - set(
        rows.filter(group_id__in={group for group, _ in wanted}).values_list("group_id", "permission_id")
    )
    rows.bulk_create(
        [through(group_id=group, permission_id=permission) for group, permission in sorted(missing)],
        ignore_conflicts=True,
    )
