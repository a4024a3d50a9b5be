"""Reads what hangs on a column, as it would read for another one beside it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.backends.utils import names_digest

from freehold.backends.names import quote_whole
from freehold.errors import MigrationError
from freehold.operations.columns.attempts import LiveTable
from freehold.sqlfiles import read_statement

RENAME = "ALTER TABLE {table} RENAME COLUMN {old} TO {new}"
INDEX = "index"
EXCLUSION = "x"
UNIQUE = "u"


@dataclass(frozen=True)
class LiveColumn:
    """A column as the catalogue has it: `collation` where it is not the type's own, `default` as SQL or None."""

    name: str
    attnum: int
    type: str
    collation: str
    is_required: bool
    default: str | None
    is_counted: bool
    is_primary: bool
    referring: list[str]
    comment: str | None


@dataclass(frozen=True)
class Attached:
    """An index or a constraint; `kind` is `index` or pg_constraint.contype, the definitions are PostgreSQL's, `width`
    is the number of columns that a constraint has to do with."""

    kind: str
    name: str
    definition: str
    index: str
    is_valid: bool = True
    width: int = 1


class ColumnReader:
    def __init__(self, table: LiveTable) -> None:
        self.table = table

    def fetch(self, query: str, **params: object) -> list[tuple[Any, ...]]:
        return self.table.fetch(read_statement(__file__, query), {"table": self.table.oid, **params})

    def find_column(self, name: str) -> LiveColumn | None:
        rows = self.fetch("column_facts", column=name)
        return LiveColumn(name, *rows[0]) if rows else None

    def get_column(self, name: str) -> LiveColumn:
        """Give a column.

        Raises:
            MigrationError: there is none.
        """
        found = self.find_column(name)
        if found is None:
            raise MigrationError(f"{self.table.label} has no column {name}: is the migration before this one applied?")
        return found

    def list_attached(self, column: LiveColumn) -> list[Attached]:
        return [Attached(*row) for row in self.fetch("column_objects", attnum=column.attnum)]

    def list_policies(self, column: LiveColumn) -> list[tuple[str, str, str | None, str | None]]:
        """Give the policies that name a column: name, table, USING, WITH CHECK."""
        rows: list[Any] = self.fetch("column_policies", attnum=column.attnum)
        return rows

    def list_rest(self, column: LiveColumn) -> list[str]:
        return [what for (what,) in self.fetch("column_rest", attnum=column.attnum)]

    def list_grants(self, column: LiveColumn) -> list[tuple[str, str, bool]]:
        """Give what is granted on the column alone: privilege, grantee, may it be passed on."""
        rows: list[Any] = self.fetch("column_grants", attnum=column.attnum)
        return rows

    # --- As of another column ----------------------------------------------------------------------------------------
    def list_translated(self, column: LiveColumn, other: str) -> list[Attached]:
        """Give what hangs on the column, defined as it would be on the other one, under the names that it has."""
        return self.table.attempt(
            lambda: self.read_renamed(column, other), f"a look at the constraints of {column.name}"
        )

    def read_renamed(self, column: LiveColumn, other: str) -> list[Attached]:
        with self.renamed(column.name, other):
            return self.list_attached(column)

    @contextmanager
    def renamed(self, name: str, other: str) -> Iterator[None]:
        """Let the column have the other's name inside the block: PostgreSQL then writes what hangs on it with that
        name, and nobody has to read its expressions. It holds the table's exclusive lock, and is rolled back."""
        aside = make_name(other, "aside")
        with transaction.atomic(using=self.table.connection.alias):
            self.table.execute([self.write_renaming(other, aside), self.write_renaming(name, other)])
            yield
            transaction.set_rollback(True, using=self.table.connection.alias)

    def write_renaming(self, old: str, new: str) -> str:
        return RENAME.format(table=self.table.quoted, old=quote_whole(old), new=quote_whole(new))


def make_name(name: str, what: str) -> str:
    """Give a name made from another one, for what stands beside it for a while."""
    start = name.encode()[:40].decode(errors="ignore")
    return f"{start}_{what}_{names_digest(name, what, length=8)}"
