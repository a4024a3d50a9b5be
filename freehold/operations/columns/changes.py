"""What a rename and a change of type have in common: two columns, two releases."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from freehold.errors import MigrationError
from freehold.operations.columns.attachments import Attachments
from freehold.operations.columns.attempts import Attempts
from freehold.operations.columns.backfill import Table, read_table
from freehold.operations.columns.expansion import Definition, Expansion, Pace
from freehold.operations.columns.in_place import change_column
from freehold.operations.columns.steps import Place, Step, check_steps
from freehold.operations.columns.triggers import Conversion

Expression = str | Mapping[str, str]  # SQL for every database, or by vendor: {"postgresql": …, "sqlite": …}


class ColumnChange(Operation):
    """One column on the way to another, in two releases; `step` says which part a migration does.

    "expand" makes the new column beside the old one, filled, kept the same by a trigger, and with all that hangs on the
    old one; it is for the release that uses the new column. "contract" drops the old one; it is for the release after.
    """

    reduces_to_sql = False  # the catalogue decides what is sent
    atomic = False
    model_name: str
    step: Step
    forward: Expression = ""
    backward: Expression = ""
    batch_size: int
    pause: float
    lock_timeout: str

    @property
    def old_columns(self) -> tuple[str, ...]:
        """What the old column may be called: `freehold.checks.retiring` asks, which knows no state."""
        raise NotImplementedError

    # --- State -------------------------------------------------------------------------------------------------------
    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Let the state have the new column from the expansion on: its release's models have it."""
        if self.step == "expand":
            self.change_state(app_label, state)

    def change_state(self, app_label: str, state: ProjectState, *, back: bool = False) -> None:
        raise NotImplementedError

    def get_field_name(self, *, back: bool = False) -> str:
        raise NotImplementedError

    def get_fields(self, app_label: str, state: ProjectState) -> tuple[Place, Place]:
        """Give the old and the new field, each with its model, from a state that has the new one."""
        before = state.clone()
        before.__dict__.pop("apps", None)
        self.change_state(app_label, before, back=True)
        old, new = (each.apps.get_model(app_label, self.model_name) for each in (before, state))
        return (
            Place(old, old._meta.get_field(self.get_field_name(back=True))),
            Place(new, new._meta.get_field(self.get_field_name())),
        )

    # --- Databases ---------------------------------------------------------------------------------------------------
    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        self.run(app_label, schema_editor, to_state, back=False)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        self.run(app_label, schema_editor, from_state, back=True)

    def run(self, app_label: str, editor: BaseDatabaseSchemaEditor, state: ProjectState, *, back: bool) -> None:
        old, new = self.get_fields(app_label, state)
        if not self.allow_migrate_model(editor.connection.alias, new.model):
            return
        self.check_fields(old, new)
        if editor.connection.vendor != "postgresql":
            if self.step == "expand":
                self.run_plainly(editor, *((new, old) if back else (old, new)), back=back)
            return
        check_steps(editor, self.describe())
        expansion = self.make_expansion(editor, old, new)
        if self.step == "expand":
            expansion.collapse() if back else expansion.expand(self.define(editor, new))
        else:
            expansion.restore(self.define(editor, old)) if back else expansion.contract(self.define(editor, new))

    def check_fields(self, old: Place, new: Place) -> None:
        """Refuse fields that are not two columns of a table.

        Raises:
            MigrationError: says which, and what to use instead.
        """
        if not old.column or not new.column:
            raise MigrationError(f"{new.label} has no column of its own: use Django's operation")
        if old.column == new.column:
            raise MigrationError(
                f"{new.label} has the column {new.column} before and after {self.describe()}, and both must be there "
                f"at once: give the new field another db_column"
            )

    def run_plainly(self, editor: BaseDatabaseSchemaEditor, source: Place, target: Place, *, back: bool) -> None:
        """Change the column in one go, where a database has one writer at a time."""
        change_column(editor, source, target, self.backward if back else self.forward)

    def make_expansion(self, editor: BaseDatabaseSchemaEditor, old: Place, new: Place) -> Expansion:
        table = read_table(editor.connection, new.model._meta.db_table)
        attempts = Attempts(editor.connection, table.label, table.quoted, self.lock_timeout)
        return Expansion(
            attempts,
            table,
            self.convert(editor, attempts, table, old, new),
            Pace(self.batch_size, self.pause),
            self.attach(editor, attempts, table, old, new),
        )

    def convert(
        self, editor: BaseDatabaseSchemaEditor, attempts: Attempts, table: Table, old: Place, new: Place
    ) -> Conversion:
        raise NotImplementedError

    def attach(
        self, editor: BaseDatabaseSchemaEditor, attempts: Attempts, table: Table, old: Place, new: Place
    ) -> Attachments:
        return Attachments(attempts, table)

    def define(self, editor: BaseDatabaseSchemaEditor, made: Place) -> Definition:
        """Give the definition of a column that is to be made or left alone."""
        raise NotImplementedError

    def references_model(self, name: str, app_label: str) -> bool:
        return name.lower() == self.model_name.lower()

    @property
    def model_name_lower(self) -> str:
        return self.model_name.lower()
