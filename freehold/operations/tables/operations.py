"""Moves a table to another name, another app, another schema and another owner, while a release that knows the old
name still uses it. docs/moving-a-table.md tells how."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from freehold.operations.tables.contenttypes import rename_content_type
from freehold.operations.tables.relocation import relocate, restore_view, take_view
from freehold.operations.tables.states import find_model, move_model

_Pair = tuple[str, str]


class MoveTable(Operation):
    """Moves a table from `old` to `new`, each "schema.table", and its model into the app of the migration.

    `model` is the model as it was before, "app.Model"; empty where no model stands for the table. With `view`, an
    updatable view stays under the old name. Between two owners, and for a view, the ownership map must name the move.
    Content types keep their ids, and with them permissions and the admin's log. Backwards it is exactly undone.

    On SQLite the table is renamed, and there is no view: nothing else runs beside the one process.
    """

    reversible = True

    def __init__(self, old: str, new: str, *, model: str = "", view: bool = True) -> None:
        self.old, self.new, self.model, self.view = old, new, model, view

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        options: dict[str, Any] = {"model": self.model} if self.model else {}
        return type(self).__name__, [self.old, self.new], options | ({} if self.view else {"view": False})

    @property
    def label(self) -> tuple[str, str]:
        """App and name of the model before the move."""
        app, _, name = self.model.partition(".")
        return app, name

    @property
    def leaves(self) -> tuple[str, str]:
        """The app whose model this is before the move, and the schema that its table leaves: for whoever plans."""
        return self.label[0], self.old.partition(".")[0]

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Move the model into the migration's app, and let every relation to it follow."""
        if self.model:
            move_model(state, self.label, app_label, self.new)

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        before, after = find_model(from_state, *self.label), find_model(to_state, app_label, self.label[1])
        if not self.allows(schema_editor, after):
            return
        relocate(schema_editor, self.list_pairs(before, after), before, view=self.view)
        self.follow(schema_editor, before, after)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Move them back; the view gives its name up."""
        after, before = find_model(from_state, app_label, self.label[1]), find_model(to_state, *self.label)
        if not self.allows(schema_editor, before):
            return
        relocate(schema_editor, self.list_pairs(before, after), after, view=self.view, back=True)
        self.follow(schema_editor, after, before)

    def allows(self, schema_editor: BaseDatabaseSchemaEditor, model: Any) -> bool:
        """Tell whether the database takes the model, as a router decides."""
        return model is None or self.allow_migrate_model(schema_editor.connection.alias, model)

    def list_pairs(self, before: Any, after: Any) -> list[_Pair]:
        """Give the table, then those that Django made for its many-to-many fields: old and new name of each."""
        pairs = [(self.old, self.new)]
        if before is None or after is None:
            return pairs
        for field in before._meta.local_many_to_many:
            if field.remote_field.through._meta.auto_created:
                there = after._meta.get_field(field.name).remote_field.through
                pairs.append((field.remote_field.through._meta.db_table, there._meta.db_table))
        return [(old, new) for old, new in pairs if old != new]

    def follow(self, schema_editor: BaseDatabaseSchemaEditor, here: Any, there: Any) -> None:
        """Let what goes by the model's or the table's name follow."""
        if here is None or there is None:
            return
        for statement in schema_editor.deferred_sql:
            if isinstance(statement, Statement):
                statement.rename_table_references(here._meta.db_table, there._meta.db_table)
        if not schema_editor.collect_sql:
            rename_content_type(schema_editor.connection, here._meta, there._meta)

    def references_model(self, name: str, app_label: str) -> bool:
        """Say that any model may be concerned, so that no operation is optimized across this one."""
        return True

    def describe(self) -> str:
        return f"Move table {self.old} to {self.new}" + (", with a view under the old name" if self.view else "")

    @property
    def migration_name_fragment(self) -> str:
        return f"move_{self.old.replace('.', '_')}"


class RemoveOldName(Operation):
    """Drops the view that a move left under the old name, once nothing uses it; backwards it is there again.

    On SQLite there is none, and nothing is done.
    """

    reversible = True

    def __init__(self, old: str, new: str) -> None:
        self.old, self.new = old, new

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [self.old, self.new], {}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Models know nothing of the view."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        take_view(schema_editor, self.old, self.new)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        restore_view(schema_editor, self.old, self.new)

    def describe(self) -> str:
        return f"Drop the view {self.old}, the old name of {self.new}"

    @property
    def migration_name_fragment(self) -> str:
        return f"remove_{self.old.replace('.', '_')}"
