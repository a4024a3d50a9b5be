"""What reads a table, and could not any more once the table is another owner's: views through any number of views,
rules, policies of other tables, functions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from freehold.ownership.comparable import PUBLIC, DatabaseObject
from freehold.ownership.compilation import Declared

Place = tuple[str, str]  # schema and bare name


class Reader(NamedTuple):
    """One that reads one relation, as sql/list_readers.sql gives it."""

    key: int
    kind: str
    name: str
    owner: str
    by_owner: bool
    users: list[str]
    relation: int
    read: str
    words: list[str]
    columns: list[str]


@dataclass(frozen=True)
class Loss:
    """A role that can read through something now, and lacks privileges on the table afterwards."""

    reader: Reader
    role: str
    lacking: Mapping[str, tuple[str, ...]]  # columns by privilege; none: any column, or the table


@dataclass(frozen=True)
class TableRights:
    """Who holds what on a table in one place."""

    owner: str
    held: frozenset[tuple[str, str, str]]  # privilege, grantee, column (empty: the whole table)

    def list_lacking(self, role: str, word: str, columns: Collection[str]) -> tuple[str, ...] | None:
        """Give the columns on which the role lacks a privilege; None where it lacks none."""
        mine = {column for verb, grantee, column in self.held if verb == word and grantee in (role, PUBLIC)}
        if role == self.owner or "" in mine or (mine and set(columns) <= mine):
            return None
        return tuple(sorted(set(columns) - mine))


def read_declared(declared: Declared, owner: str, place: Place, columns: Iterable[str]) -> TableRights:
    """Give what is declared about a table where it will be."""
    table = DatabaseObject("table", *place)
    held = {(entry.privilege, entry.grantee, "") for entry in declared.get_acl(table)}
    for column in columns:
        found = DatabaseObject("column", *place, column)
        held |= {(entry.privilege, entry.grantee, column) for entry in declared.get_acl(found)}
    return TableRights(owner, frozenset(held))


class Readers:
    """All that reads a table, directly or through views."""

    def __init__(self, rows: Iterable[Reader], table: str, declared: Declared) -> None:
        self.rows, self.table, self.declared = list(rows), table, declared

    def iter_losses(self, before: TableRights, after: TableRights) -> Iterator[Loss]:
        """Yield who can read the table by something directly, and will not be able to."""
        for reader in self.rows:
            for role in sorted(self.list_roles(reader)) if reader.read == self.table else ():
                lacking = {
                    word: columns
                    for word in reader.words
                    if before.list_lacking(role, word, reader.columns) is None
                    and (columns := after.list_lacking(role, word, reader.columns)) is not None
                }
                if lacking:
                    yield Loss(reader, role, lacking)

    def iter_behind(self, broken: Collection[int]) -> Iterator[Reader]:
        """Yield what reads a broken view, or what reads one that does."""
        reached = set(broken)
        while more := [each for each in self.rows if each.relation in reached and each.key not in reached]:
            for each in {each.key: each for each in more}.values():
                reached.add(each.key)
                yield each

    def list_roles(self, reader: Reader, seen: frozenset[int] = frozenset()) -> set[str]:
        """Give by whose rights it reads: its owner's, or those of whoever uses it, directly or by what reads it."""
        if reader.by_owner or reader.kind == "materialized view":
            return {reader.owner}
        roles = {*reader.users, *self.list_declared(reader)} - {reader.owner}
        for above in self.above.get(reader.key, ()):
            if above.key not in seen:
                roles |= self.list_roles(above, seen | {reader.key})
        if reader.kind == "function" and not roles:
            return {reader.owner}
        return roles

    def list_declared(self, reader: Reader) -> set[str]:
        """Give who is to read a view by the map, which `migrate` gives at its end."""
        if reader.kind != "view":
            return set()
        schema, _, name = reader.name.partition(".")
        return {entry.grantee for entry in self.declared.get_acl(DatabaseObject("table", schema, name))}

    @cached_property
    def above(self) -> dict[int, list[Reader]]:
        above: dict[int, list[Reader]] = {}
        for each in self.rows:
            above.setdefault(each.relation, []).append(each)
        return above
