"""M101 to M111: what the release that still runs, or another owner, trips over."""

from __future__ import annotations

from freehold_lint.migrations.change_rules import ChangeRule, MigrationContext, say
from freehold_lint.migrations.conversions import is_compatible
from freehold_lint.migrations.vocabulary import MigrationChange

_WAIT = "Let a release go by that does not use it (state_operations alone), then drop it in a later one."
_OBJECTS = ("function", "view", "type", "enum value", "schema")


def _judge_column_rename(change: MigrationChange, context: MigrationContext) -> str:
    if context.running.knows(change.table, change.name) is False:
        return ""
    return f"the running release goes on reading and writing {change.name}, which is {change.new} now."


def _judge_dropped_column(change: MigrationChange, context: MigrationContext) -> str:
    """Find columns that a model of the running release has: Django names every column in SELECT and INSERT."""
    if not context.running.knows(change.table, change.name):
        return ""
    return "the running release names the column in each SELECT and INSERT of the table."


def _judge_dropped_table(change: MigrationChange, context: MigrationContext) -> str:
    return "the running release has a model of this table." if context.running.knows(change.table) else ""


def _is_required(change: MigrationChange) -> bool:
    return not (change.has("nullable") or change.has("default"))


def _judge_type(change: MigrationChange, context: MigrationContext) -> str:
    if is_compatible(change.old, change.new) or context.running.knows(change.table, change.name) is False:
        return ""
    was = f", which was {change.old}" if change.old else ""
    return f"the running release reads and writes another type than {change.new}{was}."


def _judge_contract(change: MigrationChange, context: MigrationContext) -> str:
    if change.kind in ("drop_object", "rename_object"):
        names = context.list_consumers(change.name, "()") if change.sort == "function" else []
    elif change.kind == "change_type" and is_compatible(change.old, change.new):
        names = []
    else:
        names = context.list_consumers(change.table, change.name)
    return f"{' and '.join(names)} rel{'y' if len(names) > 1 else 'ies'} on it by contract." if names else ""


RULES = (
    ChangeRule(
        "M101",
        "A table is renamed or moved",
        ("rename_table",),
        say("the running release goes on asking for {0.table}, which is {0.new} now."),
        "Use MoveTable of freehold.operations, which leaves a view under the old name.",
    ),
    ChangeRule(
        "M102",
        "A column is renamed",
        ("rename_column",),
        _judge_column_rename,
        "Use RenameColumn of freehold.operations, which keeps both names in step; or rename the field alone and keep "
        "the column with db_column.",
    ),
    ChangeRule(
        "M103", "A column that the running release uses is dropped", ("drop_column",), _judge_dropped_column, _WAIT
    ),
    ChangeRule(
        "M104", "A table that the running release uses is dropped", ("drop_table",), _judge_dropped_table, _WAIT
    ),
    ChangeRule(
        "M105",
        "A column is added that the running release does not fill",
        ("add_column",),
        say("an INSERT of the running release leaves the column out, and it may not be NULL.", when=_is_required),
        "Give it a db_default, which the database keeps (default= alone is Python's), or null=True until it is filled.",
    ),
    ChangeRule(
        "M106",
        "A column gets another type",
        ("change_type",),
        _judge_type,
        "Use ChangeColumnType of freehold.operations: a new column beside the old one, kept in step.",
    ),
    ChangeRule(
        "M107",
        "A column may no longer be NULL",
        ("set_not_null",),
        say("the running release may still write NULL."),
        "Let a release go by that writes no NULL, or give the column a db_default and a trigger; SetNotNull of "
        "freehold.operations does the rest.",
    ),
    ChangeRule(
        "M108",
        "A column may be NULL from now on",
        ("drop_not_null",),
        say("the running release does not expect NULL where it reads the column."),
        "Let a release go by that reads NULL before the first one writes it; then waive this.",
    ),
    ChangeRule(
        "M109",
        "A default of the database is dropped",
        ("drop_default",),
        say("the running release relies on it where it leaves the column out, or writes DEFAULT."),
        "Let a release go by that always writes the column; then waive this.",
    ),
    ChangeRule(
        "M110",
        "A function, view or type is dropped or renamed",
        ("drop_object", "rename_object"),
        say("the running release may still use the {0.sort}.", when=lambda change: change.sort in _OBJECTS),
        "Make the new one beside it, let a release go by that uses that, then drop the old one.",
    ),
    ChangeRule(
        "M111",
        "Something that a contract shares is dropped, renamed or changed",
        ("drop_table", "drop_column", "rename_table", "rename_column", "change_type", "drop_object", "rename_object"),
        _judge_contract,
        "Keep it and add another beside it; change it once nobody's contract names it any more.",
    ),
)
