"""Reads Django's operations: each beside the state before it and after it, as the changes that PostgreSQL would see."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.postgres import operations as postgresql
from django.db import migrations, models
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import Model

from freehold_lint.migrations import fields
from freehold_lint.migrations.model_constraints import find_proven, get_sort, is_index
from freehold_lint.migrations.vocabulary import MigrationChange, normalise


@dataclass
class AppliedOperation:
    """An operation on its way: the app, the state before it and after it."""

    app: str
    operation: Any
    before: ProjectState
    after: ProjectState

    def find_model(self, state: ProjectState, name: str) -> type[Model] | None:
        """Give a model of a state, if it has a table that Django makes."""
        found = state.models.get((self.app, name.lower()))
        if found is None or found.options.get("proxy") or found.options.get("managed") is False:
            return None
        model = state.apps.get_model(self.app, name)
        return None if model._meta.swapped else model

    @cached_property
    def old(self) -> type[Model] | None:
        """The model before the operation."""
        name = getattr(self.operation, "old_name_lower", None) if _is_model_rename(self.operation) else None
        return self.find_model(self.before, name or _get_model_name(self.operation))

    @cached_property
    def new(self) -> type[Model] | None:
        """The model after the operation."""
        name = getattr(self.operation, "new_name_lower", None) if _is_model_rename(self.operation) else None
        return self.find_model(self.after, name or _get_model_name(self.operation))

    @property
    def table(self) -> str:
        """The model's table, before the operation where there was one."""
        model = self.old or self.new
        return _get_table(model) if model else ""


def _is_model_rename(operation: Operation) -> bool:
    return isinstance(operation, migrations.RenameModel)


def _get_model_name(operation: Any) -> str:
    """Give the name of the model that an operation is about; '' where it is about none."""
    return str(getattr(operation, "model_name", "") or getattr(operation, "name", "") or "")


def _get_table(model: type[Model]) -> str:
    return normalise(model._meta.db_table)


def _list_join_tables(model: type[Model]) -> list[str]:
    return [_get_table(each.remote_field.through) for each in _list_joins(model)]


def _list_joins(model: type[Model]) -> list[Any]:
    """Give the model's many-to-many fields without a model of their own between."""
    found: list[Any] = list(model._meta.local_many_to_many)
    return [each for each in found if each.remote_field.through._meta.auto_created]


# --- Models ------------------------------------------------------------------------------------------------------
def _read_create_model(step: AppliedOperation) -> Iterator[MigrationChange]:
    if step.new:
        yield from (MigrationChange("create_table", table) for table in (step.table, *_list_join_tables(step.new)))


def _read_delete_model(step: AppliedOperation) -> Iterator[MigrationChange]:
    if step.old:
        yield from (MigrationChange("drop_table", table) for table in (*_list_join_tables(step.old), step.table))


def _read_rename(step: AppliedOperation) -> Iterator[MigrationChange]:
    """Read RenameModel and AlterModelTable: tables between models are named after theirs."""
    if step.old is None or step.new is None:
        return
    pairs = [(step.old, step.new)]
    pairs += [
        (old.remote_field.through, new.remote_field.through)
        for old, new in zip(_list_joins(step.old), _list_joins(step.new), strict=False)
    ]
    for old, new in pairs:
        if _get_table(old) != _get_table(new):
            yield MigrationChange("rename_table", _get_table(old), new=_get_table(new))
        yield from _read_renamed_columns(old, new)


def _read_renamed_columns(old: type[Model], new: type[Model]) -> Iterator[MigrationChange]:
    """Read the columns that a table between models has named after them."""
    for before, after in zip(old._meta.local_concrete_fields, new._meta.local_concrete_fields, strict=False):
        if before.column != after.column:
            yield MigrationChange("rename_column", _get_table(new), str(before.column), new=str(after.column))


def _read_unique_together(step: AppliedOperation) -> Iterator[MigrationChange]:
    if step.old is None or step.new is None:
        return
    before, after = set(step.old._meta.unique_together), set(step.new._meta.unique_together)
    yield from (
        MigrationChange("drop_constraint", step.table, ", ".join(each), sort="unique") for each in before - after
    )
    yield from (
        MigrationChange("add_constraint", step.table, ", ".join(each), sort="unique") for each in after - before
    )


