"""What a migration does to a database, in the same words whether a Django operation or a statement of SQL does it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from freehold_lint.locations import NOWHERE, Location

ChangeKind = Literal[
    "create_table",
    "drop_table",
    "rename_table",
    "alter_table",  # in a way that no rule is about
    "add_column",
    "drop_column",
    "rename_column",
    "change_type",
    "set_not_null",
    "drop_not_null",
    "drop_default",
    "add_index",
    "drop_index",
    "add_constraint",
    "drop_constraint",
    "validate",
    "prove",  # that a column is not NULL
    "attach_partition",  # or make one
    "detach_partition",
    "drop_object",
    "rename_object",
    "add_value",  # to an enumerated type
    "delete",
    "update",
    "insert",
    "run_python",
    "irreversible",
    "maintain",  # VACUUM FULL, CLUSTER, REINDEX, REFRESH, LOCK
    "transact",  # BEGIN, COMMIT, ROLLBACK
    "become",  # another role
    "unreadable",
]
LOCKING: frozenset[ChangeKind] = frozenset(  # what keeps others off a table that exists: from writing, or from all
    {
        "drop_table",
        "rename_table",
        "alter_table",
        "add_column",
        "drop_column",
        "rename_column",
        "change_type",
        "set_not_null",
        "drop_not_null",
        "drop_default",
        "add_index",
        "drop_index",
        "add_constraint",
        "drop_constraint",
        "attach_partition",
        "detach_partition",
        "maintain",
    }
)
DATA: frozenset[ChangeKind] = frozenset({"delete", "update", "insert", "run_python"})


@dataclass(frozen=True)
class MigrationChange:
    """One thing that is done. `table` has its schema; `name` is the column, index, constraint or object.

    `old` and `new` are types of a column, or `new` the name that something gets. `sort` tells kinds of constraints
    ("unique", "primary key", "exclusion", "check", "foreign key", "not null"), objects and statements ("TRUNCATE").
    `flags` are words, by kind:

    - add_column: nullable, default (one that the database keeps), filled (one for the rows that are there), volatile
    - add_constraint: fresh (its column is new), empty (and NULL in each row), not_valid, using_index
    - add_index, drop_index, detach_partition, maintain: concurrently; add_index: unique
    - drop_constraint: replaced (by one of the same name, in the same migration)
    - set_not_null: filled (NULLs are replaced first)
    - delete, update: where, vain (it chooses no rows, where `columns` are not NULL); drop_…, delete: cascade
    - attach_partition: made (in the same statement)
    """

    kind: ChangeKind
    table: str = ""
    name: str = ""
    old: str = ""
    new: str = ""
    sort: str = ""
    flags: frozenset[str] = frozenset()
    columns: tuple[str, ...] = ()
    types: tuple[tuple[str, str], ...] = ()  # columns that SQL makes, with the type as it was written
    keys: tuple[str, ...] = ()  # those among them that are the primary key, or identity
    text: str = field(default="", repr=False)  # the statement, where there is one
    place: Location = NOWHERE

    def has(self, flag: str) -> bool:
        """Tell whether the word is among the flags."""
        return flag in self.flags

    @property
    def about(self) -> str:
        """What it is done to, as reports name it."""
        if self.table:
            return f"{self.table} ({self.name})" if self.name else self.table
        return self.name or self.sort


def normalise(db_table: str) -> str:
    """Give `app.items` for `app.items`, `"app"."items"` and `app"."items`."""
    return db_table.replace('"."', ".").strip('"')
