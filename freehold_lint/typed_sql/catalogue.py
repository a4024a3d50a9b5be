"""What the scratch database holds: columns of tables, types by their numbers, keys, and what a login may use."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Final

from freehold.sqlfiles import read_statement
from freehold_lint.typed_sql.choices import read_choices
from freehold_lint.typed_sql.views import read_names

Table = tuple[str, str]  # schema and name
SHARED: Final = "pg_catalog"


@dataclass(frozen=True)
class Attribute:
    """A column of a table. `is_nullable`: NULL may be in it; `takes_null`: NULL may be put there; `choices`: the only
    texts that may, where a constraint says them.
    """

    name: str
    number: int
    is_nullable: bool
    takes_null: bool
    has_default: bool
    type: int
    choices: tuple[str, ...] = ()


@dataclass
class Catalogue:
    """All of it, read at once."""

    tables: dict[Table, dict[str, Attribute]] = field(default_factory=dict)
    numbers: dict[int, Table] = field(default_factory=dict)
    types: dict[int, tuple[str, int, int]] = field(default_factory=dict)  # name, element, what a domain is of
    schemas: dict[int, str] = field(default_factory=dict)  # of types that are not PostgreSQL's own
    enums: dict[int, tuple[str, ...]] = field(default_factory=dict)
    unique: set[tuple[str, str, str]] = field(default_factory=set)  # columns that are a key by themselves
    multiplying: set[str] = field(default_factory=set)  # functions that give more than one row
    writing: set[tuple[str, str]] = field(default_factory=set)  # functions that may write, by schema and name
    indexed: set[tuple[str, str, str]] = field(default_factory=set)
    guarded: set[Table] = field(default_factory=set)  # with policies
    operators: dict[tuple[str, str, str], bool] = field(default_factory=dict)  # with both types: is it not leakproof?
    expressions: dict[Table, list[str]] = field(default_factory=dict)  # that indexes of guarded tables are made over

    def find(self, schema: str, table: str, column: str) -> Attribute | None:
        return self.tables.get((schema, table), {}).get(column)

    def list_choices(self, table: int, number: int) -> tuple[str, ...]:
        """Give the only values that a column takes, which a result names by numbers; none where it takes others."""
        columns = self.tables.get(self.numbers.get(table, ("", "")), {})
        return next((each.choices for each in columns.values() if each.number == number), ())

    def get_base(self, type_: int) -> int:
        """Give the type that a domain is of, or the type itself."""
        base = self.types.get(type_, ("", 0, 0))[2]
        return self.get_base(base) if base else type_

    def see_through(self, view: Table, table: Table, names: dict[str, str]) -> None:
        """Note that a view shows a table: NOT NULL, choices, keys, indexes and policies are the table's."""
        columns, behind = self.tables[view], self.tables.get(table, {})
        for name, column in names.items():
            if column in behind:
                seen = behind[column]
                columns[name] = replace(columns[name], is_nullable=seen.is_nullable, choices=seen.choices)
        for kind in (self.unique, self.indexed):
            kind |= {(*view, name) for name, column in names.items() if (*table, column) in kind}
        self.guarded |= {view} if table in self.guarded else set()


def read_catalogue(cursor: Any) -> Catalogue:
    """Read it, as whoever may see all."""
    found = Catalogue()
    cursor.execute(read_statement(__file__, "columns"))
    for oid, schema, table, name, number, is_nullable, takes_null, has_default, type_, is_guarded in cursor.fetchall():
        found.numbers[oid] = schema, table
        columns = found.tables.setdefault((schema, table), {})
        columns[name] = Attribute(name, number, is_nullable, takes_null, has_default, type_)
        found.guarded |= {(schema, table)} if is_guarded else set()
    cursor.execute(read_statement(__file__, "types"))
    for oid, schema, name, element, base, labels in cursor.fetchall():
        found.types[oid] = name, element, base
        if schema != SHARED:
            found.schemas[oid] = schema
        if labels:
            found.enums[oid] = tuple(labels)
    cursor.execute(read_statement(__file__, "indexes"))
    for schema, table, column, is_key in cursor.fetchall():
        found.indexed.add((schema, table, column))
        found.unique |= {(schema, table, column)} if is_key else set()
    cursor.execute(read_statement(__file__, "choices"))
    for schema, table, column, expression in cursor.fetchall():
        if known := read_choices(expression):
            columns = found.tables[schema, table]
            columns[column] = replace(columns[column], choices=known)
    cursor.execute(read_statement(__file__, "views"))
    for schema, view, owner, table, text in cursor.fetchall():
        found.see_through((schema, view), (owner, table), read_names((owner, table), text))
    cursor.execute(read_statement(__file__, "functions"))
    for schema, name, gives_rows, may_write in cursor.fetchall():
        found.multiplying |= {name} if gives_rows else set()
        found.writing |= {(schema, name)} if may_write else set()
    cursor.execute(read_statement(__file__, "operators"))
    found.operators = {(name, left, right): leaks for name, left, right, leaks in cursor.fetchall()}
    cursor.execute(read_statement(__file__, "expressions"))
    for schema, table, text in cursor.fetchall():
        found.expressions.setdefault((schema, table), []).append(text)
    return found
