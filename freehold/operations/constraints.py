"""Constraints on tables that are large and in use. docs/expand-and-contract.md"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import AddConstraint, AddField, AlterField
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import CheckConstraint, ForeignKey, Model, OneToOneField

from freehold.backends.names import quote_whole
from freehold.errors import MigrationError
from freehold.operations.columns.attachments import Attachments
from freehold.operations.columns.attempts import Attempts
from freehold.operations.columns.backfill import BATCH, PAUSE, Backfill, Table, read_table
from freehold.operations.columns.in_place import alter_in_place, read_expression
from freehold.operations.columns.readings import INDEX, Attached, Reader
from freehold.operations.columns.requirements import find_validity, require, require_values
from freehold.operations.columns.steps import Place, check_steps, read_name

_ADD_COLUMN = "ALTER TABLE {table} ADD COLUMN {column} {type}"
_DROP_NOT_NULL = "ALTER TABLE {table} ALTER COLUMN {column} DROP NOT NULL"
_DROP_CONSTRAINT = "ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}"
_FIND_EMPTY = "SELECT {keys} FROM {table} WHERE {column} IS NULL LIMIT 1"
_FILL_EMPTY = "UPDATE {table} SET {column} = ({value}) WHERE {column} IS NULL"
_TO_COLUMN = "_fk_%(to_table)s_%(to_column)s"  # Django's suffix for the name of a foreign key


class StepwiseOperation(Operation):
    """Runs on PostgreSQL step by step, and on other databases as Django's own operation does."""

    reduces_to_sql = False  # the catalogue decides what is sent
    atomic = False
    model_name: str
    lock_timeout: str

    def get_plain(self, app_label: str, state: ProjectState) -> Operation:
        raise NotImplementedError

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        self.get_plain(app_label, state).state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        if not self.allow_migrate_model(schema_editor.connection.alias, model):
            return
        if schema_editor.connection.vendor != "postgresql":
            self.run_plainly(app_label, schema_editor, from_state, to_state, back=False)
        else:
            check_steps(schema_editor, self.describe())
            self.build(schema_editor, model, *self.open(schema_editor, model))

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        model = from_state.apps.get_model(app_label, self.model_name)
        if not self.allow_migrate_model(schema_editor.connection.alias, model):
            return
        if schema_editor.connection.vendor != "postgresql":
            self.run_plainly(app_label, schema_editor, from_state, to_state, back=True)
        else:
            check_steps(schema_editor, self.describe())
            before = to_state.apps.get_model(app_label, self.model_name)
            attempts, table = self.open(schema_editor, model)
            attempts.run(*self.list_removal(schema_editor, model, before, attempts, table))

    def open(self, editor: BaseDatabaseSchemaEditor, model: type[Model]) -> tuple[Attempts, Table]:
        table = read_table(editor.connection, model._meta.db_table)
        return Attempts(editor.connection, table.label, table.quoted, self.lock_timeout), table

    def run_plainly(
        self,
        app_label: str,
        editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
        *,
        back: bool,
    ) -> None:
        plain = self.get_plain(app_label, to_state if back else from_state)
        (plain.database_backwards if back else plain.database_forwards)(app_label, editor, from_state, to_state)

    def build(self, editor: Any, model: type[Model], attempts: Attempts, table: Table) -> None:
        """Do it on PostgreSQL; what is done already is left as it is."""
        raise NotImplementedError

    def list_removal(
        self, editor: Any, model: type[Model], before: type[Model], attempts: Attempts, table: Table
    ) -> list[str]:
        """Give the statements that undo it; `before` is the model as it was."""
        raise NotImplementedError

    def references_model(self, name: str, app_label: str) -> bool:
        return name.lower() == self.model_name.lower()


