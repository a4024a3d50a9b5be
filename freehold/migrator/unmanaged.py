"""Migrations of models that only describe tables: they change nothing in a database, and nobody has to own them."""

from __future__ import annotations

from typing import Any

from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.fields import FieldOperation
from django.db.migrations.operations.models import IndexOperation, ModelOperation, RenameModel
from django.db.migrations.state import ProjectState


def is_unmanaged(loader: MigrationLoader, migration: Migration) -> bool:
    """Tell whether each operation is about models that are unmanaged, before it and after."""
    if not all(isinstance(each, (ModelOperation, FieldOperation, IndexOperation)) for each in migration.operations):
        return False
    state: ProjectState = loader.project_state((migration.app_label, migration.name), at_end=False)
    for operation in migration.operations:
        before = _find_managed(state, migration.app_label, operation)
        operation.state_forwards(migration.app_label, state)
        if before or _find_managed(state, migration.app_label, operation):
            return False
    return True


def _find_managed(state: ProjectState, app: str, operation: Any) -> bool:
    """Tell whether a model that the operation is about is managed now; one that is not there is none."""
    names = ("old_name", "new_name") if isinstance(operation, RenameModel) else ("model_name", "name")
    for name in names:
        word = getattr(operation, name, None)
        model = state.models.get((app, word.lower())) if word else None
        if model is not None:
            return bool(model.options.get("managed", True)) and not model.options.get("proxy", False)
    return False
