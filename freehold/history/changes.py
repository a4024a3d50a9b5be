"""What each migration of a run changed of functions, triggers and rules: what stands after it, and what stood before.

What somebody changed by hand before the run stood there before, so that no migration takes it over.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from typing import Any, Final

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration, operations

from freehold.history.standing import SORTS, read_both, read_outline, read_postgresql, read_record, read_sqlite
from freehold.history.structure import Marks, describe_changes, get_schema

_READ_WITH: Final = {"triggers": ("triggers", "event triggers")}  # what a query gives, but for its own sort
# Catalogues by number, and what is to be read again where rows of them changed: any row, or only those that were there
# before, as when a table or a column gets another name.
_WHOLE: Final = {1255: "functions", 2600: "functions", 2620: "triggers", 3466: "triggers", 2618: "rules"}
_RENAMED: Final = {1247: "functions", 1249: "", 1259: "", 2615: "functions", 3501: ""}  # '': what follows such names
# How often a transaction changed rows of each, counted by the session itself; null where the server does not count.
COUNTS: Final = f"""
    CASE WHEN pg_catalog.current_setting('track_counts')::boolean THEN (
        SELECT pg_catalog.string_agg((pg_catalog.pg_stat_get_xact_tuples_updated(each) + CASE
            WHEN each IN ({", ".join(map(str, _WHOLE))}) THEN pg_catalog.pg_stat_get_xact_tuples_inserted(each)
                + pg_catalog.pg_stat_get_xact_tuples_deleted(each) ELSE 0 END)::text, ' ')
        FROM pg_catalog.unnest('{{{", ".join(map(str, [*_WHOLE, *_RENAMED]))}}}'::oid[]) each
    ) END
"""  # noqa: S608 - the numbers are this module's


# Operations of Django's that give nothing another name: what changes rows of tables and columns otherwise.
_KEEPING_NAMES: Final = (
    *(operations.CreateModel, operations.DeleteModel, operations.AddField, operations.RemoveField),
    *(operations.AddIndex, operations.RemoveIndex, operations.AddConstraint, operations.RemoveConstraint),
)


def find_touched(before: str | None, after: str | None, migration: Migration) -> frozenset[str] | None:
    """Give the sorts of code that a migration may have changed between two of COUNTS, '' for those that follow names;
    None where that is not known."""
    if before is None or after is None:
        return None
    sorts = [*_WHOLE.values(), *_RENAMED.values()]
    pairs = zip(sorts, before.split(), after.split(), strict=True)
    touched = frozenset(sort for sort, one, other in pairs if one != other)
    keeps_names = all(type(each) in _KEEPING_NAMES for each in migration.operations)
    return touched - {""} if keeps_names else touched


class Changes:
    """What stands in `schemas` as a run of migrations goes on."""

    def __init__(self, connection: BaseDatabaseWrapper, schemas: Collection[str]) -> None:
        self.connection, self.schemas = connection, schemas
        self.standing: Marks | None = None  # after the last migration that was written down
        self.outline: str | None = None  # of the triggers among it
        self.follows = True  # whether there are functions that follow the names of tables and columns
        self.recorded: frozenset[str] = frozenset()

    def begin(self, *, has_record: bool) -> None:
        """Read what stands before the run's first migration. A history that can't hold it yet leaves it at that, so
        that the first row that can has all that the run changed."""
        if self.standing is None:
            self.recorded = read_record(self.connection).schemas if has_record else frozenset()
            self.outline = self.find_outline()
            self.standing = self.read(SORTS)

    def describe(self, touched: Collection[str] | None) -> dict[str, Any] | None:
        """Give what a row holds of what is other now; it counts as said once the transaction is through. A schema where
        nothing stood before has a whole record from then on."""
        if self.standing is None:
            return None
        before = self.standing
        after, outline = self.read_again(before, touched)
        new = set(self.schemas) - self.recorded - {get_schema(name) for name in before}
        keep = partial(self.keep, after, outline, self.recorded | new)
        transaction.on_commit(keep, using=self.connection.alias)
        return describe_changes(before, after, new)

    def keep(self, standing: Marks, outline: str | None, recorded: frozenset[str]) -> None:
        self.standing, self.outline, self.recorded = standing, outline, recorded

    def read_again(self, before: Marks, touched: Collection[str] | None) -> tuple[Marks, str | None]:
        """Give what stands now, of sorts that can't have changed what stood before; and the outline of the triggers."""
        due = [sort for sort in SORTS if self.is_due(sort, touched)]
        if not due:
            return before, self.outline
        if "functions" in due and self.connection.vendor == "postgresql":
            outline, marks, self.follows = read_both(self.connection, self.schemas, due)
        else:
            outline = self.find_outline()  # before the rest: what others change meanwhile is seen the next time
            if outline is not None and outline == self.outline:  # only foreign keys brought some
                return before, outline
            marks = self.read(due)
        found = {each for sort in due for each in _READ_WITH.get(sort, (sort,))}
        return {name: mark for name, mark in before.items() if name[0] not in found} | marks, outline

    def find_outline(self) -> str | None:
        return read_outline(self.connection) if self.connection.vendor == "postgresql" else None

    def is_due(self, sort: str, touched: Collection[str] | None) -> bool:
        """Tell whether it may be other now. Triggers and rules name functions, and follow their names."""
        if touched is None or sort in touched:
            return True
        if sort == "functions":
            return self.follows and "" in touched
        return "" in touched or "functions" in touched

    def read(self, sorts: Collection[str]) -> Marks:
        if self.connection.vendor != "postgresql":
            return read_sqlite(self.connection, self.schemas)
        marks, follows = read_postgresql(self.connection, self.schemas, sorts)
        if "functions" in sorts:
            self.follows = follows
        return marks
