"""What a statement's tree tells without a database: the tables and functions it names, and what is refused at once."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Any

from freehold_lint.parsing import StatementError, Tree, list_words, parse
from freehold_lint.typed_sql.sources import Source
from freehold_lint.typed_sql.statements import Statement

_TAKEN = ("SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt")
_PLACES = ("location", "list_start", "list_end", "rexpr_list_start", "rexpr_list_end")


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
    nodes = gather(tree)
    for node in (*nodes.get("ColumnRef", ()), *nodes.get("A_Indirection", ())):
        if any("A_Star" in each for each in node.get("fields", node.get("indirection", []))):
            message = "`*` takes whatever columns there are: name each"
            raise source.fail(statement.find_byte_line(node.get("location", 0)), message)
    for table in _list_tables(nodes):
        if not table.schema:
            message = f"{table.name} has no schema: write app.{table.name}, or whichever schema it is in"
            raise source.fail(statement.find_byte_line(table.place), message)


def walk(node: Any, kind: str) -> list[Tree]:
    """Give each node of a kind, outer ones first."""
    return gather(node).get(kind, [])


def gather(node: Any) -> dict[str, list[Tree]]:
    """Give all nodes by their kinds, outer ones first, from one walk."""
    found: dict[str, list[Tree]] = {}
    rest = [("", node)]
    while rest:  # by hand: this is what most of a compilation's time went into
        kind, node = rest.pop()
        if type(node) is dict:
            if kind:
                found.setdefault(kind, []).append(node)
            rest += [pair for pair in node.items() if type(pair[1]) is dict or type(pair[1]) is list][::-1]
        else:
            rest += [("", each) for each in reversed(node) if type(each) is dict or type(each) is list]
    return found


def iter_ands(node: Tree | None) -> Iterator[Tree]:
    """Yield the conditions that all hold where this one does."""
    inner = (node or {}).get("BoolExpr", {})
    if inner.get("boolop") == "AND_EXPR":
        for each in inner["args"]:
            yield from iter_ands(each)
    elif node:
        yield node


def strip_places(node: Any) -> Any:
    """Give a tree without where its words stand."""
    if isinstance(node, list):
        return [strip_places(each) for each in node]
    if not isinstance(node, dict):
        return node
    return {key: strip_places(each) for key, each in node.items() if key not in _PLACES}


def list_tables(tree: Tree) -> list[Named]:
    """Give the tables that a statement names, without the names that WITH makes."""
    return _list_tables(gather(tree))


def _list_tables(nodes: dict[str, list[Tree]]) -> list[Named]:
    made = {each["ctename"] for each in nodes.get("CommonTableExpr", ())}
    found = [_name(node) for node in _iter_relations(nodes)]
    return [each for each in found if each.schema or each.name not in made]


def iter_relations(tree: Tree) -> Iterator[Tree]:
    """Yield the node of each table that is read or written."""
    return _iter_relations(gather(tree))


def _iter_relations(nodes: dict[str, list[Tree]]) -> Iterator[Tree]:
    locking = nodes.get("LockingClause", ())
    locked = [id(node) for each in locking for node in walk(each, "RangeVar")]  # aliases, in OF
    yield from (node for node in nodes.get("RangeVar", ()) if id(node) not in locked)
    # The table of a write stands in no node of its own.
    writes = [each for kind in _TAKEN[1:] for each in nodes.get(kind, ())]
    yield from (each["relation"].get("RangeVar", each["relation"]) for each in writes if "relation" in each)


def walk_writes(tree: Tree) -> Iterator[Tree]:
    """Yield each INSERT, UPDATE, DELETE and MERGE."""
    nodes = gather(tree)
    return (each for kind in _TAKEN[1:] for each in nodes.get(kind, ()))


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
