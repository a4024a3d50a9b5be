"""The content type of a model that goes to another app: its row stays, and what points at it."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper

from freehold.acting.roles import using_role
from freehold.errors import MigrationError
from freehold.ownership import get_ownership

APP = "contenttypes"


def rename_content_type(connection: BaseDatabaseWrapper, here: Any, there: Any) -> None:
    """Let the content type of a model have the app of another; both are models' `_meta`.

    Permissions, groups and the admin's log point at its key, and stay as they are.

    Raises:
        MigrationError: the other app has a content type of that name, so that two would be one.
    """
    if here.app_label == there.app_label or not apps.is_installed("django.contrib.contenttypes"):
        return
    from django.contrib.contenttypes.models import ContentType

    types = ContentType.objects.db_manager(connection.alias)
    with _as_owner_of_types(connection):
        if ContentType._meta.db_table not in connection.introspection.table_names():
            return
        mine = types.filter(app_label=here.app_label, model=here.model_name)
        if mine.exists() and types.filter(app_label=there.app_label, model=there.model_name).exists():
            raise MigrationError(
                f"there are content types of {here.label} and of {there.label}, and the permissions of one would be "
                f"lost: remove the one of {there.label} (manage.py remove_stale_contenttypes), then migrate again"
            )
        mine.update(app_label=there.app_label)
    types.clear_cache()


def _as_owner_of_types(connection: BaseDatabaseWrapper) -> AbstractContextManager[None]:
    ownership = get_ownership() if getattr(settings, "OWNERSHIP", None) else None
    schema = ownership.find_schema_of_app(APP) if ownership else None
    return using_role(connection, schema.owner) if ownership and ownership.has_roles and schema else nullcontext()
