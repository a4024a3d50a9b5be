"""What a look at the live database finds: values only, the same for both dialects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["table", "view", "materialized view", "foreign table"]


@dataclass(frozen=True)
class Table:
    """A table or view as it is now.

    `rows` is exact where `exact` says so, otherwise the planner's estimate; None where nobody has counted yet or the
    login may not. `size` is in bytes with indexes and TOAST; None where it can't be told cheaply. `locked`: another
    session holds or awaits an ACCESS EXCLUSIVE lock, so neither rows nor size were asked for.
    """

    schema: str
    name: str
    owner: str
    columns: int
    kind: Kind = "table"
    rows: int | None = None
    exact: bool = False
    size: int | None = None
    locked: bool = False

    @property
    def label(self) -> str:
        """The name as people write it: `app.items`."""
        return f"{self.schema}.{self.name}"


@dataclass(frozen=True)
class Access:
    """What a login may do with the tables of a schema, counted over `tables` of them.

    `columns` maps a table it may only read in part to those columns. `creates`: it may create objects there.
    """

    login: str
    schema: str
    tables: int = 0
    reads: int = 0
    writes: int = 0
    enters: bool = False
    creates: bool = False
    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def anything(self) -> bool:
        """Whether it can reach anything at all: without USAGE on the schema, table privileges are worth nothing."""
        return self.enters and bool(self.reads or self.writes or self.columns or self.creates)


@dataclass(frozen=True)
class Schema:
    """A schema as it is now, its tables by name, and what each login may do there in the order of the map."""

    name: str
    owner: str
    tables: tuple[Table, ...] = ()
    access: tuple[Access, ...] = ()

    @property
    def rows(self) -> int:
        """Rows of all tables that are counted or estimated."""
        return sum(table.rows or 0 for table in self.tables)

    @property
    def exact(self) -> bool:
        """Whether `rows` is the truth."""
        return all(table.exact for table in self.tables if table.kind == "table")

    @property
    def size(self) -> int:
        """Bytes of all tables whose size is known."""
        return sum(table.size or 0 for table in self.tables)


@dataclass(frozen=True)
class ForeignKey:
    """A foreign key whose ends lie in two schemas. `on_delete` is SQL's word: CASCADE, SET NULL, NO ACTION, …"""

    schema: str
    table: str
    columns: tuple[str, ...]
    to_schema: str
    to_table: str
    to_columns: tuple[str, ...]
    on_delete: str


@dataclass(frozen=True)
class Catalogue:
    """The live database. `declared`: the dialect knows no roles, so owners and access are the map's word (SQLite)."""

    dialect: Literal["postgresql", "sqlite"]
    version: str
    database: str
    login: str
    schemas: tuple[Schema, ...]
    foreign_keys: tuple[ForeignKey, ...]
    roles: frozenset[str] = frozenset()
    declared: bool = False

    def find_schema(self, name: str) -> Schema | None:
        """Give the schema of that name, or None."""
        return next((schema for schema in self.schemas if schema.name == name), None)

    def iter_tables(self) -> Iterator[Table]:
        """Yield every table of every schema."""
        for schema in self.schemas:
            yield from schema.tables