def _read_index_together(step: AppliedOperation) -> Iterator[MigrationChange]:
    if step.old is None or step.new is None:
        return
    option = step.operation.option_name
    before = set(step.before.models[step.app, step.operation.name_lower].options.get(option) or ())
    after = set(step.after.models[step.app, step.operation.name_lower].options.get(option) or ())
    yield from (MigrationChange("drop_index", step.table, ", ".join(each)) for each in before - after)
    yield from (MigrationChange("add_index", step.table, ", ".join(each)) for each in after - before)


def _read_order(step: AppliedOperation) -> Iterator[MigrationChange]:
    """Read AlterOrderWithRespectTo, which adds a column or drops it."""
    if step.old is None or step.new is None:
        return
    before, after = step.old._meta.order_with_respect_to, step.new._meta.order_with_respect_to
    if after and not before:
        yield MigrationChange("add_column", step.table, "_order", flags=frozenset({"filled"}))
    elif before and not after:
        yield MigrationChange("drop_column", step.table, "_order")


# --- Fields ------------------------------------------------------------------------------------------------------
def _find_field(model: type[Model] | None, name: str) -> Any:
    """Give a field of a model, or None."""
    return model._meta.get_field(name) if model else None


def _read_add_field(step: AppliedOperation) -> Iterator[MigrationChange]:
    field = _find_field(step.new, step.operation.name)
    if field is not None and field.many_to_many:
        yield from (MigrationChange("create_table", table) for table in _read_join(field))
    elif field is not None:
        yield from fields.read_added(field, step.table)


def _read_remove_field(step: AppliedOperation) -> Iterator[MigrationChange]:
    field = _find_field(step.old, step.operation.name)
    if field is not None and field.many_to_many:
        yield from (MigrationChange("drop_table", table) for table in _read_join(field))
    elif field is not None and field.column is not None:
        yield MigrationChange("drop_column", step.table, field.column)


def _read_join(field: Any) -> list[str]:
    """Give the table that Django makes for a many-to-many field; none where it has a model between."""
    through = field.remote_field.through
    return [_get_table(through)] if through._meta.auto_created else []


def _read_alter_field(step: AppliedOperation) -> Iterator[MigrationChange]:
    if step.old and step.new:
        old, new = (_find_field(model, step.operation.name) for model in (step.old, step.new))
        if old.column is not None and new.column is not None and not (old.many_to_many or new.many_to_many):
            yield from fields.read_altered(old, new, step.table)


def _read_rename_field(step: AppliedOperation) -> Iterator[MigrationChange]:
    old, new = _find_field(step.old, step.operation.old_name), _find_field(step.new, step.operation.new_name)
    if old is not None and new is not None and old.column != new.column:
        yield MigrationChange("rename_column", step.table, old.column, new=new.column)


# --- Indexes and constraints -------------------------------------------------------------------------------------
def _read_add_index(step: AppliedOperation) -> Iterator[MigrationChange]:
    if step.new:
        yield MigrationChange(
            "add_index", step.table, step.operation.index.name, flags=_get_concurrency(step.operation)
        )


def _read_remove_index(step: AppliedOperation) -> Iterator[MigrationChange]:
    if step.old:
        yield MigrationChange("drop_index", step.table, step.operation.name, flags=_get_concurrency(step.operation))


def _get_concurrency(operation: Operation) -> frozenset[str]:
    known = (postgresql.AddIndexConcurrently, postgresql.RemoveIndexConcurrently)
    return frozenset({"concurrently"}) if isinstance(operation, known) else frozenset()


def _read_add_constraint(step: AppliedOperation) -> Iterator[MigrationChange]:
    constraint = step.operation.constraint
    if step.new is None:
        return
    if is_index(constraint):
        yield MigrationChange("add_index", step.table, constraint.name, flags=frozenset({"unique"}))
        return
    not_valid = isinstance(step.operation, postgresql.AddConstraintNotValid)
    flags = frozenset({"not_valid"} if not_valid else ())
    columns = find_proven(constraint, step.new)
    sort = get_sort(constraint)
    yield MigrationChange("add_constraint", step.table, constraint.name, sort=sort, flags=flags, columns=columns)


