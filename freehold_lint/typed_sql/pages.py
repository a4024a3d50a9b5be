"""What a page needs of its statement, so that each row is on one page: where the next page's condition stands."""

from __future__ import annotations

from functools import cache
from typing import Any

from freehold.queries.joining import Combination, join
from freehold.queries.values import Segment, Sort
from freehold_lint.parsing import Tree, parse
from freehold_lint.typed_sql.sources import Source
from freehold_lint.typed_sql.statements import Choice, Statement, write_key
from freehold_lint.typed_sql.trees import iter_ands, strip_places

_PROBE = (Segment("SELECT WHERE true"), Segment("", role="after"), Segment("", role="order"))


def check_after(source: Source, statement: Statement, choice: Choice, tree: Tree) -> None:
    """Refuse the statement of a next page whose condition does not hold for all that WHERE finds.

    Raises:
        TypedSQLError: it stands in a join, in a subquery or at one side of OR.
    """
    found = [_plain(each, statement.parameters) for each in iter_ands(tree.get("SelectStmt", {}).get("whereClause"))]
    sort = Sort(tuple((write_key(key), "", key.direction) for key in source.header.sorts[choice.sort]))
    if not all(each in found for each in _list_wanted(choice.sort, sort)):
        line = next(each.line for each in source.pieces if each.role == "after")
        message = (
            f"`-- after` does not hold for the whole WHERE of the statement itself ({choice}): put it behind its last "
            "condition, and brackets around OR"
        )
        raise source.fail(line, message)


@cache  # a file's statements have each sort again and again
def _list_wanted(name: str, sort: Sort) -> list[Any]:
    """Give what the next page's condition is made of, which are conditions joined by AND."""
    joined = join(_PROBE, (), "postgresql", Combination(frozenset(), name, True), sort, is_paged=True)
    _, *wanted = iter_ands(parse(joined.text)[0]["SelectStmt"]["whereClause"])
    return [_plain(each, [each.name for each in joined.parameters]) for each in wanted]


def _plain(tree: Any, parameters: list[str]) -> Any:
    """Give a tree without places, its parameters by name."""
    return _name_parameters(strip_places(tree), parameters)


def _name_parameters(node: Any, parameters: list[str]) -> Any:
    if isinstance(node, list):
        return [_name_parameters(each, parameters) for each in node]
    if not isinstance(node, dict):
        return node
    if "ParamRef" in node:
        return parameters[node["ParamRef"]["number"] - 1]
    return {key: _name_parameters(each, parameters) for key, each in node.items()}
