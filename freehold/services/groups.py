"""Gives the map's groups their permissions after `migrate`: on their schemas, and sight of what those refer to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import AppConfig, apps as installed
from django.apps.registry import Apps
from django.db import DEFAULT_DB_ALIAS, models, router
from django.db.models.signals import post_migrate, pre_migrate

from freehold.ownership import Group, find_ownership, get_ownership

_WRITING = {"add", "change"}
Model = type[models.Model]


def connect() -> None:
    """Listen for `post_migrate`, behind Django's own receiver, which makes the permissions that groups get. A second
    time changes nothing."""
    pre_migrate.connect(_listen_last, dispatch_uid="freehold.services.groups")


def _listen_last(**kwargs: Any) -> None:
    # Receivers are called in the order they came in, and the engine is the first app to be ready.
    post_migrate.connect(fill_groups, dispatch_uid="freehold.services.groups")


def fill_groups(sender: AppConfig, *, using: str = DEFAULT_DB_ALIAS, apps: Apps = installed, **kwargs: Any) -> None:
    """Add the permissions that the map's groups lack, once the last app has its own. Receives `post_migrate`.

    Nothing is taken away, and a group that nobody made (a migration of the project does) or that was renamed is left
    out.
    """
    ownership = find_ownership()
    if ownership is None or sender.label != get_last_label():
        return
    try:
        group_model, permission_model = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    except LookupError:  # not installed, or not applied yet
        return
    if not router.allow_migrate_model(using, group_model):
        return
    groups = {group.name: group for group in ownership.groups}
    found = dict(group_model.objects.using(using).filter(name__in=groups).values_list("name", "pk"))
    if not found:
        return
    given = {
        (label, codename): pk
        for pk, codename, label in permission_model.objects.using(using).values_list(
            "pk", "codename", "content_type__app_label"
        )
    }
    wanted = {
        (found[name], given[permission])
        for name in found
        for permission in list_permissions(groups[name], apps.get_models())
        if permission in given
    }
    _add_missing(group_model.permissions.through, wanted, using)


def get_last_label() -> str:
    """Give the label of the app that `post_migrate` is sent for last."""
    return [config.label for config in installed.get_app_configs() if config.models_module is not None][-1]


def list_permissions(group: Group, models: Iterable[Model]) -> set[tuple[str, str]]:
    """Give the app label and the codename of each permission that the map gives a group.

    Those are its actions on the models of its schemas. Where it may write them, it may see what their columns refer to:
    a form offers those rows to choose from.
    """
    schemas = {model: get_ownership().find_schema_of_app(model._meta.app_label) for model in models}
    own = [model for model, schema in schemas.items() if schema and schema.name in group.schemas]
    held = {_name_permission(model, action) for model in own for action in group.actions}
    if _WRITING & set(group.actions):
        fields = (field for model in own for field in (*model._meta.fields, *model._meta.many_to_many))
        held |= {_name_permission(each, "view") for field in fields if isinstance(each := field.related_model, type)}
    return held


def _name_permission(model: Model, action: str) -> tuple[str, str]:
    return model._meta.app_label, f"{action}_{model._meta.model_name}"


def _add_missing(through: Any, wanted: set[tuple[int, int]], using: str) -> None:
    rows = through.objects.using(using)
    missing = wanted - set(
        rows.filter(group_id__in={group for group, _ in wanted}).values_list("group_id", "permission_id")
    )
    rows.bulk_create(
        [through(group_id=group, permission_id=permission) for group, permission in sorted(missing)],
        ignore_conflicts=True,
    )
