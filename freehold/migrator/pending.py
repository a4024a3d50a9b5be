"""What is still to be applied, asked cheaply enough for a page."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

_Key = tuple[str, str]


def list_pending(connection: BaseDatabaseWrapper) -> list[_Key]:
    """Give app and name of each migration that `migrate` would apply, in its order.

    Names of files are compared with what is recorded; only where one is not there are migrations imported, which takes
    half a second in a new process, and asked which of them replace others.
    """
    recorded = set(MigrationRecorder(connection).applied_migrations())
    if set(list_written()) <= recorded:
        return []
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [(migration.app_label, migration.name) for migration, _ in plan]


def list_written() -> list[_Key]:
    """Give app and name of each migration of the installed apps by its file, without a look inside."""
    return [
        (config.label, name)
        for config in apps.get_app_configs()
        for name in _list_names(MigrationLoader.migrations_module(config.label)[0])
    ]


def _list_names(module: str | None) -> list[str]:
    """Give the migrations of a package, as Django finds them; none where there is no such package."""
    try:
        package = import_module(module) if module else None
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        package = None
    found = pkgutil.iter_modules(getattr(package, "__path__", ()))
    return [each.name for each in found if not each.ispkg and each.name[0] not in "_~"]
