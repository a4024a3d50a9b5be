"""Looks that a page's key is one of its rows too: no join may give a row of its table twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from freehold_lint.parsing import Tree, list_words
from freehold_lint.typed_sql.catalogue import Catalogue
from freehold_lint.typed_sql.sources import Source
from freehold_lint.typed_sql.statements import Choice, Statement
from freehold_lint.typed_sql.trees import iter_ands, walk

_EQUALS = (["="], ["pg_catalog", "="])


@dataclass
class _Item:
    """What FROM has: a table by its alias or, with no node, something else. `holds` are conditions on its rows."""

    alias: str
    node: Tree | None
    place: int
    holds: list[Tree]
    is_single: bool = False


def check_rows(source: Source, statement: Statement, choice: Choice, tree: Tree, catalogue: Catalogue) -> None:
    """Refuse a page whose order may end with a key that two rows have, or whose rows depend on others.

    Raises:
        TypedSQLError: it is so.
    """
    node, line = tree.get("SelectStmt", {}), source.header.lines["page"]
    if word := _find_whole(node, catalogue):
        raise source.fail(line, f"a page has {word}, whose rows the next page's condition would change: take it out")
    items = [item for each in node.get("fromClause", []) for item in _iter_items(each, [])]
    for item in items:
        item.holds += iter_ands(node.get("whereClause"))
    key = _find_key(source, choice, items, catalogue)
    groups = node.get("groupClause", [])
    if groups and not all(_find_alias(each, items) == key.alias for each in groups):
        raise source.fail(line, f"a page is grouped by more than columns of {key.alias}: group by its key alone")
    if not groups and (extra := _find_multiplying(key, items, catalogue)):
        message = (
            f"{extra.alias or 'what is joined here'} may give a row of {key.alias} twice, and the order {choice.sort} "
            "ends with its key: join a table by = on a unique column of it, or end the order with the key of the other"
        )
        raise source.fail(statement.find_byte_line(extra.place) if extra.place else line, message)


def _find_whole(node: Tree, catalogue: Catalogue) -> str:
    """Name what makes rows of all rows that are found."""
    targets = node.get("targetList", [])
    calls = walk(targets, "FuncCall")
    if node.get("op", "SETOP_NONE") != "SETOP_NONE":
        return "UNION, INTERSECT or EXCEPT"
    if "distinctClause" in node:
        return "DISTINCT"
    if "windowClause" in node or any("over" in each for each in calls):
        return "a window"
    names = [list_words(each["funcname"])[-1] for each in calls]
    return next((f"{name}(…)" for name in names if name in catalogue.multiplying), "")


def _find_key(source: Source, choice: Choice, items: list[_Item], catalogue: Catalogue) -> _Item:
    """Give the table whose key the order ends with."""
    words = source.header.sorts[choice.sort][-1].expression.strip().split(".")
    for item in items:
        is_its = words[:-1] == [item.alias] or (len(words) == 1 and len(items) == 1)
        if is_its and _is_unique(item, words[-1], catalogue):
            return item
    message = (
        f"the order {choice.sort} ends with {'.'.join(words)}, which is not unique: end it with a key, such as i.id"
    )
    raise source.fail(source.header.lines["sort"], message)


def _is_unique(item: _Item, column: str, catalogue: Catalogue) -> bool:
    node = item.node or {}
    return (node.get("schemaname", ""), node.get("relname", ""), column) in catalogue.unique


def _iter_items(node: Tree, holds: list[Tree]) -> Iterator[_Item]:
    """Yield what FROM has, with the conditions that hold for each: an outer join's hold for the side it leaves out."""
    kind, inner = next(iter(node.items()))
    if kind == "JoinExpr" and "alias" not in inner and inner["jointype"] in ("JOIN_INNER", "JOIN_LEFT"):
        own = [*holds, *iter_ands(inner.get("quals"))]
        yield from _iter_items(inner["larg"], own if inner["jointype"] == "JOIN_INNER" else holds)
        yield from _iter_items(inner["rarg"], own)
    elif kind == "RangeVar":
        yield _Item(_get_alias(inner) or inner["relname"], inner, inner.get("location", 0), list(holds))
    else:
        is_single = kind == "RangeSubselect" and _is_single(inner["subquery"])
        yield _Item(_get_alias(inner), None, inner.get("location", 0), list(holds), is_single)


def _get_alias(node: Tree) -> str:
    alias = node.get("alias", {})
    return str(alias.get("Alias", alias).get("aliasname", ""))


def _is_single(tree: Tree) -> bool:
    """Tell whether a subquery says itself that it gives one row: LIMIT 1."""
    limit = tree.get("SelectStmt", {}).get("limitCount", {}).get("A_Const", {})
    return bool(limit.get("ival", {}).get("ival") == 1)


def _find_multiplying(key: _Item, items: list[_Item], catalogue: Catalogue) -> _Item | None:
    """Give the first that may have more than one row for a row of the key's table."""
    settled = [key]
    rest = [each for each in items if each is not key]
    while found := next((each for each in rest if _is_settled(each, settled, items, catalogue)), None):
        settled.append(found)
        rest.remove(found)
    return rest[0] if rest else None


def _is_settled(item: _Item, settled: list[_Item], items: list[_Item], catalogue: Catalogue) -> bool:
    """Tell whether a condition says by = which row it is, from what is settled already."""
    return item.is_single or any(
        _find_alias(own, items) == item.alias
        and _is_unique(item, list_words(own["ColumnRef"]["fields"])[-1], catalogue)
        and _is_known(other, settled, items)
        for condition in item.holds
        for own, other in _iter_equal(condition)
    )


def _iter_equal(condition: Tree) -> Iterator[tuple[Tree, Tree]]:
    node = condition.get("A_Expr", {})
    if node.get("kind") == "AEXPR_OP" and list_words(node["name"]) in _EQUALS and "lexpr" in node:
        yield node["lexpr"], node["rexpr"]
        yield node["rexpr"], node["lexpr"]


def _find_alias(node: Tree, items: list[_Item]) -> str:
    """Give the alias before a column; that of the one table where none is written."""
    words = list_words(node.get("ColumnRef", {}).get("fields", []))
    alone = items[0].alias if len(items) == 1 else ""
    return words[0] if len(words) == 2 else alone if len(words) == 1 else ""


def _is_known(node: Tree, settled: list[_Item], items: list[_Item]) -> bool:
    """Tell whether a column is of a settled table, or a parameter or constant is there."""
    aliases = [each.alias for each in settled]
    return "ParamRef" in node or "A_Const" in node or _find_alias(node, items) in aliases