class SetNotNull(StepwiseOperation):
    """Makes a field required. `value`, SQL about the row, is what rows get that have none; nobody may write NULL any
    more, the release before neither."""

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
        field = state.models[app_label, self.model_name.lower()].fields[self.name].clone()
        field.null = False
        return AlterField(self.model_name, self.name, field)

    def run_plainly(
        self,
        app_label: str,
        editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
        *,
        back: bool,
    ) -> None:
        """Give rows without a value theirs, and alter the column at its place."""
        models = [state.apps.get_model(app_label, self.model_name) for state in (from_state, to_state)]
        source, target = (Place(model, model._meta.get_field(self.name)) for model in models)
        value = "" if back else read_expression(self.value, editor.connection.vendor)
        with transaction.atomic(using=editor.connection.alias):
            if value:
                names = {"table": target.model._meta.db_table, "column": target.column}
                quoted = {key: editor.quote_name(name) for key, name in names.items()}
                editor.execute(_FILL_EMPTY.format(value=value, **quoted), None)
            alter_in_place(editor, source, target)

    def build(self, editor: Any, model: type[Model], attempts: Attempts, table: Table) -> None:
        column = str(model._meta.get_field(self.name).column)  # type: ignore[union-attr]
        if Reader(attempts, table).get_column(column).is_required:
            return
        if value := read_expression(self.value, "postgresql"):
            pace = {"size": self.batch_size, "pause": self.pause}
            condition = f"{quote_whole(column)} IS NULL"
            Backfill(attempts, table, column, value, condition, **pace).run()  # type: ignore[arg-type]
        self.refuse_empty(attempts, table, column)
        require_values(attempts, table, column)

    def refuse_empty(self, attempts: Attempts, table: Table, column: str) -> None:
        """Refuse rows without a value before anything is changed for those who write."""
        keys = ", ".join(f"{quote_whole(key)}::text" for key in table.keys)
        rows = attempts.fetch(_FIND_EMPTY.format(keys=keys, table=table.quoted, column=quote_whole(column)))
        if rows:
            raise MigrationError(
                f"{table.label}.{column} is NULL in the row with {table.describe_row(list(rows[0]))}: give "
                f"SetNotNull a value for such rows, or correct them, and run migrate again"
            )

    def list_removal(
        self, editor: Any, model: type[Model], before: type[Model], attempts: Attempts, table: Table
    ) -> list[str]:
        column = quote_whole(str(model._meta.get_field(self.name).column))  # type: ignore[union-attr]
        return [_DROP_NOT_NULL.format(table=table.quoted, column=column)]

    def describe(self) -> str:
        return f"Require a value in {self.model_name}.{self.name}"

    @property
    def migration_name_fragment(self) -> str:
        return f"require_{self.model_name.lower()}_{self.name.lower()}"


class AddCheck(StepwiseOperation):
    """Adds a check constraint: first for what is written from now on, then for the rows that are there."""

    def __init__(self, model_name: str, constraint: CheckConstraint, *, lock_timeout: str = "") -> None:
        self.model_name, self.constraint, self.lock_timeout = model_name, constraint, lock_timeout

    def get_plain(self, app_label: str, state: ProjectState) -> Operation:
        return AddConstraint(self.model_name, self.constraint)

    def build(self, editor: Any, model: type[Model], attempts: Attempts, table: Table) -> None:
        require(attempts, table, self.constraint.name, str(self.constraint.create_sql(model, editor)))

    def list_removal(
        self, editor: Any, model: type[Model], before: type[Model], attempts: Attempts, table: Table
    ) -> list[str]:
        return [_DROP_CONSTRAINT.format(table=table.quoted, name=quote_whole(self.constraint.name))]

    def describe(self) -> str:
        return f"Add check {self.constraint.name} to {self.model_name}"

    @property
    def migration_name_fragment(self) -> str:
        return f"{self.model_name.lower()}_{self.constraint.name.lower()}"


class AddForeignKey(StepwiseOperation):
    """Adds a nullable foreign key with its index, or the constraint to a field that had db_constraint=False."""

    def __init__(self, model_name: str, name: str, field: ForeignKey[Any, Any], *, lock_timeout: str = "") -> None:
        self.model_name, self.name, self.field, self.lock_timeout = model_name, name, field, lock_timeout

    def get_plain(self, app_label: str, state: ProjectState) -> Operation:
        """Give AddField, or AlterField where the field is there without a constraint."""
        is_there = self.name in state.models[app_label, self.model_name.lower()].fields
        return (AlterField if is_there else AddField)(self.model_name, self.name, self.field)

    def build(self, editor: Any, model: type[Model], attempts: Attempts, table: Table) -> None:
        """Add the column, its index and its constraint, and prove it."""
        field: Any = model._meta.get_field(self.name)
        if Reader(attempts, table).find_column(field.column) is None:
            self.add_column(editor, model, field, attempts, table)
        if field.db_index:
            index = editor._create_index_sql(model, fields=[field])
            made = Attached(INDEX, read_name(index), "", str(index))
            Attachments(attempts, table).make(made, made.name, field.column)
        if field.db_constraint:
            key = editor._create_fk_sql(model, field, _TO_COLUMN)
            require(attempts, table, read_name(key), str(key))

    def add_column(self, editor: Any, model: type[Model], field: Any, attempts: Attempts, table: Table) -> None:
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
        attempts.run(_ADD_COLUMN.format(table=table.quoted, column=column, type=field.db_type(editor.connection)))

    def list_removal(
        self, editor: Any, model: type[Model], before: type[Model], attempts: Attempts, table: Table
    ) -> list[str]:
        """Give what drops the column, or its constraint alone where it was there without one."""
        field: Any = model._meta.get_field(self.name)
        if not any(each.name == self.name for each in before._meta.local_fields):
            return [f"ALTER TABLE {table.quoted} DROP COLUMN {quote_whole(field.column)}"]
        name = read_name(editor._create_fk_sql(model, field, _TO_COLUMN))
        if find_validity(attempts, table, name) is None:
            return []
        return [_DROP_CONSTRAINT.format(table=table.quoted, name=quote_whole(name))]

    def describe(self) -> str:
        return f"Add foreign key {self.model_name}.{self.name}"

    @property
    def migration_name_fragment(self) -> str:
        return f"{self.model_name.lower()}_{self.name.lower()}"
