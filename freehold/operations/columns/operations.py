"""Columns that get another name or type while the release before still uses them. docs/expand-and-contract.md"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState
from django.db.models import Field

from freehold.backends.postgresql.schemamoves import join_name
from freehold.errors import MigrationError
from freehold.operations.columns.attachments import Attachments
from freehold.operations.columns.attempts import Attempts
from freehold.operations.columns.backfill import BATCH, PAUSE, Table
from freehold.operations.columns.changes import ColumnChange, Expression
from freehold.operations.columns.expansion import Definition
from freehold.operations.columns.in_place import read_expression
from freehold.operations.columns.readings import INDEX, Attached, Reader
from freehold.operations.columns.renaming import rename_field
from freehold.operations.columns.steps import Place, Step, read_name
from freehold.operations.columns.triggers import Conversion

_PATTERN = "_pattern_ops"  # the operator classes of Django's indexes for LIKE


class RenameColumn(ColumnChange):
    """Gives a field and its column another name while the release before still uses the old one.

    The type, the default, indexes, constraints, grants and the comment of the column go along.
    """

    def __init__(
        self,
        model_name: str,
        old_name: str,
        new_name: str,
        step: Step = "expand",
        *,
        batch_size: int = BATCH,
        pause: float = PAUSE,
        lock_timeout: str = "",
    ) -> None:
        self.model_name, self.old_name, self.new_name, self.step = model_name, old_name, new_name, step
        self.batch_size, self.pause, self.lock_timeout = batch_size, pause, lock_timeout

    def change_state(self, app_label: str, state: ProjectState, *, back: bool = False) -> None:
        """Rename the field."""
        names = (self.new_name, self.old_name) if back else (self.old_name, self.new_name)
        rename_field(state, app_label, self.model_name_lower, *names)

    @property
    def old_columns(self) -> tuple[str, ...]:
        """Give the old name, and that of a foreign key's column."""
        return self.old_name, f"{self.old_name}_id"

    def get_field_name(self, *, back: bool = False) -> str:
        """Give the field's name."""
        return self.old_name if back else self.new_name

    def convert(
        self, editor: BaseDatabaseSchemaEditor, attempts: Attempts, table: Table, old: Place, new: Place
    ) -> Conversion:
        """Take the values as they are."""
        reader = Reader(attempts, table)
        found = reader.find_column(old.column) or reader.get_column(new.column)
        return Conversion(old.column, new.column, found.type, found.type)

    def define(self, editor: BaseDatabaseSchemaEditor, made: Place) -> Definition:
        return Definition()

    def describe(self) -> str:
        """Say what it is, for `migrate --plan`."""
        return f"{self.step.capitalize()}: {self.model_name}.{self.old_name} becomes {self.new_name}"

    @property
    def migration_name_fragment(self) -> str:
        return f"{self.step}_{self.model_name_lower}_{self.new_name.lower()}"


class ChangeColumnType(ColumnChange):
    """Gives a field another type, in another column, while the release before still uses the old one.

    `forward` is SQL that makes the new value of the old column, `backward` the reverse; each names the column which it
    takes the value from. Both fields are given in both steps: the way back of the contraction makes the old one again.
    """

    def __init__(
        self,
        model_name: str,
        name: str,
        old: Field[Any, Any],
        new: Field[Any, Any],
        step: Step = "expand",
        *,
        forward: Expression = "",
        backward: Expression = "",
        batch_size: int = BATCH,
        pause: float = PAUSE,
        lock_timeout: str = "",
    ) -> None:
        self.model_name, self.name, self.old, self.new, self.step = model_name, name, old, new, step
        self.forward, self.backward = forward, backward
        self.batch_size, self.pause, self.lock_timeout = batch_size, pause, lock_timeout

    def change_state(self, app_label: str, state: ProjectState, *, back: bool = False) -> None:
        """Put the one field in the place of the other."""
        field = self.old if back else self.new
        state.alter_field(app_label, self.model_name_lower, self.name, field, preserve_default=True)

    @property
    def old_columns(self) -> tuple[str, ...]:
        """Give the old field's column."""
        return (self.old.db_column,) if self.old.db_column else (self.name, f"{self.name}_id")

    def get_field_name(self, *, back: bool = False) -> str:
        """Give the field's name, which stays."""
        return self.name

    def check_fields(self, old: Place, new: Place) -> None:
        """Refuse, besides, fields that differ in more than their type and column."""
        super().check_fields(old, new)
        for option in ("null", "unique", "db_index", "primary_key", "is_relation"):
            before, after = (getattr(each.field, option) for each in (old, new))
            if before != after:
                raise MigrationError(
                    f"{new.label} has {option}={before} before and {after} after: ChangeColumnType changes the "
                    f"type alone. Do the other thing in a migration of its own"
                )

    def convert(
        self, editor: BaseDatabaseSchemaEditor, attempts: Attempts, table: Table, old: Place, new: Place
    ) -> Conversion:
        """Take the fields' types."""
        return Conversion(
            old.column,
            new.column,
            str(old.field.db_type(editor.connection)),
            str(new.field.db_type(editor.connection)),
            read_expression(self.forward, "postgresql"),
            read_expression(self.backward, "postgresql"),
        )

    def define(self, editor: Any, made: Place) -> Definition:
        """Make it as the field says."""
        field = made.field
        parameters = field.db_parameters(editor.connection)
        collation = parameters.get("collation")
        default = None
        if field.has_db_default():
            default = editor.connection.ops.compose_sql(*editor.db_default_sql(field))
        quoted = editor.quote_name(collation) if collation else ""
        return Definition(str(parameters["type"]), quoted, default)

    def attach(self, editor: Any, attempts: Attempts, table: Table, old: Place, new: Place) -> Attachments:
        """Leave behind what is the type's own: Django's index for LIKE and the check of a positive number."""
        checks = [_find_check(editor, each) for each in (old, new)]
        named = {each.name for each in new.model._meta.constraints}

        def goes(each: Attached) -> bool:
            is_fields = each.kind == "c" and each.width == 1 and each.name not in named
            return _PATTERN not in each.index and not (is_fields and checks[0] != checks[1] and any(checks))

        def extra(column: str) -> Iterable[Attached]:
            made, is_old = (old, True) if column == old.column else (new, False)
            if like := editor._create_like_index_sql(made.model, made.field):
                yield Attached(INDEX, read_name(like), "", str(like))
            if checks[0] != checks[1] and (check := _find_check(editor, made)):
                # The old one as CREATE TABLE named it, the new one as AlterField would.
                name = join_name(table.bare, column, "check") if is_old else _name_check(editor, made)
                yield Attached("c", name, f"CHECK ({check % {'column': column}})", "")

        return Attachments(attempts, table, goes, extra)

    def describe(self) -> str:
        """Say what it is, for `migrate --plan`."""
        return f"{self.step.capitalize()}: {self.model_name}.{self.name} gets another type"

    @property
    def migration_name_fragment(self) -> str:
        return f"{self.step}_{self.model_name_lower}_{self.name.lower()}"


def _name_check(editor: Any, place: Place) -> str:
    """Give the name that AlterField gives a field's check."""
    return str(editor._create_index_name(place.model._meta.db_table, [place.column], suffix="_check"))


def _find_check(editor: BaseDatabaseSchemaEditor, place: Place) -> str:
    """Give the condition that Django puts on a field of this kind, with its column left open; empty if none."""
    kinds: Mapping[str, Any] = editor.connection.data_type_check_constraints
    return str(kinds.get(place.field.get_internal_type(), ""))
