"""Which models say anything about their rows: their tables are protected, each by row-level security and policies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db.models import Model


def find_declared(model: type[Model]) -> Any:
    """Give what stands behind `policies` in the model or in an abstract one above it, or None.

    A proxy has its parent's. What a concrete parent declares is about the parent's own table.
    """
    concrete = model._meta.concrete_model or model
    for base in concrete.__mro__:
        options = getattr(base, "_meta", None)
        if base is not concrete and options is not None and not options.abstract:
            continue
        if isinstance(vars(base).get("policies"), list | tuple):
            return vars(base)["policies"]
    return None


def iter_protected_models() -> Iterator[type[Model]]:
    """Yield each installed model that declares policies, once a table: a managed one before another of its table."""
    tables: dict[str, type[Model]] = {}
    for model in sorted(apps.get_models(include_auto_created=True), key=lambda each: not each._meta.managed):
        if not model._meta.proxy and find_declared(model) is not None:
            tables.setdefault(model._meta.db_table, model)
    yield from tables.values()
