"""M301 to M311, M318 and M319: single changes that keep others off a table for as long as it takes to read or write all of it.

What a whole transaction does wrong stands in transaction_rules.py.
"""

from __future__ import annotations

from collections.abc import Callable

from freehold_lint.migrations.change_rules import ChangeRule, MigrationContext, say
from freehold_lint.migrations.conversions import is_rewriting
from freehold_lint.migrations.data_dependent import UNIQUE
from freehold_lint.migrations.vocabulary import MigrationChange


def _is_plain(change: MigrationChange) -> bool:
    return not change.has("concurrently")


def _builds_index(change: MigrationChange) -> bool:
    return change.sort in UNIQUE and not change.has("using_index")


def _validates(sort: str) -> Callable[[MigrationChange], bool]:
    """Give a test: a constraint of that sort is checked against every row at once."""
    return lambda change: change.sort == sort and not ({"not_valid", "empty"} & change.flags)


def _judge_not_null(change: MigrationChange, context: MigrationContext) -> str:
    """Find columns that no valid constraint keeps from being NULL: PostgreSQL then looks at each row."""
    if (change.table, change.name) in context.proven:
        return ""
    return "every row is read under a lock that keeps everyone out (ACCESS EXCLUSIVE)."


def _judge_update(change: MigrationChange, context: MigrationContext) -> str:
    said = "each row is written anew, and stays locked until the transaction ends."
    return said if context.is_unbounded(change) else ""


def _judge_partition(change: MigrationChange, context: MigrationContext) -> str:
    """Find partitions that keep others out: new ones of their table, and tables whose rows are looked at first."""
    if change.has("made"):
        return f"everyone waits for the whole table (ACCESS EXCLUSIVE) until {change.new} is made."
    if change.new in context.new or change.new in context.checked:
        return ""
    return f"every row of {change.new} is read under a lock that keeps everyone out of it (ACCESS EXCLUSIVE)."


RULES = (
    ChangeRule(
        "M301",
        "An index is built without CONCURRENTLY",
        ("add_index",),
        say("nobody writes to the table until every row is in the index (SHARE).", when=_is_plain),
        "Use AddIndexConcurrently in a migration with atomic = False.",
    ),
    ChangeRule(
        "M302",
        "An index is dropped without CONCURRENTLY",
        ("drop_index",),
        say("everyone waits for the table while this waits for its readers (ACCESS EXCLUSIVE).", when=_is_plain),
        "Use RemoveIndexConcurrently in a migration with atomic = False.",
    ),
    ChangeRule(
        "M303",
        "A constraint builds its index under a lock",
        ("add_constraint",),
        say("the {0.sort} builds an index, and keeps everyone out until it is (ACCESS EXCLUSIVE).", when=_builds_index),
        "CREATE UNIQUE INDEX CONCURRENTLY first, then ADD CONSTRAINT … USING INDEX.",
    ),
    ChangeRule(
        "M304",
        "A foreign key is checked under a lock",
        ("add_constraint",),
        say(
            "nobody writes to this table, or to the one it points at, until every row is looked up (SHARE ROW "
            "EXCLUSIVE).",
            when=_validates("foreign key"),
        ),
        "ADD FOREIGN KEY … NOT VALID, then VALIDATE CONSTRAINT in a later migration.",
    ),
    ChangeRule(
        "M305",
        "A check is carried out under a lock",
        ("add_constraint",),
        say("every row is read under a lock that keeps everyone out (ACCESS EXCLUSIVE).", when=_validates("check")),
        "AddConstraintNotValid, then ValidateConstraint in a later migration.",
    ),
    ChangeRule(
        "M306",
        "A new column rewrites the table",
        ("add_column",),
        say(
            "each row gets a value of its own, so that the table is written anew, and everyone kept out (ACCESS "
            "EXCLUSIVE).",
            when=lambda change: change.has("volatile"),
        ),
        "Add the column without a default, set the default in a second step, fill rows in batches.",
    ),
    ChangeRule(
        "M307",
        "Another type rewrites the table",
        ("change_type",),
        say(
            "the table and its indexes are written anew, and everyone kept out (ACCESS EXCLUSIVE).",
            when=lambda change: is_rewriting(change.old, change.new),
        ),
        "Use ChangeColumnType of freehold.operations: a new column beside the old one, filled in batches.",
    ),
    ChangeRule(
        "M308",
        "SET NOT NULL reads the table under a lock",
        ("set_not_null",),
        _judge_not_null,
        "Use SetNotNull of freehold.operations: a check NOT VALID, VALIDATE, and then SET NOT NULL reads no row.",
    ),
    ChangeRule(
        "M309",
        "A statement locks a table to tidy it up",
        ("maintain",),
        say("{0.sort} keeps others off the table until it is done.", when=_is_plain),
        "Use what exists in a CONCURRENTLY form; let VACUUM FULL and CLUSTER be the work of pg_repack, and no "
        "migration's.",
    ),
    ChangeRule(
        "M310",
        "A partition is detached under a lock",
        ("detach_partition",),
        say("everyone waits for the whole table (ACCESS EXCLUSIVE).", when=_is_plain),
        "DETACH PARTITION … CONCURRENTLY, in a migration with atomic = False.",
    ),
    ChangeRule(
        "M311",
        "All rows are updated in one statement",
        ("update",),
        _judge_update,
        "Fill rows in batches, each in a transaction of its own; SetNotNull and ChangeColumnType of freehold.operations "
        "do.",
    ),
    ChangeRule(
        "M318",
        "A partition is added under a lock",
        ("attach_partition",),
        _judge_partition,
        "CREATE TABLE … (LIKE …) by itself; a CHECK of the partition's bounds where it has rows, NOT VALID and then "
        "VALIDATE; then ATTACH PARTITION, which keeps nobody out.",
    ),
    ChangeRule(
        "M319",
        "SQL sets a role",
        ("become",),
        say("it says {0.sort}, and a migration runs as its schema's owner alone: `migrate` refuses it."),
        "Leave it out; what another role has to do is a migration of an app of theirs.",
    ),
)
