"""Moves a table to another name, another app, another schema and another owner, while a release that knows the old
name still uses it. docs/moving-a-table.md tells how."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement
from django.db.migrations.state import ProjectState

from freehold.operations.stepwise import TitledOperation
from freehold.operations.tables.model_moves import find_model, move_model, rename_content_type
from freehold.operations.tables.relocation import relocate, set_view


class MoveTable(TitledOperation):
    """Moves a table from `old` to `new`, each "schema.table", and its model into the app of the migration.

    `model` is the model as it was before, "app.Model"; empty where no model stands for the table. With `view`, an
    updatable view stays under the old name. Between two owners, and for a view, the ownership map must name the move.
    Content types keep their ids, and with them permissions and the admin's log. Backwards it is exactly undone.

    On SQLite the table is renamed, and there is no view: nothing else runs beside the one process.
    """

    fragment = "move_{self.old}"

    def __init__(self, old: str, new: str, *, model: str = "", view: bool = True) -> None:
        self.old, self.new, self.model, self.view = old, new, model, view

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
        self.run(app_label, schema_editor, from_state, to_state, back=False)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        self.run(app_label, schema_editor, to_state, from_state, back=True)

    def run(self, app_label: str, editor: Any, old: ProjectState, new: ProjectState, *, back: bool) -> None:
        """Move table and content type; `old` and `new` are the states in which the table has that name."""
        before, after = find_model(old, *self.label), find_model(new, app_label, self.label[1])
        here, there = (after, before) if back else (before, after)
        if there is not None and not self.allow_migrate_model(editor.connection.alias, there):
            return
        relocate(editor, self.list_pairs(before, after), here, view=self.view, back=back)
        if here is not None and there is not None:
            self.follow(editor, here, there)

    def list_pairs(self, before: Any, after: Any) -> list[tuple[str, str]]:
        """Give the table, then those that Django made for its many-to-many fields: old and new name of each."""
        pairs = [(self.old, self.new)]
        if before is None or after is None:
            return pairs
        for field in before._meta.local_many_to_many:
            if field.remote_field.through._meta.auto_created:
                there = after._meta.get_field(field.name).remote_field.through
                pairs.append((field.remote_field.through._meta.db_table, there._meta.db_table))
        return [(old, new) for old, new in pairs if old != new]

    def follow(self, editor: BaseDatabaseSchemaEditor, here: Any, there: Any) -> None:
        """Let what goes by the model's or the table's name follow."""
        for statement in editor.deferred_sql:
            if isinstance(statement, Statement):
                statement.rename_table_references(here._meta.db_table, there._meta.db_table)
        if not editor.collect_sql:
            rename_content_type(editor.connection, here._meta, there._meta)

    def describe(self) -> str:
        return f"Move table {self.old} to {self.new}" + (", with a view under the old name" if self.view else "")


class RemoveOldName(TitledOperation):
    """Drops the view that a move left under the old name, once nothing uses it; backwards it is there again.

    On SQLite there is none, and nothing is done.
    """

    title = "Drop the view {self.old}, the old name of {self.new}"
    fragment = "remove_{self.old}"

    def __init__(self, old: str, new: str) -> None:
        self.old, self.new = old, new

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Models know nothing of the view."""

    def database_forwards(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *states: Any) -> None:
        set_view(schema_editor, self.old, self.new, there=False)

    def database_backwards(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *states: Any) -> None:
        set_view(schema_editor, self.old, self.new, there=True)
