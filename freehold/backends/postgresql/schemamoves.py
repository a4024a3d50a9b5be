"""Moves a table to another schema, under another name too, in an order in which no name is taken on the way.

Indexes and sequences go along, and their names have to be free in the other schema as well. Those that PostgreSQL or
Django made from the table's name are made from its new one; those that a model chose stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, count
from typing import TYPE_CHECKING, Any

from django.db.backends.utils import names_digest
from django.db.models import Model

from freehold.backends.names import quote_whole
from freehold.sqlfiles import fetch_rows

if TYPE_CHECKING:
    from freehold.backends.postgresql.schema import DatabaseSchemaEditor

LONGEST = 63  # bytes of a name: NAMEDATALEN - 1
# PostgreSQL's (ChooseRelationName in src/backend/commands/indexcmds.c) or Django's (_create_index_name): the label and
# the number behind it, or what stands behind the hash.
_MADE = re.compile(r"_(?:(pkey|key|seq)(\d*)|[0-9a-f]{8}(|_like|_uniq))$")


@dataclass(frozen=True)
class _Renaming:
    """What goes along under which name: TABLE, INDEX or SEQUENCE, the name it has and the one it gets."""

    kind: str
    old: str
    new: str


class SchemaMove:
    """One table on its way from a schema to another one."""

    def __init__(
        self, editor: DatabaseSchemaEditor, model: type[Model], old: tuple[str, str], new: tuple[str, str]
    ) -> None:
        """Take the table as schema and bare name, before and after; look at what is there under which name."""
        self.editor = editor
        (self.source, self.old), (self.target, self.new) = old, new
        self.chosen = {each.name for each in (*model._meta.indexes, *model._meta.constraints)}
        self.taken_here = {name for (name,) in self.fetch("list_taken_names", schema=self.source)}
        self.taken_there = {name for (name,) in self.fetch("list_taken_names", schema=self.target)}

    def fetch(self, statement: str, **params: str) -> list[tuple[Any, ...]]:
        with self.editor.connection.cursor() as cursor:
            return fetch_rows(cursor, __file__, statement, **params)

    def list_statements(self) -> list[str]:
        renamings = [*self.iter_renamings(), _Renaming("TABLE", self.old, self.new)]
        on_the_way = [self.choose_passage(each) for each in renamings]
        moved = f"{quote_whole(self.source)}.{quote_whole(on_the_way[-1])}"
        pairs = list(zip(renamings, on_the_way, strict=True))
        return [
            *rename(self.source, (_Renaming(each.kind, each.old, via) for each, via in pairs)),
            self.editor.sql_set_schema % {"table": moved, "schema": quote_whole(self.target)},
            *rename(self.target, (_Renaming(each.kind, via, each.new) for each, via in pairs)),
        ]

    def choose_passage(self, renaming: _Renaming) -> str:
        """Give the name under which a thing changes schemas: free in both of them at the time it has it."""
        if renaming.old not in self.taken_there or renaming.new in self.taken_there:
            return renaming.old  # in the second case the server says what is in the way
        if renaming.new not in self.taken_here:
            return renaming.new
        return f"moving_{names_digest(self.source, renaming.old, self.target, renaming.new, length=8)}"

    def iter_renamings(self) -> Iterator[_Renaming]:
        table = f"{quote_whole(self.source)}.{quote_whole(self.old)}"
        given = set(self.chosen)
        for kind, name, columns in self.fetch("list_named_along", table=table):
            new = self.choose_name(name, columns, given)
            given.add(new)
            yield _Renaming(kind, name, new)

    def choose_name(self, name: str, columns: list[str], given: set[str]) -> str:
        """Give the name in the other schema: another one only where it was made from the table's or is taken there.

        `given` are names that others of the table's have or get.
        """
        made = None if name in self.chosen else _MADE.search(name)
        if made is None or not (name == self.make_name(self.old, columns, made) or name in self.taken_there):
            return name
        numbers = chain([""], map(str, count(1))) if made[1] else [""]
        names = (self.make_name(self.new, columns, made, number) for number in numbers)
        return next((each for each in names if each not in self.taken_there | given), name)

    def make_name(self, table: str, columns: list[str], made: re.Match[str], number: str | None = None) -> str:
        """Give the name that would be made for a table, with the number that the old one has or another."""
        if made[1] is None:
            return self.editor._create_index_name(table, columns, made[3])
        label = made[1] + (made[2] if number is None else number)
        return join_name(table, "" if made[1] == "pkey" else "_".join(columns), label)


def rename(schema: str, renamings: Iterable[_Renaming]) -> list[str]:
    """Give a statement for each thing of the schema that gets another name."""
    return [
        f"ALTER {each.kind} {quote_whole(schema)}.{quote_whole(each.old)} RENAME TO {quote_whole(each.new)}"
        for each in renamings
        if each.old != each.new
    ]


def join_name(table: str, columns: str, label: str) -> str:
    """Give a name as PostgreSQL makes it: of table and columns the longer one is cut (makeObjectName, as above)."""
    first, second = table.encode(), columns.encode()
    room = LONGEST - len(label) - 1 - bool(second)
    while len(first) + len(second) > room:
        first, second = (first[:-1], second) if len(first) > len(second) else (first, second[:-1])
    parts = (part.decode(errors="ignore") for part in (first, second) if part)
    return "_".join([*parts, label])
