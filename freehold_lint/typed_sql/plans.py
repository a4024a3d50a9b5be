"""Conditions behind policies that no index serves: operators that may tell of rows which a policy hides.

PostgreSQL runs such an operator behind the policies' own conditions, so that an index over its column is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from freehold_lint.parsing import Tree, list_words
from freehold_lint.typed_sql.catalogue import Catalogue
from freehold_lint.typed_sql.sources import Source
from freehold_lint.typed_sql.statements import Statement
from freehold_lint.typed_sql.trees import list_tables, walk


def refuse_leaks(source: Source, statement: Statement, tree: Tree, catalogue: Catalogue) -> None:
    """Refuse such an operator over an indexed column of a table with policies, unless a `plan` line says why.

    Raises:
        TypedSQLError: there is one.
    """
    if source.header.plan:
        return
    for place, operator, column in _iter_leaks(tree, catalogue):
        message = (
            f"{operator} over {column} is not leakproof: behind the table's policies no index serves it; compare by "
            f"another operator, or say why it may stay: `-- plan: …`"
        )
        raise source.fail(statement.find_byte_line(place), message)


def _iter_leaks(tree: Tree, catalogue: Catalogue) -> Iterator[tuple[int, str, str]]:
    tables = [each for each in list_tables(tree) if (each.schema, each.name) in catalogue.guarded]
    for clause in (*walk(tree, "whereClause"), *walk(tree, "quals")):
        for node in walk(clause, "A_Expr"):
            words = list_words(node.get("lexpr", {}).get("ColumnRef", {}).get("fields", []))
            operator = list_words(node["name"])[-1]
            for table in tables if words else ():
                named = (table.schema, table.name, words[-1])
                is_its = words[:-1] in ([], [table.alias or table.name])
                if is_its and named in catalogue.indexed and _leaks(catalogue, named, operator, node.get("rexpr", {})):
                    yield node.get("location", 0), operator, ".".join(named)


def _leaks(catalogue: Catalogue, column: tuple[str, str, str], operator: str, right: Tree) -> bool:
    """Tell whether the operator leaks. What is on the right is of the column's type unless a cast says another."""
    found = catalogue.find(*column)
    if found is None:
        return False
    name = catalogue.types[catalogue.get_base(found.type)][0]
    left = "text" if name == "varchar" else name
    other = list_words(right.get("TypeCast", {}).get("typeName", {}).get("names", []))[-1:]
    if right.get("SQLValueFunction", {}).get("op") == "SVFOP_CURRENT_DATE":
        other = ["date"]
    return (operator, left, other[0] if other else left) in catalogue.leaking
