"""Columns that get another name or type while the release before still uses them. docs/expand-and-contract.md"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from django.db.migrations.state import ProjectState
from django.db.models import Field

from freehold.backends.postgresql.schemamoves import join_name
from freehold.errors import MigrationError
from freehold.operations.columns.attachments import Attachments
from freehold.operations.columns.attempts import LiveTable
from freehold.operations.columns.backfill import BATCH, PAUSE
from freehold.operations.columns.expansion import Definition, Expansion
from freehold.operations.columns.in_place import change_column, read_expression
from freehold.operations.columns.readings import INDEX, Attached, ColumnReader
from freehold.operations.columns.renaming import rename_field
from freehold.operations.columns.triggers import Conversion
from freehold.operations.stepwise import ModelField, StepwiseOperation, read_name

_Expression = str | Mapping[str, str]  # SQL for every database, or by vendor: {"postgresql": …, "sqlite": …}
_Step = Literal["expand", "contract"]
_PATTERN = "_pattern_ops"  # the operator classes of Django's indexes for LIKE


class _ColumnChange(StepwiseOperation):
    """One column on the way to another, in two releases; `step` says which part a migration does.

    "expand" makes the new column beside the old one, filled, kept the same by a trigger, and with all that hangs on the
    old one; it is for the release that uses the new column. "contract" drops the old one; it is for the release after.
    """

    step: _Step
    forward: _Expression = ""
    backward: _Expression = ""
    batch_size: int
    pause: float

    @property
    def old_columns(self) -> tuple[str, ...]:
        """What the old column may be called: `freehold.checks.contract_names` asks, which knows no state."""
        raise NotImplementedError

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Let the state have the new column from the expansion on: its release's models have it."""
        if self.step == "expand":
            self.change_state(app_label, state)

    def change_state(self, app_label: str, state: ProjectState, *, back: bool = False) -> None:
        """Put the new field in the place of the old one, or back."""
        raise NotImplementedError

    def get_field_name(self, *, back: bool = False) -> str:
        """Give the field's name in the new state, or in the old one."""
        raise NotImplementedError

    def get_fields(self, app_label: str, state: ProjectState) -> tuple[ModelField, ModelField]:
        """Give the old and the new field from a state that has the new one.

        Raises:
            MigrationError: they are not two columns of a table; it says which, and what to use instead.
        """
        before = state.clone()
        before.__dict__.pop("apps", None)
        self.change_state(app_label, before, back=True)
        old, new = (each.apps.get_model(app_label, self.model_name) for each in (before, state))
        fields = (
            ModelField(old, old._meta.get_field(self.get_field_name(back=True))),
            ModelField(new, new._meta.get_field(self.get_field_name())),
        )
        self.check_fields(*fields)
        return fields

    def check_fields(self, old: ModelField, new: ModelField) -> None:
        if not old.column or not new.column:
            raise MigrationError(f"{new.label} has no column of its own: use Django's operation")
        if old.column == new.column:
            raise MigrationError(
                f"{new.label} has the column {new.column} before and after {self.describe()}, and both must be there "
                f"at once: give the new field another db_column"
            )

    def run_plainly(
        self, app_label: str, editor: Any, before: ProjectState, after: ProjectState, *, back: bool
    ) -> None:
        old, new = self.get_fields(app_label, before if back else after)
        if self.step == "expand":
            pair, expression = ((new, old), self.backward) if back else ((old, new), self.forward)
            change_column(editor, *pair, expression)

    def run_in_steps(
        self, app_label: str, editor: Any, before: ProjectState, after: ProjectState, table: LiveTable, *, back: bool
    ) -> None:
        old, new = self.get_fields(app_label, before if back else after)
        conversion, attachments = self.convert(editor, table, old, new), self.attach(editor, table, old, new)
        expansion = Expansion(conversion, attachments, size=self.batch_size, pause=self.pause)
        if self.step == "expand":
            expansion.collapse() if back else expansion.expand(self.define(editor, new))
        else:
            expansion.restore(self.define(editor, old)) if back else expansion.contract(self.define(editor, new))

    def convert(self, editor: Any, table: LiveTable, old: ModelField, new: ModelField) -> Conversion:
        """Give both columns and how one becomes the other: its values are taken as they are."""
        reader = ColumnReader(table)
        found = reader.find_column(old.column) or reader.get_column(new.column)
        return Conversion(old.column, new.column, found.type, found.type)

    def attach(self, editor: Any, table: LiveTable, old: ModelField, new: ModelField) -> Attachments:
        """Give what hangs on them."""
        return Attachments(table)

    def define(self, editor: Any, made: ModelField) -> Definition:
        """Give the definition of a column that is to be made or left alone."""
        return Definition()

    def describe(self) -> str:
        return f"{self.step.capitalize()}: {super().describe()}"


