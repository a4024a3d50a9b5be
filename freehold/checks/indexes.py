"""E008 and W001: indexes and constraints with a dot in their name, or a name that nobody chose."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core import checks
from django.core.checks import CheckMessage
from django.db.models import Model

from freehold.checks.subjects import AppConfigs, check_of_placement, iter_models
from freehold.ownership import Ownership

_Unnamed = tuple[Any, str, str, list[str]]  # the model or field it stands on, what it is, what to write, its fields


@check_of_placement
def _check_dots(app_configs: AppConfigs, ownership: Ownership) -> Iterator[CheckMessage]:
    """E008: no index and no constraint has a dot in its name. Third-party apps are exempt: nobody can rename theirs."""
    placed = {label for schema in ownership.schemas for label in schema.places}
    for model in iter_models(app_configs):
        named = [("index", each.name) for each in model._meta.indexes]
        named += [("constraint", each.name) for each in model._meta.constraints]
        for kind, name in named if model._meta.managed and model._meta.app_label not in placed else ():
            if "." in name:
                yield checks.Error(
                    f"The {kind} {name!r} of {model._meta.db_table!r} has a dot in its name: in SQL what stands before "
                    f"it is read as a schema.",
                    hint=f'Write name="{name.rpartition(".")[2]}", and makemigrations. Migrations that are applied '
                    f"keep the name that they say.",
                    obj=model,
                    id="freehold.E008",
                )


@check_of_placement
def _check_names(app_configs: AppConfigs, ownership: Ownership) -> Iterator[CheckMessage]:
    """W001: in the project's own apps each index and constraint has a name of its own.

    What a primary key or a relation brings by itself is exempt, and so are third-party apps.
    """
    own = {label for schema in ownership.schemas for label in schema.apps}
    for model in iter_models(app_configs):
        if model._meta.app_label in own and model._meta.managed and not model._meta.auto_created:
            yield from (_report(model, *each) for each in _iter_unnamed(model))


def _iter_unnamed(model: type[Model]) -> Iterator[_Unnamed]:
    """Yield plain fields with unique=True or db_index=True, entries of unique_together, and each Index that Meta gives
    no name; Django names a copy of it."""
    for field in model._meta.local_fields:
        if field.primary_key or field.is_relation:
            continue
        if field.unique:
            yield field, "unique=True", "UniqueConstraint", [field.name]
        elif getattr(field, "db_index", False):
            yield field, "db_index=True", "Index", [field.name]
    for fields in model._meta.unique_together:
        yield model, "unique_together", "UniqueConstraint", list(fields)
    for index in model._meta.original_attrs.get("indexes", ()):
        if not index.name:
            kind = type(index).__name__
            yield model, f"an {kind} without a name", kind, index.fields


def _report(model: type[Model], obj: Any, what: str, instead: str, fields: list[str]) -> CheckMessage:
    """Give W001 with the line to write."""
    bare = model._meta.db_table.rpartition(".")[2]
    suffix = "uniq" if instead == "UniqueConstraint" else "idx"
    name = f"{bare}_{'_'.join(field.removeprefix('-') for field in fields)}_{suffix}"
    where = "constraints" if suffix == "uniq" else "indexes"
    return checks.Warning(
        f"{what} on {', '.join(fields)} makes {'a constraint' if suffix == 'uniq' else 'an index'} with a name that "
        f"nobody chose.",
        hint=f'Write {instead}(fields={fields!r}, name="{name}") in Meta.{where} instead; at most 30 characters.',
        obj=obj,
        id="freehold.W001",
    )
