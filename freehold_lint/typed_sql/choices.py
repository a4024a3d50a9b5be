"""The values that a column takes, where a check constraint says them: `status IN ('open', 'done')`."""

from __future__ import annotations

from typing import Any, Final

from freehold_lint.parsing import parse

_LISTS: Final = ("AEXPR_OP_ANY", "AEXPR_IN")


def read_choices(expression: str) -> tuple[str, ...]:
    """Give the texts that a constraint of one column lets it have, in its order; none where it says something else."""
    node = _unwrap(parse(f"SELECT {expression}")[0]["SelectStmt"]["targetList"][0]["ResTarget"]["val"])
    found = node.get("A_Expr", {})
    names = [each.get("String", {}).get("sval") for each in found.get("name", [])]
    if found.get("kind") not in _LISTS or names != ["="] or "ColumnRef" not in _unwrap(found["lexpr"]):
        return ()
    listed = _unwrap(found["rexpr"])
    elements = listed.get("A_ArrayExpr", {}).get("elements") or listed.get("List", {}).get("items") or []
    texts = [_unwrap(each).get("A_Const", {}).get("sval", {}).get("sval") for each in elements]
    return () if None in texts else tuple(texts)


def _unwrap(node: Any) -> Any:
    """Give what is cast, since PostgreSQL writes a type behind each part."""
    return _unwrap(node["TypeCast"]["arg"]) if "TypeCast" in node else node
