"""Conditions behind policies that no index serves: operators that may tell of rows which a policy hides.

PostgreSQL runs such an operator behind the policies' own conditions, so that an index over its column is left alone. So
is an index over an expression, since hardly a function is leakproof.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from freehold_lint.parsing import Tree, list_words, parse
from freehold_lint.typed_sql.catalogue import Catalogue
from freehold_lint.typed_sql.sources import Source
from freehold_lint.typed_sql.statements import Statement
from freehold_lint.typed_sql.trees import Named, list_functions, list_tables, walk

_Shape = tuple[list[str], set[str]]  # of an expression: the functions it calls, and its columns


@dataclass(frozen=True)
class _Condition:
    """One side of an operator, with the other."""

    operator: str
    place: int
    own: Tree
    other: Tree


def refuse_leaks(source: Source, statement: Statement, tree: Tree, catalogue: Catalogue) -> None:
    """Refuse such an operator over what an index of a table with policies has, unless a `plan` line says why.

    Raises:
        TypedSQLError: there is one.
    """
    if source.header.plan:
        return
    for condition, what in _iter_leaks(tree, catalogue):
        message = (
            f"{condition.operator} over {what} is not leakproof: behind the table's policies no index serves it; "
            f"compare by another operator, search by a function of the owner's, or say why it may stay: `-- plan: …`"
        )
        raise source.fail(statement.find_byte_line(condition.place), message)


def _iter_leaks(tree: Tree, catalogue: Catalogue) -> Iterator[tuple[_Condition, str]]:
    tables = [each for each in list_tables(tree) if (each.schema, each.name) in catalogue.guarded]
    for table in tables:
        indexed = [_shape(each["ResTarget"]["val"]) for each in _iter_expressions(table, catalogue)]
        for condition in _iter_conditions(tree):
            column = _find_column(condition.own, table)
            if column and (table.schema, table.name, column) in catalogue.indexed:
                if _leaks(catalogue, table, column, condition):
                    yield condition, f"{table.schema}.{table.name}.{column}"
            elif _is_of(condition.own, table) and _shape(condition.own) in indexed:
                yield condition, f"an indexed expression of {table.schema}.{table.name}"


def _iter_conditions(tree: Tree) -> Iterator[_Condition]:
    for clause in (*walk(tree, "whereClause"), *walk(tree, "quals")):
        for node in walk(clause, "A_Expr"):
            left, right = node.get("lexpr", {}), node.get("rexpr", {})
            operator, place = list_words(node["name"])[-1], node.get("location", 0)
            yield _Condition(operator, place, left, right)
            yield _Condition(operator, place, right, left)


# --- Columns ---------------------------------------------------------------------------------------------------------
def _find_column(node: Tree, table: Named) -> str:
    """Give the table's column that the node is, if it is one."""
    words = list_words(node.get("ColumnRef", {}).get("fields", []))
    return words[-1] if words and words[:-1] in ([], [table.alias or table.name]) else ""


def _leaks(catalogue: Catalogue, table: Named, column: str, condition: _Condition) -> bool:
    """Tell whether the operator leaks. The other side is of the column's type unless a cast says another; where there
    is no operator of both, PostgreSQL casts the column.
    """
    found = catalogue.find(table.schema, table.name, column)
    if found is None:
        return False
    name = catalogue.types[catalogue.get_base(found.type)][0]
    own = "text" if name == "varchar" else name
    other = _find_cast(condition.other) or own
    kinds = ((condition.operator, own, other), (condition.operator, other, own), (condition.operator, other, other))
    return next((catalogue.operators[each] for each in kinds if each in catalogue.operators), False)


def _find_cast(node: Tree) -> str:
    if node.get("SQLValueFunction", {}).get("op") == "SVFOP_CURRENT_DATE":
        return "date"
    names = list_words(node.get("TypeCast", {}).get("typeName", {}).get("names", []))
    return names[-1] if names else ""


# --- Expressions -----------------------------------------------------------------------------------------------------
def _iter_expressions(table: Named, catalogue: Catalogue) -> Iterator[Tree]:
    for text in catalogue.expressions.get((table.schema, table.name), ()):
        yield from parse(f"SELECT {text}")[0]["SelectStmt"]["targetList"]


def _shape(node: Tree) -> _Shape:
    """Give what tells an expression from others: PostgreSQL writes an index's with casts and brackets of its own."""
    columns = {list_words(each["fields"])[-1] for each in walk(node, "ColumnRef")}
    return sorted(each.name for each in list_functions(node)), columns


def _is_of(node: Tree, table: Named) -> bool:
    """Tell whether the node is more than a column, and names columns of the table alone."""
    words = [list_words(each["fields"]) for each in walk(node, "ColumnRef")]
    return (
        "ColumnRef" not in node
        and bool(words)
        and all(each[:-1] in ([], [table.alias or table.name]) for each in words)
    )
