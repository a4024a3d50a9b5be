"""E009: versions that are compared are counted."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error
from django.db.models import Model

from freehold.checks.subjects import AppConfigs, iter_models
from freehold.models import Versioned
from freehold.versions import CountedVersion


def check_versions_counted(app_configs: AppConfigs, **kwargs: Any) -> list[CheckMessage]:
    """E009: a model that takes its version from the engine has the constraint that lets the database count it."""
    return [
        report_uncounted(model)
        for model in iter_models(app_configs)
        if issubclass(model, Versioned) and not any(map(is_counting, model._meta.constraints)) and has_own(model)
    ]


def is_counting(constraint: object) -> bool:
    """Tell whether it is that constraint."""
    return isinstance(constraint, CountedVersion)


def has_own(model: type[Model]) -> bool:
    """Tell whether the version lies in the model's own table, and not in that of a model that it extends."""
    return any(field.name == "version" for field in model._meta.local_fields)


def report_uncounted(model: type[Model]) -> CheckMessage:
    """Give E009 for the model."""
    name = f"{model._meta.db_table.rpartition('.')[2]}_version_counted"
    return Error(
        f"{model._meta.label} is Versioned, and nothing counts the versions of {model._meta.db_table}: of two stale "
        "saves both would pass.",
        hint=f'Put CountedVersion(name="{name}") of freehold.versions among Meta.constraints, and run makemigrations.',
        obj=model,
        id="freehold.E009",
    )
