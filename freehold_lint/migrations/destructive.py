"""M001 to M009: what is lost, and can't be had back by the way down."""

from __future__ import annotations

from freehold_lint.migrations.change_rules import ChangeRule, MigrationContext, say
from freehold_lint.migrations.vocabulary import MigrationChange

_BACKUP = "Copy the rows first, or keep the table under another name until nobody misses it; then waive this."


def _is_lossy_object(change: MigrationChange) -> bool:
    """Tell whether data go with the object: a sequence's position, and columns of a type or of an extension's."""
    return change.sort in ("sequence", "type", "domain", "extension")


def _judge_delete(change: MigrationChange, context: MigrationContext) -> str:
    """Find TRUNCATE, and DELETE of whatever is there."""
    if change.sort == "TRUNCATE" or not change.has("where"):
        return f"every row is lost: {change.sort} has no condition."
    if context.is_unbounded(change):
        return f"every row is lost: the condition of {change.sort} chooses none among them."
    return ""


RULES = (
    ChangeRule(
        "M001",
        "A table is dropped",
        ("drop_table",),
        say("its rows are lost; the way down makes an empty one."),
        _BACKUP,
    ),
    ChangeRule(
        "M002",
        "A column is dropped",
        ("drop_column",),
        say("what the column holds is lost; the way down makes an empty one."),
        "Copy what it holds first; let a release go by that does not use it; then waive this.",
    ),
    ChangeRule(
        "M003",
        "A schema or a database is dropped",
        ("drop_object",),
        say("all that lies in the {0.sort} is lost.", when=lambda change: change.sort in ("schema", "database")),
        "Drop what lies in it piece by piece, each where its owner can see it.",
    ),
    ChangeRule(
        "M004",
        "All rows of a table are deleted",
        ("delete",),
        _judge_delete,
        "Say which rows in WHERE; or let a seed hold them, which can be taken back.",
    ),
    ChangeRule(
        "M005",
        "CASCADE takes along what nobody named",
        ("drop_table", "drop_column", "drop_constraint", "drop_object", "delete"),
        say("CASCADE takes all that depends on it, other owners' too.", when=lambda change: change.has("cascade")),
        "Drop what depends on it by name, before; then leave CASCADE out.",
        spares_new=False,
    ),
    ChangeRule(
        "M006",
        "A sequence, a type or an extension is dropped",
        ("drop_object",),
        say("with the {0.sort} goes what only it knows: a position, or columns of its types.", when=_is_lossy_object),
        "Make sure that no column uses it; then waive this.",
    ),
    ChangeRule(
        "M007",
        "A constraint is dropped",
        ("drop_constraint",),
        say(
            "rows that break the {0.sort} may come in from now on, and then it can't be put back.",
            when=lambda change: not change.has("replaced"),
        ),
        "Add the rule that takes its place before; if none does, say why.",
    ),
    ChangeRule(
        "M008",
        "An operation can't be undone",
        ("irreversible",),
        say("{0.sort} has no way back, so that `rollback` ends here."),
        "Give it reverse_sql or reverse_code; RunPython.noop and RunSQL.noop where nothing is to be undone.",
        spares_new=False,
    ),
    ChangeRule(
        "M009",
        "SQL can't be parsed",
        ("unreadable",),
        say("PostgreSQL does not understand it, and nobody sees what it does: {0.sort}."),
        "Correct it; what is SQLite's own stands in RunSQLite, or in a file with sqlite in its name.",
    ),
)
