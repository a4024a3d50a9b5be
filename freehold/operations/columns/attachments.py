"""Indexes and constraints of a column, put on another one without a lock that others wait for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from django.db import DatabaseError

from freehold.backends.names import quote_whole
from freehold.errors import MigrationError
from freehold.migrator.builds import ALWAYS, Builds
from freehold.operations.columns.attempts import LiveTable
from freehold.operations.columns.readings import INDEX, UNIQUE, Attached, ColumnReader, LiveColumn, make_name
from freehold.operations.columns.requirements import ADD, check_same, describe, find_validity, require

_USE_INDEX = "ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE USING INDEX {name}"
_RENAME_INDEX = "ALTER INDEX {schema}.{old} RENAME TO {new}"
_RENAME_CONSTRAINT = "ALTER TABLE {table} RENAME CONSTRAINT {old} TO {new}"
_DEFERRABLE = " DEFERRABLE"
_STARTS = ("CREATE UNIQUE INDEX ", "CREATE INDEX ")


class Attachments:
    """What hangs on two columns of a table. `goes` says what one gets of the other; `extra` gives what it gets besides
    by the column's name, under the names that it is to have."""

    def __init__(
        self,
        table: LiveTable,
        goes: Callable[[Attached], bool] = lambda attached: True,
        extra: Callable[[str], Iterable[Attached]] = lambda column: (),
    ) -> None:
        self.table, self.goes, self.list_extra = table, goes, extra
        self.reader = ColumnReader(table)

    def build(self, source: LiveColumn, target: str, suffix: str) -> None:
        """Put on the target what hangs on the source and is not there yet; names get the suffix until one column is
        alone. Where the names were swapped by a run that ended there, all is there."""
        finished = {make_name(name, "new") for name in self.list_names(target)} if suffix == "old" else set()
        for each in self.reader.list_translated(source, target):
            if each.name not in finished and self.goes(each):
                self.make(each, make_name(each.name, suffix), target)
        for each in self.list_extra(target):
            self.make(each, each.name, target)

    def list_names(self, column: str) -> list[str]:
        return [each.name for each in self.reader.list_attached(self.reader.get_column(column))]

    def list_renamings(self, column: str, names: Mapping[str, str]) -> list[str]:
        """Give the statements that rename what hangs on a column; a constraint takes its index along."""
        return [
            (_RENAME_INDEX if each.kind == INDEX else _RENAME_CONSTRAINT).format(
                table=self.table.quoted,
                schema=quote_whole(self.table.schema),
                old=quote_whole(each.name),
                new=quote_whole(names[each.name]),
            )
            for each in self.reader.list_attached(self.reader.get_column(column))
            if each.name in names
        ]

    # --- One of them -------------------------------------------------------------------------------------------------
    def make(self, each: Attached, name: str, column: str) -> None:
        """Make an index or a constraint, or what is missing of it."""
        if each.kind == INDEX:
            self.make_index(each, name, column)
        elif each.kind != UNIQUE:
            statement = ADD.format(definition=each.definition, **self.name_parts(name))
            require(self.table, name, statement, validates=each.is_valid)
        elif find_validity(self.table, name) is None:
            self.make_index(each, name, column)
            deferrable = (
                _DEFERRABLE + each.definition.partition(_DEFERRABLE)[2] if _DEFERRABLE in each.definition else ""
            )
            statement = _USE_INDEX.format(table=self.table.quoted, name=quote_whole(name))
            self.table.run(statement + deferrable)
        else:
            check_same(self.table, name, ADD.format(definition=each.definition, **self.name_parts(name)))

    def name_parts(self, name: str) -> dict[str, str]:
        return {"table": self.table.quoted, "name": quote_whole(name)}

    def make_index(self, each: Attached, name: str, column: str) -> None:
        """Make an index beside running writes, unless it is there. One of this name that is what would be made, and is
        invalid, was left unfinished by an earlier run: it is made anew."""
        statement = _write_index(each, name)
        builds = Builds(self.table.connection.alias, self.table.fetch, ALWAYS)
        builds.clean(statement, None)
        if builds.is_made(statement, None, again=False):
            return
        try:
            self.table.run_long(statement)
        except DatabaseError as error:
            builds.clean(statement, None)
            raise MigrationError(
                f"{self.table.label}.{column} can't have an index as {each.name} is: {describe(error)}. Correct that, "
                f"and run migrate again"
            ) from error


def _write_index(each: Attached, name: str) -> str:
    start = next(each_start for each_start in _STARTS if each.index.startswith(each_start))
    rest = each.index.removeprefix(start).removeprefix(quote_whole(each.name)).removeprefix(each.name)
    return f"{start}CONCURRENTLY {quote_whole(name)}{rest}"
