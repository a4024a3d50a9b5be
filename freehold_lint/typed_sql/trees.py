"""What a statement's tree tells without a database: the tables and functions it names, and what is refused at once."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Any

from freehold_lint.parsing import StatementError, Tree, list_words, parse
from freehold_lint.typed_sql.sources import Source
from freehold_lint.typed_sql.statements import Statement

_TAKEN = ("SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt")


@dataclass(frozen=True)
class Named:
    """A table or function that a statement names, and where, in bytes."""

    schema: str
    name: str
    place: int
    alias: str = ""


def read_tree(source: Source, statement: Statement) -> Tree:
    """Give the tree of a file's statement under its kind's key.

    Raises:
        TypedSQLError: it is no SQL, more than one statement, or has what is refused.
    """
    try:
        trees = parse(statement.text)
    except StatementError as error:
        raise source.fail(statement.find_line(error.place), f"{error}: mend the statement") from error
    if not trees:
        raise source.fail(source.pieces[0].line, "without its parts there is no statement: leave its words outside")
    if len(trees) != 1:
        raise source.fail(_find_second(source), "it holds more than one statement: write a file for each")
    tree = trees[0]
    if not any(each in tree for each in _TAKEN):
        raise source.fail(source.pieces[0].line, "only SELECT, VALUES, INSERT, UPDATE, DELETE and MERGE are taken")
    _refuse(source, statement, tree)
    return tree


def _find_second(source: Source) -> int:
    ends = [place for place, each in enumerate(source.pieces) if each.text == ";" and not each.role]
    behind = source.pieces[ends[0] + 1 :] if ends else ()  # else it is an order that has two
    return next((each.line for each in behind if each.text.strip() or each.role), source.header.lines.get("sort", 1))


def _refuse(source: Source, statement: Statement, tree: Tree) -> None:
    for node in (*walk(tree, "ColumnRef"), *walk(tree, "A_Indirection")):
        if any("A_Star" in each for each in node.get("fields", node.get("indirection", []))):
            message = "`*` takes whatever columns there are: name each"
            raise source.fail(statement.find_byte_line(node.get("location", 0)), message)
    for table in list_tables(tree):
        if not table.schema:
            message = f"{table.name} has no schema: write app.{table.name}, or whichever schema it is in"
            raise source.fail(statement.find_byte_line(table.place), message)


def walk(node: Any, kind: str) -> Iterator[Tree]:
    """Yield each node of a kind, outer ones first."""
    if isinstance(node, list):
        for each in node:
            yield from walk(each, kind)
    elif isinstance(node, dict):
        for key, inner in node.items():
            if key == kind:
                yield inner
            yield from walk(inner, kind)


def list_tables(tree: Tree) -> list[Named]:
    """Give the tables that a statement names, without the names that WITH makes."""
    made = {each["ctename"] for each in walk(tree, "CommonTableExpr")}
    found = [_name(node) for node in iter_relations(tree)]
    return [each for each in found if each.schema or each.name not in made]


def iter_relations(tree: Tree) -> Iterator[Tree]:
    """Yield the node of each table that is read or written."""
    locked = [id(node) for each in walk(tree, "LockingClause") for node in walk(each, "RangeVar")]  # aliases, in OF
    yield from (node for node in walk(tree, "RangeVar") if id(node) not in locked)
    yield from (each["relation"].get("RangeVar", each["relation"]) for each in walk_writes(tree) if "relation" in each)


def walk_writes(tree: Tree) -> Iterator[Tree]:
    """Yield each INSERT, UPDATE, DELETE and MERGE, whose table stands in no node of its own."""
    for kind in _TAKEN[1:]:
        yield from walk(tree, kind)


def may_write(tree: Tree, writing: Container[tuple[str, str]]) -> bool:
    """Tell whether a statement writes, in WITH too, or calls one of the functions that may."""
    return any(walk_writes(tree)) or any((each.schema, each.name) in writing for each in list_functions(tree))


def _name(node: Tree) -> Named:
    alias = node.get("alias", {})
    alias = alias.get("Alias", alias).get("aliasname", "")
    return Named(node.get("schemaname", ""), node["relname"], node.get("location", 0), alias)


def list_functions(tree: Tree) -> list[Named]:
    """Give the functions that a statement calls."""
    found = []
    for node in walk(tree, "FuncCall"):
        *schemas, name = list_words(node["funcname"])
        found.append(Named(schemas[-1] if schemas else "", name, node.get("location", 0)))
    return found
