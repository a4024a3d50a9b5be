"""E016 to E018 and W003: nothing makes Django reach into another owner's table when a row is deleted, and no key does
what its contract does not let it.

Django's collector carries out CASCADE, PROTECT, SET_NULL and their like itself, as the service that deletes: it reads
and writes the table on the other side, where that service has no right. What the database carries out needs none.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core import checks
from django.core.checks import CheckMessage
from django.db import models
from django.db.models import ForeignObject, Model

from freehold.checks.subjects import AppConfigs, check_of_owners, iter_models, split_table
from freehold.ownership import Ownership, Schema
from freehold.ownership.key_actions import HOLDING, advise, is_let, iter_referring, list_let_actions

# A ForeignObject, or what has rows collected as a GenericRelation has: django-stubs know no common type.
_Relation = Any

_BY_DATABASE = "models.DB_CASCADE, DB_SET_NULL or DB_SET_DEFAULT"


@check_of_owners
def check_deletes(app_configs: AppConfigs, ownership: Ownership) -> Iterator[CheckMessage]:
    """E016, E017 and W003. Unmanaged models too: the collector asks their tables as any other."""
    for model in iter_models(app_configs):
        yield from _iter_crossings(model, ownership)


@check_of_owners
def check_key_actions(app_configs: AppConfigs, ownership: Ownership) -> Iterator[CheckMessage]:
    """E018. Where a contract allows the key: E013 says where none does, and E016 what Django would carry out."""
    for model in iter_models(app_configs):
        for field in model._meta.local_fields if model._meta.managed else ():
            if isinstance(field, ForeignObject) and getattr(field, "db_constraint", True):
                yield from _iter_unlet(model, field, ownership)


def _iter_unlet(model: type[Model], field: _Relation, ownership: Ownership) -> Iterator[CheckMessage]:
    pair = _find_owners(model, field.remote_field, ownership)
    if pair is None or not (_is_left_to_database(field) or _is_placed(model, ownership)):
        return
    here, there = pair
    let, action = list_let_actions(ownership, there.name, here.owner), _get_action(field)
    is_stuck = action == "SET NULL" and not field.null
    if any(iter_referring(ownership, there.name, here.owner)) and not is_let(action, let, is_stuck=is_stuck):
        target = field.remote_field.model._meta.db_table
        takes = ", of a column that takes no NULL" if is_stuck else ""
        yield checks.Error(
            f"The foreign key {field.name!r} of {model._meta.db_table} is ON DELETE {action} of {target} in the "
            f"database{takes}, and the contract of {there.name!r} for {here.name!r} lets {', '.join(let)}.",
            hint=f"{advise(ownership, there.name, here.owner, action)}.",
            obj=field,
            id="freehold.E018",
        )


def _get_action(field: _Relation) -> str:
    """Give what stands in the database: where Django carries it out itself, that is NO ACTION."""
    actions = {models.DB_CASCADE: "CASCADE", models.DB_SET_NULL: "SET NULL", models.DB_SET_DEFAULT: "SET DEFAULT"}
    return actions.get(field.remote_field.on_delete, HOLDING[0])


def _iter_crossings(model: type[Model], ownership: Ownership) -> Iterator[CheckMessage]:
    for field in model._meta.local_fields:
        pair = _find_owners(model, field.remote_field, ownership) if isinstance(field, ForeignObject) else None
        if pair and field.remote_field.parent_link:  # type: ignore[union-attr]
            if _is_met(model, pair, ownership) or _is_met(model, pair[::-1], ownership):
                yield _report_inherited(model, field, ownership)
        elif pair and not _is_left_to_database(field) and _is_met(model, pair[::-1], ownership):
            yield _report_key(model, field, pair, ownership)
    for relation in model._meta.private_fields:
        collects = hasattr(relation, "bulk_related_objects") and not getattr(relation, "mti_inherited", False)
        pair = _find_owners(model, relation.remote_field, ownership) if collects else None
        if pair and _is_met(model, pair, ownership):
            yield _report_collected(model, relation, pair, ownership)


# --- What there is ---------------------------------------------------------------------------------------------------
def _find_owners(model: type[Model], relation: Any, ownership: Ownership) -> tuple[Schema, Schema] | None:
    """Give the schemas of both ends where their owners differ."""
    if isinstance(relation.model, str):
        return None
    here, there = (ownership.find_schema(split_table(each, ownership)[0]) for each in (model, relation.model))
    return (here, there) if here and there and here.owner != there.owner else None


def _is_left_to_database(field: _Relation) -> bool:
    # Read when asked: under Django 5.2 the engine puts the three there (`freehold.deletion`).
    allowed = (models.DO_NOTHING, models.DB_CASCADE, models.DB_SET_NULL, models.DB_SET_DEFAULT)
    return field.remote_field.on_delete in allowed


def _is_placed(model: type[Model], ownership: Ownership) -> bool:
    """Tell whether the model belongs to a third-party app, which nobody here can edit."""
    return any(model._meta.app_label in schema.places for schema in ownership.schemas)


def _is_met(model: type[Model], pair: tuple[Schema, ...], ownership: Ownership) -> bool:
    """Tell whether it counts that a row of the first schema is deleted and the second is reached: always in an app of
    one's own; where nobody can edit it, only if some service would be refused."""
    deleted, reached = pair
    return not _is_placed(model, ownership) or any(
        deleted.name in service.writes and reached.name not in service.writes for service in ownership.services
    )