def _read_remove_constraint(step: AppliedOperation) -> Iterator[MigrationChange]:
    if step.old:
        found = [each for each in step.old._meta.constraints if each.name == step.operation.name]
        sort = get_sort(found[0]) if found else "constraint"
        yield MigrationChange("drop_constraint", step.table, step.operation.name, sort=sort)


def _read_validation(step: AppliedOperation) -> Iterator[MigrationChange]:
    if step.old:
        yield MigrationChange("validate", step.table, step.operation.name)


# --- What runs code ----------------------------------------------------------------------------------------------
def _read_python(step: AppliedOperation) -> Iterator[MigrationChange]:
    if step.operation.code is not migrations.RunPython.noop:
        yield MigrationChange("run_python", name=getattr(step.operation.code, "__name__", ""), sort="RunPython")
    yield from _read_irreversible(step)


def _read_irreversible(step: AppliedOperation) -> Iterator[MigrationChange]:
    if not step.operation.reversible:
        yield MigrationChange("irreversible", sort=type(step.operation).__name__)


_Reader = Callable[[AppliedOperation], Iterator[MigrationChange]]
_READERS: dict[type[Operation], _Reader] = {
    migrations.CreateModel: _read_create_model,
    migrations.DeleteModel: _read_delete_model,
    migrations.RenameModel: _read_rename,
    migrations.AlterModelTable: _read_rename,
    migrations.AlterUniqueTogether: _read_unique_together,
    migrations.AlterIndexTogether: _read_index_together,
    migrations.AlterOrderWithRespectTo: _read_order,
    migrations.AddField: _read_add_field,
    migrations.RemoveField: _read_remove_field,
    migrations.AlterField: _read_alter_field,
    migrations.RenameField: _read_rename_field,
    migrations.AddIndex: _read_add_index,
    migrations.RemoveIndex: _read_remove_index,
    migrations.AddConstraint: _read_add_constraint,
    migrations.RemoveConstraint: _read_remove_constraint,
    postgresql.ValidateConstraint: _read_validation,
    migrations.RunPython: _read_python,
    migrations.RunSQL: _read_irreversible,
}
_SAFE = "freehold.operations"  # its operations do in steps what Django's do at once


def read_operation(step: AppliedOperation) -> Iterator[MigrationChange]:
    """Yield what an operation does, in Django's order; its SQL apart, which statements.py reads.

    An operation of a class that is not known is read as the nearest one that is. Nothing is read of those that say of
    themselves that they go in steps that lock no one out (`is_gradual = True`), and of freehold.operations' own.
    """
    if is_gradual(step.operation):
        yield from _read_proof(step)
        return
    reader = next((_READERS[kind] for kind in type(step.operation).__mro__ if kind in _READERS), None)
    if reader:
        yield from reader(step)


def _read_proof(step: AppliedOperation) -> Iterator[MigrationChange]:
    """Read a check that an operation adds in steps: it is valid then, and may say that a column is not NULL."""
    constraint = getattr(step.operation, "constraint", None)
    if constraint is not None and step.new and (columns := find_proven(constraint, step.new)):
        yield MigrationChange("prove", step.table, constraint.name, sort="check", columns=columns)


def is_proof(operation: Any) -> bool:
    """Tell whether the operation may say that a column is not NULL, or make it sure."""
    has_check = isinstance(getattr(operation, "constraint", None), models.CheckConstraint)
    return has_check or isinstance(operation, postgresql.ValidateConstraint)


def is_gradual(operation: Operation) -> bool:
    """Tell whether the operation is a safe way itself: freehold.operations' own are, but for those that run SQL."""
    runs_sql = hasattr(operation, "sql") or hasattr(operation, "files")
    return bool(getattr(operation, "is_gradual", type(operation).__module__.startswith(_SAFE) and not runs_sql))
