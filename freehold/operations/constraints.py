"""Constraints on tables that are large and in use. docs/expand-and-contract.md"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.migrations.operations import AddConstraint, AddField, AlterField
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import CheckConstraint, ForeignKey, Model, OneToOneField

from freehold.backends.names import quote_whole
from freehold.errors import MigrationError
from freehold.operations.columns.attachments import Attachments
from freehold.operations.columns.attempts import LiveTable
from freehold.operations.columns.backfill import BATCH, PAUSE, Backfill
from freehold.operations.columns.in_place import read_expression
from freehold.operations.columns.readings import INDEX, Attached, ColumnReader
from freehold.operations.columns.requirements import find_validity, require, require_values
from freehold.operations.stepwise import ModelField, StepwiseOperation, read_name

_ADD_COLUMN = "ALTER TABLE {table} ADD COLUMN {column} {type}"
_DROP_NOT_NULL = "ALTER TABLE {table} ALTER COLUMN {column} DROP NOT NULL"
_DROP_CONSTRAINT = "ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}"
_FIND_EMPTY = "SELECT {keys} FROM {table} WHERE {column} IS NULL AND ({value}) IS NULL LIMIT 1"
_FILL_EMPTY = "UPDATE {table} SET {column} = ({value}) WHERE {column} IS NULL"
_TO_COLUMN = "_fk_%(to_table)s_%(to_column)s"  # Django's suffix for the name of a foreign key


class _ConstraintOperation(StepwiseOperation):
    """Does in steps on PostgreSQL what an operation of Django's does at once."""

    def get_plain(self, app_label: str, state: ProjectState) -> Operation:
        """Give Django's own operation, from the state before."""
        raise NotImplementedError

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        self.get_plain(app_label, state).state_forwards(app_label, state)

    def run_plainly(
        self, app_label: str, editor: Any, before: ProjectState, after: ProjectState, *, back: bool
    ) -> None:
        plain = self.get_plain(app_label, after if back else before)
        (plain.database_backwards if back else plain.database_forwards)(app_label, editor, before, after)

    def run_in_steps(
        self, app_label: str, editor: Any, before: ProjectState, after: ProjectState, table: LiveTable, *, back: bool
    ) -> None:
        old, new = (state.apps.get_model(app_label, self.model_name) for state in (before, after))
        if back:
            table.run(*self.list_removal(editor, old, new, table))
        else:
            self.build(editor, new, table)

    def build(self, editor: Any, model: type[Model], table: LiveTable) -> None:
        """Do it; what is done already is left as it is."""
        raise NotImplementedError

    def list_removal(self, editor: Any, model: type[Model], before: type[Model], table: LiveTable) -> list[str]:
        """Give the statements that undo it; `before` is the model as it was."""
        raise NotImplementedError


class SetNotNull(_ConstraintOperation):
    """Makes a field required. `value`, SQL about the row, is what rows get that have none; nobody may write NULL any
    more, the release before neither."""

    title = "Require a value in {self.model_name}.{self.name}"
    fragment = "require_{self.model_name}_{self.name}"

    def __init__(
        self,
        model_name: str,
        name: str,
        *,
        value: str | dict[str, str] = "",
        batch_size: int = BATCH,
        pause: float = PAUSE,
        lock_timeout: str = "",
    ) -> None:
        self.model_name, self.name, self.value = model_name, name, value
        self.batch_size, self.pause, self.lock_timeout = batch_size, pause, lock_timeout

    def get_plain(self, app_label: str, state: ProjectState) -> Operation:
        field = state.models[app_label, self.model_name_lower].fields[self.name].clone()
        field.null = False
        return AlterField(self.model_name, self.name, field)

    def get_field(self, model: type[Model]) -> ModelField:
        return ModelField(model, model._meta.get_field(self.name))

    def run_plainly(
        self, app_label: str, editor: Any, before: ProjectState, after: ProjectState, *, back: bool
    ) -> None:
        """Give rows without a value theirs, and alter the column at its place."""
        source, target = (self.get_field(state.apps.get_model(app_label, self.model_name)) for state in (before, after))
        value = "" if back else read_expression(self.value, editor.connection.vendor)
        with transaction.atomic(using=editor.connection.alias):
            if value:
                names = {"table": target.model._meta.db_table, "column": target.column}
                quoted = {key: editor.quote_name(name) for key, name in names.items()}
                editor.execute(_FILL_EMPTY.format(value=value, **quoted), None)
            editor.alter_field(source.model, source.field, target.field)

    def build(self, editor: Any, model: type[Model], table: LiveTable) -> None:
        column = self.get_field(model).column
        if ColumnReader(table).get_column(column).is_required:
            return
        value = read_expression(self.value, "postgresql") or "NULL"
        fill = Backfill(table, column, value, f"{quote_whole(column)} IS NULL", size=self.batch_size, pause=self.pause)
        if self.value:
            fill.run(once=True)
        self.refuse_empty(table, column, value)
        # What others write without a value until the check keeps that out is filled behind it: then there is an end.
        require_values(table, column, fill.run if self.value else lambda: None)

    def refuse_empty(self, table: LiveTable, column: str, value: str) -> None:
        """Refuse rows that get no value before anything is changed for those who write."""
        query = _FIND_EMPTY.format(keys=table.texts, table=table.quoted, column=quote_whole(column), value=value)
        if rows := table.fetch(query):
            raise MigrationError(
                f"{table.label}.{column} is NULL in the row with {table.describe_row(rows[0])}: give SetNotNull a "
                f"value for such rows, or correct them, and run migrate again"
            )

    def list_removal(self, editor: Any, model: type[Model], before: type[Model], table: LiveTable) -> list[str]:
        return [_DROP_NOT_NULL.format(table=table.quoted, column=quote_whole(self.get_field(model).column))]


