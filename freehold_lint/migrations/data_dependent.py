"""M201 to M205: what works on an empty table, and fails where rows stand in its way."""

from __future__ import annotations

from freehold_lint.migrations.change_rules import ChangeRule, say
from freehold_lint.migrations.conversions import is_narrowing
from freehold_lint.migrations.vocabulary import MigrationChange

UNIQUE = ("unique", "primary key", "exclusion")
_QUERY = "Look for such rows in a migration before this one, and mend them; a waiver says that you did."


def _makes_unique(change: MigrationChange) -> bool:
    """Tell whether rows that are there may be alike. A column that is new, and NULL in each, has nothing alike."""
    if change.kind == "add_index":
        return change.has("unique")
    return change.sort in UNIQUE and not (change.has("empty") or change.has("using_index"))


def _checks_rows(change: MigrationChange) -> bool:
    """Tell whether rows that are there are checked now, and may fail."""
    return change.sort in ("check", "foreign key") and not (change.has("not_valid") or change.has("fresh"))


RULES = (
    ChangeRule(
        "M201",
        "Rows that are there may be alike, and shall be unique",
        ("add_constraint", "add_index"),
        say(
            "rows that are there, or that the running release writes, may be alike: then it fails.", when=_makes_unique
        ),
        _QUERY,
    ),
    ChangeRule(
        "M202",
        "Rows that are there may hold NULL, and shall not",
        ("set_not_null",),
        say("it fails if one row holds NULL.", when=lambda change: not change.has("filled")),
        "Use SetNotNull of freehold.operations, which fills rows in batches first.",
    ),
    ChangeRule(
        "M203",
        "Rows that are there may break a new rule",
        ("add_constraint",),
        say("rows that are there may break the {0.sort}: then it fails.", when=_checks_rows),
        "Add it NOT VALID (AddConstraintNotValid), mend the rows, then ValidateConstraint in a later migration.",
    ),
    ChangeRule(
        "M204",
        "Values that are there may not fit the new type",
        ("change_type",),
        say(
            "a value that does not fit {0.new} makes it fail, or is cut off.",
            when=lambda change: is_narrowing(change.old, change.new),
        ),
        "Use ChangeColumnType of freehold.operations, which converts in batches, and stops at a value before it harms.",
    ),
    ChangeRule(
        "M205",
        "A column is added that rows which are there have no value for",
        ("add_column",),
        say(
            "it may not be NULL and has no default: it fails if there is one row.",
            when=lambda change: not ({"nullable", "default", "filled", "volatile"} & change.flags),
        ),
        "Give it a db_default, or null=True until it is filled.",
    ),
)
