"""Which parameters may be NULL, by where a statement puts them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from freehold_lint.parsing import Tree
from freehold_lint.typed_sql.catalogue import Catalogue
from freehold_lint.typed_sql.trees import walk


def iter_null_tested(tree: Any) -> Iterator[int]:
    """Yield the numbers of the parameters that a statement tests for NULL."""
    for node in walk(tree, "NullTest"):
        arg = node["arg"]
        while "TypeCast" in arg:
            arg = arg["TypeCast"]["arg"]
        if "ParamRef" in arg:
            yield arg["ParamRef"]["number"]


def iter_written(tree: Any, catalogue: Catalogue) -> Iterator[tuple[int, bool]]:
    """Yield the parameters that go straight into a column, by number, and whether it takes NULL."""
    for kind in ("InsertStmt", "UpdateStmt"):
        for node in walk(tree, kind):
            table = (node["relation"].get("schemaname", ""), node["relation"]["relname"])
            for column, value in _iter_assigned(node):
                while "TypeCast" in value:
                    value = value["TypeCast"]["arg"]
                if "ParamRef" in value and (found := catalogue.find(*table, column)):
                    yield value["ParamRef"]["number"], found.is_nullable


def _iter_assigned(node: Tree) -> Iterator[tuple[str, Tree]]:
    for each in (*node.get("targetList", []), *node.get("onConflictClause", {}).get("targetList", [])):
        yield each["ResTarget"]["name"], each["ResTarget"].get("val", {})
    names = [each["ResTarget"]["name"] for each in node.get("cols", [])]
    for row in node.get("selectStmt", {}).get("SelectStmt", {}).get("valuesLists", []):
        yield from zip(names, row["List"]["items"], strict=False)