class RenameColumn(_ColumnChange):
    """Gives a field and its column another name while the release before still uses the old one.

    The type, the default, indexes, constraints, grants and the comment of the column go along.
    """

    title = "{self.model_name}.{self.old_name} becomes {self.new_name}"
    fragment = "{self.step}_{self.model_name}_{self.new_name}"

    def __init__(
        self,
        model_name: str,
        old_name: str,
        new_name: str,
        step: _Step = "expand",
        *,
        batch_size: int = BATCH,
        pause: float = PAUSE,
        lock_timeout: str = "",
    ) -> None:
        self.model_name, self.old_name, self.new_name, self.step = model_name, old_name, new_name, step
        self.batch_size, self.pause, self.lock_timeout = batch_size, pause, lock_timeout

    def change_state(self, app_label: str, state: ProjectState, *, back: bool = False) -> None:
        names = (self.new_name, self.old_name) if back else (self.old_name, self.new_name)
        rename_field(state, app_label, self.model_name_lower, *names)

    @property
    def old_columns(self) -> tuple[str, ...]:
        return self.old_name, f"{self.old_name}_id"

    def get_field_name(self, *, back: bool = False) -> str:
        return self.old_name if back else self.new_name


class ChangeColumnType(_ColumnChange):
    """Gives a field another type, in another column, while the release before still uses the old one.

    `forward` is SQL that makes the new value of the old column, `backward` the reverse; each names the column which it
    takes the value from. Both fields are given in both steps: the way back of the contraction makes the old one again.
    """

    title = "{self.model_name}.{self.name} gets another type"
    fragment = "{self.step}_{self.model_name}_{self.name}"

    def __init__(
        self,
        model_name: str,
        name: str,
        old: Field[Any, Any],
        new: Field[Any, Any],
        step: _Step = "expand",
        *,
        forward: _Expression = "",
        backward: _Expression = "",
        batch_size: int = BATCH,
        pause: float = PAUSE,
        lock_timeout: str = "",
    ) -> None:
        self.model_name, self.name, self.old, self.new, self.step = model_name, name, old, new, step
        self.forward, self.backward = forward, backward
        self.batch_size, self.pause, self.lock_timeout = batch_size, pause, lock_timeout

    def change_state(self, app_label: str, state: ProjectState, *, back: bool = False) -> None:
        field = self.old if back else self.new
        state.alter_field(app_label, self.model_name_lower, self.name, field, preserve_default=True)

    @property
    def old_columns(self) -> tuple[str, ...]:
        return (self.old.db_column,) if self.old.db_column else (self.name, f"{self.name}_id")

    def get_field_name(self, *, back: bool = False) -> str:
        return self.name

    def check_fields(self, old: ModelField, new: ModelField) -> None:
        """Refuse, besides, fields that differ in more than their type and column."""
        super().check_fields(old, new)
        for option in ("null", "unique", "db_index", "primary_key", "is_relation"):
            before, after = (getattr(each.field, option) for each in (old, new))
            if before != after:
                raise MigrationError(
                    f"{new.label} has {option}={before} before and {after} after: ChangeColumnType changes the "
                    f"type alone. Do the other thing in a migration of its own"
                )

    def convert(self, editor: Any, table: LiveTable, old: ModelField, new: ModelField) -> Conversion:
        return Conversion(
            old.column,
            new.column,
            str(old.field.db_type(editor.connection)),
            str(new.field.db_type(editor.connection)),
            read_expression(self.forward, "postgresql"),
            read_expression(self.backward, "postgresql"),
        )

    def define(self, editor: Any, made: ModelField) -> Definition:
        field = made.field
        parameters = field.db_parameters(editor.connection)
        collation = parameters.get("collation")
        default = None
        if field.has_db_default():
            default = editor.connection.ops.compose_sql(*editor.db_default_sql(field))
        quoted = editor.quote_name(collation) if collation else ""
        return Definition(str(parameters["type"]), quoted, default)

    def attach(self, editor: Any, table: LiveTable, old: ModelField, new: ModelField) -> Attachments:
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
                fresh = editor._create_index_name(made.model._meta.db_table, [made.column], suffix="_check")
                name = join_name(table.bare, column, "check") if is_old else str(fresh)
                yield Attached("c", name, f"CHECK ({check % {'column': column}})", "")

        return Attachments(table, goes, extra)


def _find_check(editor: Any, place: ModelField) -> str:
    """Give the condition that Django puts on a field of this kind, with its column left open; empty if none."""
    return str(editor.connection.data_type_check_constraints.get(place.field.get_internal_type(), ""))
