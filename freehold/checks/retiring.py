"""Columns that no model has any more and that are there all the same: kept for the release before, by a migration."""

from __future__ import annotations

from collections import Counter

from django.apps import apps
from django.db.migrations.loader import MigrationLoader


def has_retiring(table: str, column: str) -> bool:
    """Tell whether migrations have expanded a column into another one, and not contracted the two yet.

    Reads the migrations from disk, and no database; asked only for a column that no field has.
    """
    steps: Counter[tuple[str, str, str]] = Counter()
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    for (app, _), migration in loader.disk_migrations.items():
        for operation in migration.operations:
            for old in getattr(operation, "old_columns", ()):
                key = (app, getattr(operation, "model_name", "").lower(), old)
                steps[key] += 1 if getattr(operation, "step", "") == "expand" else -1
    open_steps = (key for key, count in steps.items() if count > 0)
    return any(old == column and _find_table(app, model) == table for app, model, old in open_steps)


def _find_table(app: str, model: str) -> str:
    """Give a model's table; empty where there is no such model any more."""
    try:
        return str(apps.get_model(app, model)._meta.db_table)
    except LookupError:
        return ""
