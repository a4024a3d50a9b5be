"""A column beside another one: made, filled, given all that hangs on the first, and at last alone.

Every step finds out what is done already, so that a run that failed or was killed is gone on with by running it again.
What others wait for is brief; what takes long holds no lock that they wait for.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import ProgrammingError

from freehold.backends.names import quote_whole
from freehold.errors import MigrationError
from freehold.migrator.limits import INSUFFICIENT_PRIVILEGE, get_sqlstate
from freehold.operations.columns.attachments import Attachments
from freehold.operations.columns.backfill import Backfill
from freehold.operations.columns.readings import EXCLUSION, LiveColumn, make_name
from freehold.operations.columns.requirements import require_values
from freehold.operations.columns.triggers import ColumnMirror, Conversion

ADD = "ALTER TABLE {table} ADD COLUMN {column} {type}"
DROP = "ALTER TABLE {table} DROP COLUMN {column}"
SET_DEFAULT = "ALTER TABLE {table} ALTER COLUMN {column} SET DEFAULT {default}"
_DROP_DEFAULT = "ALTER TABLE {table} ALTER COLUMN {column} DROP DEFAULT"
_COMMENT = "COMMENT ON COLUMN {table}.{column} IS {comment}"
GRANT = "GRANT {privilege} ({column}) ON {table} TO {grantee}"
_ALTER_POLICY = "ALTER POLICY {name} ON {table}"
_TRY = "EXPLAIN UPDATE {table} SET {column} = ({expression})"
ANALYZE = "ANALYZE {table} ({column})"


@dataclass(frozen=True)
class Definition:
    """A column to be made: its type, its collation where it is not the type's own, and its default as SQL or None.

    Without a type, all of it is as that of the column beside it.
    """

    type: str = ""
    collation: str = ""
    default: str | None = None


class Expansion:
    """Two columns of a table on the way from one to the other. `attachments` says what does not go along."""

    def __init__(self, conversion: Conversion, attachments: Attachments, *, size: int, pause: float) -> None:
        self.conversion, self.attachments, self.size, self.pause = conversion, attachments, size, pause
        self.table, self.reader = attachments.table, attachments.reader
        self.mirror = ColumnMirror(conversion, self.table)

    # --- The two steps and their ways back ---------------------------------------------------------------------------
    def expand(self, new: Definition) -> None:
        """Add the new column beside the old one, filled and with all that hangs on the old one."""
        self.add(self.conversion.old, self.conversion.new, new)
        self.complete(self.conversion.old, self.conversion.new, "new")

    def contract(self, new: Definition) -> None:
        """Drop the old column; what hangs on the new one gets the names that it had on the old one."""
        if self.has_both(self.conversion.old):
            self.table.attempt(lambda: self.drop_old(new), f"dropping column {self.conversion.old}")

    def restore(self, old: Definition) -> None:
        """Add the old column again, as `expand` left it. The way back of `contract`."""
        self.add(self.conversion.new, self.conversion.old, old)
        self.complete(self.conversion.new, self.conversion.old, "old")
        self.table.attempt(self.swap_names, "renaming constraints")

    def collapse(self) -> None:
        """Drop the new column. The way back of `expand`."""
        old, new = self.conversion.old, self.conversion.new
        if self.has_both(new):
            self.table.attempt(lambda: self.drop(new, old), f"dropping column {new}")

    def has_both(self, going: str) -> bool:
        """Tell whether the column that is to go is still there.

        Raises:
            MigrationError: it is, and nothing keeps the other one the same.
        """
        if self.reader.find_column(going) is None:
            return False
        if not self.has_mirror():
            raise MigrationError(
                f"{self.table.label}.{going} can't go: no trigger {self.mirror.trigger} keeps {self.conversion.old} "
                f'and {self.conversion.new} the same, so that values might be lost. Was step="expand" applied?'
            )
        return True

    # --- Making a column ---------------------------------------------------------------------------------------------
    def add(self, source: str, target: str, definition: Definition) -> None:
        """Make the target with its trigger, unless both are there."""
        column = self.reader.get_column(source)
        if self.reader.find_column(target) is None:
            self.check_source(column)
            self.table.attempt(lambda: self.make(column, target, definition), f"adding column {target}")
        elif not self.has_mirror():
            raise MigrationError(
                f"{self.table.label} has a column {target} already, which was not made by this operation: rename or "
                f"drop it first"
            )

    def has_mirror(self) -> bool:
        """Tell whether the trigger's function is there: only then is the target ours."""
        (row,) = self.table.fetch("SELECT pg_catalog.to_regproc(%s) IS NOT NULL", [self.mirror.function])
        return bool(row[0])

    def check_source(self, column: LiveColumn) -> None:
        """Refuse a column that can't have another one beside it.

        Raises:
            MigrationError: says why, and what to do instead.
        """
        label = f"{self.table.label}.{column.name}"
        excluding = [each.name for each in self.reader.list_attached(column) if each.kind == EXCLUSION]
        if column.is_primary:
            raise MigrationError(
                f"{label} is in the primary key, which can't be in two columns: use Django's operation"
            )
        if column.is_counted:
            raise MigrationError(
                f"{label} is an identity, generated, or owns a sequence: its values can't be kept in two columns. Use "
                f"Django's operation"
            )
        if column.referring:
            raise MigrationError(f"foreign keys point at {label}: {', '.join(column.referring)}. Drop them first")
        if excluding:
            raise MigrationError(
                f"exclusion constraint {excluding[0]} is about {label}, and can't be made without a long lock: drop it "
                f"first"
            )
        if column.default is not None and not column.is_required:
            raise MigrationError(
                f"{label} may be NULL and has a default in the database, so that a NULL that was written can't be told "
                f"from a value that was left out: drop the default (db_default), or make it NOT NULL, first"
            )

    def make(self, source: LiveColumn, target: str, definition: Definition) -> None:
        """Add the column, nullable and without a default, and the trigger; grants and comment go along."""
        parts = {"table": self.table.quoted, "column": quote_whole(target)}
        made = definition if definition.type else source
        kind = f"{made.type} COLLATE {made.collation}" if made.collation else made.type
        self.table.execute([ADD.format(type=kind, **parts)])
        self.try_expressions()
        grants, comments = self.list_grants(source, target), self.list_comments(source, target)
        self.table.execute([*self.mirror.list_creation(), *grants, *comments])
        if target == self.conversion.old:
            # Only the old one has a default while both are there: the trigger could not tell it from what was written.
            taken = _DROP_DEFAULT.format(table=self.table.quoted, column=quote_whole(source.name))
            self.table.execute([taken, *self.list_default(source, target, definition)])

    def try_expressions(self) -> None:
        """Let the server read both conversions, without running them.

        Raises:
            MigrationError: it can't, or what comes out does not fit the column.
        """
        for column in (self.conversion.new, self.conversion.old):
            expression = self.conversion.get_expression(column)
            statement = _TRY.format(table=self.table.quoted, column=quote_whole(column), expression=expression)
            try:
                self.table.execute([statement])
            except ProgrammingError as error:
                if get_sqlstate(error) == INSUFFICIENT_PRIVILEGE:
                    raise
                raise MigrationError(
                    f"{self.table.label}.{column} can't be set to {expression}: {str(error).splitlines()[0]}. Correct "
                    f"the expression; nothing was changed"
                ) from error

    def list_grants(self, source: LiveColumn, target: str) -> list[str]:
        return [
            GRANT.format(privilege=privilege, column=quote_whole(target), table=self.table.quoted, grantee=grantee)
            + (" WITH GRANT OPTION" if option else "")
            for privilege, grantee, option in self.reader.list_grants(source)
        ]

    def list_comments(self, source: LiveColumn, target: str) -> list[str]:
        if source.comment is None:
            return []
        (row,) = self.table.fetch("SELECT pg_catalog.quote_literal(%s)", [source.comment])
        return [_COMMENT.format(table=self.table.quoted, column=quote_whole(target), comment=row[0])]

    def list_default(self, source: LiveColumn, target: str, definition: Definition) -> list[str]:
        default = definition.default if definition.type else source.default
        column = quote_whole(target)
        return [SET_DEFAULT.format(table=self.table.quoted, column=column, default=default)] if default else []

    def complete(self, source: str, target: str, suffix: str) -> None:
        """Fill the target, and put on it all that hangs on the source."""
        names = {"table": self.table.quoted, "column": quote_whole(target)}
        expression = self.conversion.get_expression(target)
        condition = f"{quote_whole(target)} IS NULL"
        if expression == quote_whole(source):  # taken as it is
            condition += f" AND {expression} IS NOT NULL"
        Backfill(self.table, target, expression, condition, size=self.size, pause=self.pause).run()
        found = self.reader.get_column(source)
        self.attachments.build(found, target, suffix)
        if found.is_required and not self.reader.get_column(target).is_required:
            require_values(self.table, target)
        self.table.run_long(ANALYZE.format(**names))

    # --- Dropping a column -------------------------------------------------------------------------------------------
    def drop_old(self, new: Definition) -> None:
        old, other = self.reader.get_column(self.conversion.old), self.conversion.new
        names = {make_name(name, "new"): name for name in self.attachments.list_names(old.name)}
        default = self.list_default(old, other, new)
        self.drop(old.name, other)
        self.table.execute([*default, *self.attachments.list_renamings(other, names)])

    def drop(self, name: str, other: str) -> None:
        """Drop the trigger and a column; policies that name it are about the other one from then on."""
        column = self.reader.get_column(name)
        if rest := self.reader.list_rest(column):
            raise MigrationError(
                f"{self.table.label}.{name} is still needed by {', '.join(rest)}: change that to {other} first, in a "
                f"migration of its own"
            )
        policies = self.list_policies(column, other)
        parts = {"table": self.table.quoted, "column": quote_whole(name)}
        self.table.execute([*policies, *self.mirror.list_removal(), DROP.format(**parts)])

    def list_policies(self, column: LiveColumn, other: str) -> list[str]:
        if not self.reader.list_policies(column):
            return []
        with self.reader.renamed(column.name, other):
            policies = self.reader.list_policies(column)
        return [
            _ALTER_POLICY.format(name=quote_whole(name), table=table)
            + (f" USING ({using})" if using is not None else "")
            + (f" WITH CHECK ({check})" if check is not None else "")
            for name, table, using, check in policies
        ]

    def swap_names(self) -> None:
        """Give what hangs on the old column its own names again, and what hangs on the new one those beside them."""
        old, new = self.conversion.old, self.conversion.new
        fresh = set(self.attachments.list_names(old))
        pairs = [name for name in self.attachments.list_names(new) if make_name(name, "old") in fresh]
        self.table.execute(self.attachments.list_renamings(new, {name: make_name(name, "new") for name in pairs}))
        self.table.execute(self.attachments.list_renamings(old, {make_name(name, "old"): name for name in pairs}))
