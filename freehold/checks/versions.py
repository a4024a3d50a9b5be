"""E009: versions that are compared are counted."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.db.models import Model

from freehold.checks.subjects import TAG, AppConfigs, iter_models
from freehold.models import Versioned
from freehold.versions import CountedVersion


@register(TAG)
def _check_versions_counted(app_configs: AppConfigs, **kwargs: Any) -> list[CheckMessage]:
    """E009: a model that takes its version from the engine has the constraint that lets the database count it."""
    return [
        _report_uncounted(model)
        for model in iter_models(app_configs)
        if issubclass(model, Versioned) and not any(map(_is_counting, model._meta.constraints)) and _has_own(model)
    ]


def _is_counting(constraint: object) -> bool:
    return isinstance(constraint, CountedVersion)


def _has_own(model: type[Model]) -> bool:
    """Tell whether the version lies in the model's own table, and not in that of a model that it extends."""
    return any(field.name == "version" for field in model._meta.local_fields)


def _report_uncounted(model: type[Model]) -> CheckMessage:
    name = f"{model._meta.db_table.rpartition('.')[2]}_version_counted"
    return Error(
        f"{model._meta.label} is Versioned, and nothing counts the versions of {model._meta.db_table}: of two stale "
        "saves both would pass.",
        hint=f'Put CountedVersion(name="{name}") of freehold.versions among Meta.constraints, and run makemigrations.',
        obj=model,
        id="freehold.E009",
    )
