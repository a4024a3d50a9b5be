"""E008 and W001: indexes and constraints with a dot in their name, or a name that nobody chose."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core import checks
from django.core.checks import CheckMessage
from django.db.models import Field, Model

from freehold.checks.subjects import AppConfigs, find_ownership, iter_models


def check_dots(app_configs: AppConfigs, **kwargs: Any) -> list[CheckMessage]:
    """E008: no index and no constraint has a dot in its name. Third-party apps are exempt: nobody can rename theirs."""
    ownership = find_ownership()
    if ownership is None:
        return []
    placed = {label for schema in ownership.schemas for label in schema.places}
    return [
        _report_dot(model, each)
        for model in iter_models(app_configs)
        if model._meta.managed and model._meta.app_label not in placed
        for each in (*model._meta.indexes, *model._meta.constraints)
        if "." in each.name
    ]


def _report_dot(model: type[Model], named: Any) -> CheckMessage:
    kind = "constraint" if named in model._meta.constraints else "index"
    bare = named.name.rpartition(".")[2]
    return checks.Error(
        f"The {kind} {named.name!r} of {model._meta.db_table!r} has a dot in its name: in SQL what stands before it is "
        f"read as a schema.",
        hint=f'Write name="{bare}", and makemigrations. Migrations that are applied keep the name that they say.',
        obj=model,
        id="freehold.E008",
    )


def check_names(app_configs: AppConfigs, **kwargs: Any) -> list[CheckMessage]:
    """W001: in the project's own apps each index and constraint has a name of its own.

    What a primary key or a relation brings by itself is exempt, and so are third-party apps.
    """
    ownership = find_ownership()
    if ownership is None:
        return []
    own = {label for schema in ownership.schemas for label in schema.apps}
    return [
        message
        for model in iter_models(app_configs)
        if model._meta.app_label in own and model._meta.managed and not model._meta.auto_created
        for message in (*_iter_unnamed_fields(model), *_iter_unnamed_togethers(model), *_iter_unnamed_indexes(model))
    ]


def _iter_unnamed_fields(model: type[Model]) -> Iterator[CheckMessage]:
    """Yield W001 for each plain field with unique=True or db_index=True."""
    for field in model._meta.local_fields:
        if field.primary_key or field.is_relation:
            continue
        if field.unique:
            yield report(model, field, "unique=True", "UniqueConstraint", [field.name])
        elif getattr(field, "db_index", False):
            yield report(model, field, "db_index=True", "Index", [field.name])


def _iter_unnamed_togethers(model: type[Model]) -> Iterator[CheckMessage]:
    for fields in model._meta.unique_together:
        yield report(model, model, "unique_together", "UniqueConstraint", list(fields))


def _iter_unnamed_indexes(model: type[Model]) -> Iterator[CheckMessage]:
    """Yield W001 for each Index that Meta gives no name; Django names a copy of it."""
    for index in model._meta.original_attrs.get("indexes", ()):
        if not index.name:
            yield report(model, model, f"an {type(index).__name__} without a name", type(index).__name__, index.fields)


def report(
    model: type[Model], obj: type[Model] | Field[Any, Any], what: str, instead: str, fields: list[str]
) -> CheckMessage:
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
