"""Which parameters may be NULL, by where a statement puts them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from freehold_lint.parsing import Tree
from freehold_lint.typed_sql.catalogue import Catalogue
from freehold_lint.typed_sql.trees import walk


def list_nullable_parameters(tree: Any, catalogue: Catalogue) -> set[int]:
    """Give the numbers of the parameters that the statement tests for NULL, and of those that go straight into columns
    which all take NULL."""
    written: dict[int, bool] = {}
    for number, takes_null in _iter_written(tree, catalogue):
        written[number] = takes_null and written.get(number, True)
    return {*_iter_tested(tree), *(number for number, takes_null in written.items() if takes_null)}


def _iter_tested(tree: Any) -> Iterator[int]:
    for node in walk(tree, "NullTest"):
        yield from _iter_number(node["arg"])


def _iter_number(value: Tree) -> Iterator[int]:
    """Yield the number of the parameter that a value is, casts aside."""
    while "TypeCast" in value:
        value = value["TypeCast"]["arg"]
    if "ParamRef" in value:
        yield value["ParamRef"]["number"]


def _iter_written(tree: Any, catalogue: Catalogue) -> Iterator[tuple[int, bool]]:
    """Yield the parameters that go straight into a column, by number, and whether it takes NULL."""
    for kind in ("InsertStmt", "UpdateStmt", "MergeStmt"):
        for node in walk(tree, kind):
            table = (node["relation"].get("schemaname", ""), node["relation"]["relname"])
            all_names = list(catalogue.tables.get(table, {}))
            for column, value in _iter_assigned(node, all_names):
                found = catalogue.find(*table, column)
                yield from ((number, found.takes_null) for number in _iter_number(value) if found)


def _iter_assigned(node: Tree, all_names: list[str]) -> Iterator[tuple[str, Tree]]:
    """Yield each column with each value that it is given. One of which a part is set, `tags[1]`, is left out."""
    clauses = [each["MergeWhenClause"] for each in node.get("mergeWhenClauses", [])]
    for each in (node, node.get("onConflictClause", {}), *clauses):
        targets = [target["ResTarget"] for target in each.get("targetList", [])]
        yield from ((one["name"], _pick(one["val"])) for one in targets if "val" in one and "indirection" not in one)
    names = [each["ResTarget"]["name"] for each in node.get("cols", [])] or all_names
    for row in _iter_rows(node.get("selectStmt", {}).get("SelectStmt", {})):
        yield from zip(names, row, strict=False)
    for each in clauses:
        names = [target["ResTarget"]["name"] for target in each.get("targetList", [])] or all_names
        yield from zip(names, each.get("values", []), strict=False)


def _iter_rows(select: Tree) -> Iterator[list[Tree]]:
    """Yield what an INSERT takes its rows from: lists of values, and the columns of SELECT and of each arm of UNION."""
    yield from (row["List"]["items"] for row in select.get("valuesLists", []))
    if targets := select.get("targetList"):
        yield [each["ResTarget"]["val"] for each in targets]
    for arm in (select[side] for side in ("larg", "rarg") if side in select):
        yield from _iter_rows(arm)


def _pick(value: Tree) -> Tree:
    """Give the value itself, that of its column where several are assigned at once: `(a, b) = (…)`."""
    several = value.get("MultiAssignRef", {})
    source = several.get("source", {})
    if "SubLink" in source:
        targets = source["SubLink"]["subselect"].get("SelectStmt", {}).get("targetList", [])
        values = [each["ResTarget"]["val"] for each in targets]
    else:
        values = source.get("RowExpr", {}).get("args", [])
    place = several.get("colno", 0)
    return value if not several else values[place - 1] if len(values) >= place else {}
