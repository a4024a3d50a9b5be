"""Reads what SQL does to rows, wherever in a statement it stands: in WITH, and in what EXPLAIN, PREPARE or COPY run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from freehold_lint.migrations.conditions import find_needed
from freehold_lint.migrations.vocabulary import ChangeKind, MigrationChange
from freehold_lint.parsing import Tree, name_table

_LATER = ("CreateFunctionStmt", "RuleStmt")  # whose rows are those of whoever uses it
_CHOOSING = ("MERGE_WHEN_MATCHED", "MERGE_WHEN_NOT_MATCHED_BY_SOURCE")
_MERGED: dict[str, tuple[ChangeKind, str]] = {"CMD_DELETE": ("delete", "DELETE"), "CMD_UPDATE": ("update", "UPDATE")}


def iter_row_changes(statement: Tree) -> Iterator[MigrationChange]:
    """Yield what a statement does to rows by itself, outermost first."""
    for kind, node in statement.items():
        if kind in _READERS:
            yield from _READERS[kind](node)
        if kind not in _LATER:
            yield from _iter_inner(node)


def _iter_inner(node: Any) -> Iterator[MigrationChange]:
    if isinstance(node, list):
        for each in node:
            yield from _iter_inner(each)
    elif isinstance(node, dict):
        yield from iter_row_changes(node)


def _change(kind: ChangeKind, sort: str, relation: Tree, *conditions: Tree | None) -> MigrationChange:
    """Give a change of rows; `conditions` all have to hold, and None is one that does for every row."""
    needed = [find_needed(each, relation) for each in conditions]
    known = [each for each in needed if each is not None]
    flags = {"where": any(conditions), "vain": len(known) == len(needed)}
    columns = tuple(sorted(frozenset().union(*known))) if flags["vain"] else ()
    held = frozenset(name for name, holds in flags.items() if holds)
    return MigrationChange(kind, name_table(relation), sort=sort, flags=held, columns=columns)


def _read_delete(node: Tree) -> Iterator[MigrationChange]:
    yield _change("delete", "DELETE", node["relation"], node.get("whereClause"))


def _read_update(node: Tree) -> Iterator[MigrationChange]:
    yield _change("update", "UPDATE", node["relation"], node.get("whereClause"))


def _read_merge(node: Tree) -> Iterator[MigrationChange]:
    for each in (clause["MergeWhenClause"] for clause in node.get("mergeWhenClauses", ())):
        if each["commandType"] in _MERGED and each["matchKind"] in _CHOOSING:
            yield _change(*_MERGED[each["commandType"]], node["relation"], node["joinCondition"], each.get("condition"))


def _read_insert(node: Tree) -> Iterator[MigrationChange]:
    """Read INSERT … SELECT: some rows that stand in the statement take no time."""
    if "valuesLists" not in node.get("selectStmt", {}).get("SelectStmt", {"valuesLists": 1}):
        yield MigrationChange("insert", name_table(node["relation"]), sort="INSERT")


def _read_truncate(node: Tree) -> Iterator[MigrationChange]:
    flags = frozenset({"cascade"} if node.get("behavior") == "DROP_CASCADE" else ())
    for each in node["relations"]:
        yield MigrationChange("delete", name_table(each["RangeVar"]), sort="TRUNCATE", flags=flags)


_READERS: dict[str, Callable[[Tree], Iterator[MigrationChange]]] = {
    "DeleteStmt": _read_delete,
    "UpdateStmt": _read_update,
    "MergeStmt": _read_merge,
    "InsertStmt": _read_insert,
    "TruncateStmt": _read_truncate,
}