class AddCheck(_ConstraintOperation):
    """Adds a check constraint: first for what is written from now on, then for the rows that are there."""

    title = "Add check {self.constraint.name} to {self.model_name}"
    fragment = "{self.model_name}_{self.constraint.name}"

    def __init__(self, model_name: str, constraint: CheckConstraint, *, lock_timeout: str = "") -> None:
        self.model_name, self.constraint, self.lock_timeout = model_name, constraint, lock_timeout

    def get_plain(self, app_label: str, state: ProjectState) -> Operation:
        return AddConstraint(self.model_name, self.constraint)

    def build(self, editor: Any, model: type[Model], table: LiveTable) -> None:
        require(table, self.constraint.name, str(self.constraint.create_sql(model, editor)))

    def list_removal(self, editor: Any, model: type[Model], before: type[Model], table: LiveTable) -> list[str]:
        return [_DROP_CONSTRAINT.format(table=table.quoted, name=quote_whole(self.constraint.name))]


class AddForeignKey(_ConstraintOperation):
    """Adds a nullable foreign key with its index, or the constraint to a field that had db_constraint=False."""

    title = "Add foreign key {self.model_name}.{self.name}"
    fragment = "{self.model_name}_{self.name}"

    def __init__(self, model_name: str, name: str, field: ForeignKey[Any, Any], *, lock_timeout: str = "") -> None:
        self.model_name, self.name, self.field, self.lock_timeout = model_name, name, field, lock_timeout

    def get_plain(self, app_label: str, state: ProjectState) -> Operation:
        is_there = self.name in state.models[app_label, self.model_name_lower].fields
        return (AlterField if is_there else AddField)(self.model_name, self.name, self.field)

    def build(self, editor: Any, model: type[Model], table: LiveTable) -> None:
        field: Any = model._meta.get_field(self.name)
        if ColumnReader(table).find_column(field.column) is None:
            self.add_column(editor, model, field, table)
        if field.db_index:
            index = editor._create_index_sql(model, fields=[field])
            made = Attached(INDEX, read_name(index), "", str(index))
            Attachments(table).make(made, made.name, field.column)
        if field.db_constraint:
            key = editor._create_fk_sql(model, field, _TO_COLUMN)
            require(table, read_name(key), str(key))

    def add_column(self, editor: Any, model: type[Model], field: Any, table: LiveTable) -> None:
        """Add the column, which is empty.

        Raises:
            MigrationError: it can't be empty, or must be unique.
        """
        if not field.null or isinstance(field, OneToOneField):
            raise MigrationError(
                f"{model._meta.label}.{self.name} must be a ForeignKey with null=True to be added to a table that is "
                f"in use: fill it, then use SetNotNull; or use AddField"
            )
        column = quote_whole(field.column)
        table.run(_ADD_COLUMN.format(table=table.quoted, column=column, type=field.db_type(editor.connection)))

    def list_removal(self, editor: Any, model: type[Model], before: type[Model], table: LiveTable) -> list[str]:
        """Give what drops the column, or its constraint alone where it was there without one."""
        field: Any = model._meta.get_field(self.name)
        if not any(each.name == self.name for each in before._meta.local_fields):
            return [f"ALTER TABLE {table.quoted} DROP COLUMN {quote_whole(field.column)}"]
        name = read_name(editor._create_fk_sql(model, field, _TO_COLUMN))
        if find_validity(table, name) is None:
            return []
        return [_DROP_CONSTRAINT.format(table=table.quoted, name=quote_whole(name))]