def _find_many_to_many(through: type[Model]) -> _Relation:
    """Give the many-to-many field that a table was made for; None where somebody wrote the model."""
    source: Any = through._meta.auto_created
    fields = source._meta.local_many_to_many if source else ()
    return next((field for field in fields if field.remote_field.through is through), None)


def _name_rule(field: _Relation) -> str:
    """Give `on_delete` as it is written; what SET(…) gives is a function of another name."""
    name = getattr(field.remote_field.on_delete, "__name__", repr(field.remote_field.on_delete))
    return "SET(…)" if name == "set_on_delete" else name


# --- What is reported ------------------------------------------------------------------------------------------------
def _report_key(
    model: type[Model], field: _Relation, pair: tuple[Schema, Schema], ownership: Ownership
) -> CheckMessage:
    here, there = pair
    table, target = model._meta.db_table, field.remote_field.model._meta.db_table
    many = _find_many_to_many(model)
    what = f"The foreign key {field.name!r} of {table}"
    if many:
        what = f"The foreign key {field.name!r} of {table}, which Django makes for {many.name!r},"
    message = (
        f"{what} points at another owner's {target} with on_delete={_name_rule(field)}: whenever a row of {target} is "
        f"deleted, Django itself would reach into {table}, which belongs to {here.owner} and not to {there.owner}."
    )
    if _is_placed(model, ownership):
        return _report_placed(message, field, pair, ownership)
    return checks.Error(message, hint=_advise(field, many), obj=many or field, id="freehold.E016")


def _advise(field: _Relation, many: _Relation) -> str:
    if many:
        return (
            f"Write a model for the table, whose foreign keys have on_delete=models.DB_CASCADE, and name it in "
            f"through= of {many.name!r}."
        )
    if not field.model._meta.managed or not getattr(field, "db_constraint", True):
        return "Write on_delete=models.DO_NOTHING: no constraint is there that the database could carry out."
    return (
        f"Write on_delete={_BY_DATABASE}, which the database carries out as the table's owner, or DO_NOTHING, with "
        f"which it refuses; then makemigrations. Keys that point at {field.model._meta.label} need one of these too."
    )


def _report_placed(message: str, field: _Relation, pair: tuple[Schema, Schema], ownership: Ownership) -> CheckMessage:
    here, there = pair
    label = field.model._meta.app_label
    able = [each.name for each in ownership.services if {here.name, there.name} <= {*each.writes}]
    by_whom = f"as {' or '.join(able)}, with rights on both" if able else "as a service that writes both schemas"
    return checks.Warning(
        message,
        hint=f"The app {label!r} is not yours to edit: put it into places of {there.name!r} before its first "
        f"migration, or delete only {by_whom}, and silence this.",
        obj=field,
        id="freehold.W003",
    )


def _report_inherited(model: type[Model], field: _Relation, ownership: Ownership) -> CheckMessage:
    parent = field.remote_field.model._meta
    hint = (
        f"Inherit from an abstract model, or keep a OneToOneField to {parent.label} with on_delete=models.DB_CASCADE "
        f"and without parent_link."
    )
    if _is_placed(model, ownership):
        hint = f"Put the app {model._meta.app_label!r} into places of the schema that {parent.db_table} lies in."
    return checks.Error(
        f"{model._meta.label} in {model._meta.db_table} inherits from {parent.label} in another owner's "
        f"{parent.db_table}: each read, save and delete of one reaches both tables, and no service of one owner may.",
        hint=hint,
        obj=model,
        id="freehold.E017",
    )


def _report_collected(
    model: type[Model], relation: _Relation, pair: tuple[Schema, Schema], ownership: Ownership
) -> CheckMessage:
    here, there = pair
    target = relation.remote_field.model
    table = target._meta.db_table
    message = (
        f"{type(relation).__name__} {relation.name!r} reaches another owner's {table}: whenever a row of "
        f"{model._meta.db_table} is deleted, Django itself would delete rows of {table}, which belongs to "
        f"{there.owner} and not to {here.owner}."
    )
    if _is_placed(model, ownership):
        return _report_placed(message, relation, pair, ownership)
    hint = f"Take the field away and query {target._meta.label} where its rows are needed; their owner deletes them."
    return checks.Error(message, hint=hint, obj=relation, id="freehold.E016")
