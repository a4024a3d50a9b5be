"""The same statement for SQLite: what differs in every file is written by itself, and the rest is prepared there."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from freehold_lint.parsing import Tree, parse
from freehold_lint.typed_sql.compilation import Compiled
from freehold_lint.typed_sql.pieces import Piece
from freehold_lint.typed_sql.sources import SQLITE, Source
from freehold_lint.typed_sql.statements import Statement, list_choices, write_pieces, write_statement
from freehold_lint.typed_sql.trees import iter_relations


def translate(compiled: Compiled) -> Source:
    """Give the file as SQLite reads it: the one beside it as it stands, or its own text, where a table `app.items` is
    `"app.items"`, a parameter has no type behind it, and `= ANY (@ids)` reads a JSON list."""
    source = compiled.source
    if source.sqlite:
        return source.sqlite
    statement = write_pieces(source)
    tables = dict(_iter_tables(statement, parse(statement.text)[0]))
    lists = {each.name for each in compiled.parameters if each.is_list}
    return replace(source, pieces=tuple(_Translator(source, tables, lists).iter_pieces()))


def _iter_tables(statement: Statement, tree: Tree) -> Iterator[tuple[int, str]]:
    """Yield the pieces with which tables begin, by their numbers, each with the alias that it needs."""
    numbers = {len(statement.text[:place].encode()): number for number, place in statement.places.items()}
    for node in iter_relations(tree):
        number = numbers.get(node.get("location", 0))
        if node.get("schemaname") and number is not None:
            yield number, "" if "alias" in node else node["relname"]


class _Translator:
    def __init__(self, source: Source, tables: dict[int, str], lists: set[str]) -> None:
        self.source, self.tables, self.lists = source, tables, lists
        self.pieces = source.pieces

    def iter_pieces(self) -> Iterator[Piece]:
        place = 0
        while place < len(self.pieces):
            taken, pieces = self.take(place)
            yield from pieces
            place += taken

    def take(self, place: int) -> tuple[int, list[Piece]]:
        """Give how many pieces are read, and what is written for them."""
        piece = self.pieces[place]
        if place in self.tables:
            return self.take_table(place)
        if piece.text == "=" and not piece.role and (found := self.read_any(place)):
            return found
        if piece.role == "parameter":
            return 1 + self.count_cast(place + 1), [piece]
        return 1, [piece]

    def take_table(self, place: int) -> tuple[int, list[Piece]]:
        schema, _, name = self.pieces[place : place + 3]
        alias = f' AS "{self.tables[place]}"' if self.tables[place] else ""
        whole = f"{_unquote(schema.text)}.{_unquote(name.text)}"
        return 3, [replace(schema, text=f'"{whole}"{alias}')]

    def read_any(self, place: int) -> tuple[int, list[Piece]] | None:
        """Read `= ANY (@ids)`, which SQLite has in other words."""
        solid = [at for at in range(place, min(place + 12, len(self.pieces))) if self.pieces[at].text.strip()]
        words = [self.pieces[at].text.lower() for at in solid]
        if len(solid) < 5 or words[1:3] != ["any", "("] or self.pieces[solid[3]].role != "parameter":
            return None
        end = solid[3] + 1 + self.count_cast(solid[3] + 1)
        while end < len(self.pieces) and not self.pieces[end].text.strip():
            end += 1
        if end >= len(self.pieces) or self.pieces[end].text != ")":
            return None
        name, first = self.pieces[solid[3]], self.pieces[place]
        texts = (replace(first, text="IN (SELECT value FROM json_each("), name, replace(first, text="))"))
        return end + 1 - place, list(texts)

    def count_cast(self, place: int) -> int:
        """Give how many pieces a type behind a parameter takes: `::uuid`, `::pg_catalog.text`, `::text[]`."""
        texts = [each.text if not each.role else "" for each in self.pieces[place : place + 10]]
        if texts[:2] != [":", ":"]:
            return 0
        count = 3
        while texts[count : count + 1] == ["."]:
            count += 2
        return count + 2 if texts[count : count + 2] == ["[", "]"] else count


def _unquote(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name


def prepare(compiled: Compiled, translated: Source, connection: Any) -> None:
    """Prepare each of the file's statements on the migrated SQLite; nothing is executed but SELECT of no rows.

    Raises:
        TypedSQLError: SQLite does not take one, gives other columns, or has no such type.
    """
    _refuse_types(compiled, translated)
    for choice in list_choices(translated):
        statement = write_statement(translated, choice, "sqlite")
        try:
            _ask(compiled, translated, statement, connection)
        except sqlite3.Error as error:
            source, own = compiled.source, translated is compiled.source.sqlite
            way = "mend it" if own else f"write {source.path.stem}{SQLITE} beside it, or `-- only: postgresql`"
            raise translated.fail(
                translated.pieces[0].line, f"SQLite does not take it ({choice}): {error}; {way}"
            ) from error


def _refuse_types(compiled: Compiled, translated: Source) -> None:
    """Refuse what SQLite has not, or would take for something else."""
    source = compiled.source
    for line, what, kind in _iter_types(compiled):
        if kind.startswith("interval") and translated is not source.sqlite:
            message = (
                f"{what} is an interval, which is a number of microseconds on SQLite, and no time plus it is one: "
                f"write {source.path.stem}{SQLITE} beside it, or `-- only: postgresql`"
            )
            raise source.fail(line, message)
        if kind == "bytea[]":
            raise source.fail(line, f"{what} is a list of bytea, which SQLite has not: write `-- only: postgresql`")


def _iter_types(compiled: Compiled) -> Iterator[tuple[int, str, str]]:
    """Yield line, name and type of each parameter and column."""
    for each in compiled.parameters:
        yield each.line, f"@{each.name}", f"{each.type}{'[]' if each.is_list else ''}"
    first = compiled.source.pieces[0].line
    yield from ((first, f"column {each.name}", each.type) for each in compiled.columns)


def _ask(compiled: Compiled, translated: Source, statement: Statement, connection: Any) -> None:
    values = [None] * len(statement.parameters)
    connection.execute(f"EXPLAIN {statement.text}", values).close()
    if next(iter(compiled.tree)) != "SelectStmt":
        return
    found = [each[0] for each in connection.execute(f"SELECT * FROM ({statement.text}) LIMIT 0", values).description]  # noqa: S608 - of a file
    wanted = [each.name for each in compiled.results]
    if found != wanted:
        line = translated.pieces[0].line
        raise translated.fail(
            line, f"on SQLite its columns are {', '.join(found)}, and on PostgreSQL {', '.join(wanted)}"
        )
