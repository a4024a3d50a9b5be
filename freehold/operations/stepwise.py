"""What the operations have in common: a title, and for tables that are large and in use, steps that each commit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import Model

from freehold.errors import MigrationError
from freehold.operations.columns.attempts import LiveTable


class TitledOperation(Operation):
    """Says what it is (`migrate --plan`), and what a migration of it alone is called, by its attributes."""

    title: str
    fragment: str

    def describe(self) -> str:
        return self.title.format(self=self)

    @property
    def migration_name_fragment(self) -> str:
        return self.fragment.format(self=self).replace(".", "_").lower()


@dataclass(frozen=True)
class ModelField:
    """A field in its model, as both are at one time."""

    model: type[Model]
    field: Any  # Django's stubs have no db_index and no remote field for a field of any kind

    @property
    def column(self) -> str:
        """The column's name; empty where the field has none."""
        return str(self.field.column or "")

    @property
    def label(self) -> str:
        """The field as people know it: `items.Item.price`."""
        return f"{self.model._meta.label}.{self.field.name}"


class StepwiseOperation(TitledOperation):
    """Runs on PostgreSQL step by step, and in one go where a database has one writer at a time."""

    reduces_to_sql = False  # the catalogue decides what is sent
    atomic = False
    model_name: str
    lock_timeout: str

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        self.run(app_label, schema_editor, from_state, to_state, back=False)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        self.run(app_label, schema_editor, from_state, to_state, back=True)

    def run(self, app_label: str, editor: Any, before: ProjectState, after: ProjectState, *, back: bool) -> None:
        """Do it, or undo it, from the state before to the one after.

        Raises:
            MigrationError: there is a transaction around it: it would hold each lock to its end, and lose all at a
                failure.
        """
        model = (before if back else after).apps.get_model(app_label, self.model_name)
        if not self.allow_migrate_model(editor.connection.alias, model):
            return
        if editor.connection.vendor != "postgresql":
            self.run_plainly(app_label, editor, before, after, back=back)
            return
        if editor.connection.in_atomic_block:
            raise MigrationError(
                f"{self.describe()}: its migration runs in one transaction, and this commits step by step: write "
                f"`atomic = False` into the Migration class; nothing was changed"
            )
        table = LiveTable(editor.connection, model._meta.db_table, self.lock_timeout)
        self.run_in_steps(app_label, editor, before, after, table, back=back)

    def run_plainly(
        self, app_label: str, editor: Any, before: ProjectState, after: ProjectState, *, back: bool
    ) -> None:
        raise NotImplementedError

    def run_in_steps(
        self,
        app_label: str,
        editor: Any,
        before: ProjectState,
        after: ProjectState,
        table: LiveTable,
        *,
        back: bool,
    ) -> None:
        """Do it on PostgreSQL; what is done already is left as it is."""
        raise NotImplementedError

    def references_model(self, name: str, app_label: str) -> bool:
        return name.lower() == self.model_name_lower

    @property
    def model_name_lower(self) -> str:
        return self.model_name.lower()


def read_name(statement: Any) -> str:
    """Give the name of what a statement of Django's schema editor makes."""
    return str(statement.parts["name"]).strip('"')
