"""Tells whether the condition of an UPDATE or a DELETE chooses among the rows, by its words alone."""

from __future__ import annotations

from typing import Any, Final

from freehold_lint.parsing import Tree, list_words, name_table

# Columns that must not be NULL for a condition to hold for every row; None: it may hold for some rows and not for others.
Needed = frozenset[str] | None

_EQUAL, _OTHER = ("=", ">=", "<="), ("<>", "!=", "<", ">")  # what a column is to itself, and what it never is
_CHOOSING: Final = {"limitCount", "limitOffset", "groupClause", "havingClause", "withClause", "lockingClause"}
_CHANCE: Final = {"random", "random_normal", "gen_random_uuid", "clock_timestamp", "nextval"}
_FALSE = ("f", "false", "n", "no", "off", "0")


def find_needed(condition: Tree | None, relation: Tree) -> Needed:
    """Give the columns that must not be NULL for a condition to hold for all rows of a table; None where it chooses.

    What names no column holds for all rows or for none, and chooses nothing; but `WHERE false` and the like, which are
    meant to do nothing.
    """
    return frozenset() if condition is None else _Judge(relation).judge(condition, True)


class _Judge:
    """Judges conditions over the rows of a table, which columns may be named behind."""

    def __init__(self, relation: Tree) -> None:
        self.table = name_table(relation)
        self.name = relation.get("alias", {}).get("aliasname", relation["relname"])

    def judge(self, node: Tree, want: bool) -> Needed:
        """Give what is needed for the expression to be true for every row, or false for every row."""
        ((kind, inner),) = node.items()
        if kind == "BoolExpr":
            return self.judge_joined(inner, want)
        if kind == "BooleanTest":
            is_same = inner["booltesttype"] in ("IS_TRUE", "IS_NOT_FALSE")
            is_told = inner["booltesttype"] not in ("IS_UNKNOWN", "IS_NOT_UNKNOWN")
            return self.judge(inner["arg"], want is is_same) if is_told else None
        if not _names_columns(node):
            return frozenset() if _is_true(node) is want else None
        if kind == "NullTest":
            return self.need(inner["arg"]) if (inner["nulltesttype"] == "IS_NOT_NULL") is want else None
        if kind == "A_Expr":
            return self.judge_comparison(inner, want)
        return self.judge_own_rows(inner) if kind == "SubLink" and want else None

    def judge_joined(self, inner: Tree, want: bool) -> Needed:
        """Judge AND, OR and NOT: all parts have to hold, or one is enough."""
        if inner["boolop"] == "NOT_EXPR":
            return self.judge(inner["args"][0], not want)
        found = [self.judge(each, want) for each in inner["args"]]
        if (inner["boolop"] == "AND_EXPR") is want:
            return _join(found)
        opposite = [self.judge(each, not want) for each in inner["args"]]
        null = frozenset().union(*(each for each in opposite if each))  # x IS NULL OR x IS NOT NULL
        return next((each - null for each in found if each is not None), None)

    def judge_comparison(self, inner: Tree, want: bool) -> Needed:
        """Judge a column that is compared with itself, or with `LIKE '%'`."""
        kind, sign = inner["kind"], list_words(inner["name"])[-1]
        column, right = self.need(inner.get("lexpr", {})), inner.get("rexpr", {})
        if kind in ("AEXPR_LIKE", "AEXPR_ILIKE"):
            return column if _is_any(right) and sign.startswith("~~") is want else None
        if column is None or column != self.need(right):
            return None
        if kind in ("AEXPR_DISTINCT", "AEXPR_NOT_DISTINCT"):
            return frozenset() if (kind == "AEXPR_NOT_DISTINCT") is want else None
        return column if kind == "AEXPR_OP" and sign in (_EQUAL if want else _OTHER) else None

    def judge_own_rows(self, inner: Tree) -> Needed:
        """Judge `x IN (SELECT x FROM the same table)`."""
        query = inner.get("subselect", {}).get("SelectStmt", {})
        places, targets = query.get("fromClause", []), query.get("targetList", [])
        is_other = bool(_CHOOSING & set(query)) or any(
            query.get("distinctClause", ())
        )  # DISTINCT alone has an empty one
        if inner["subLinkType"] != "ANY_SUBLINK" or is_other or [len(places), len(targets)] != [1, 1]:
            return None
        place = places[0].get("RangeVar")
        if place is None or name_table(place) != self.table:
            return None
        column = self.need(inner.get("testexpr", {}))
        same = column == _Judge(place).need(targets[0]["ResTarget"].get("val", {}))
        return _join([column, find_needed(query.get("whereClause"), place)]) if same else None

    def need(self, node: Tree) -> Needed:
        """Give the table's column that an expression is; None where it is anything else."""
        *before, column = list_words(node.get("ColumnRef", {}).get("fields", ())) or ("",)
        return frozenset({column}) if column and (not before or before[-1] == self.name) else None


def _join(found: list[Needed]) -> Needed:
    known = [each for each in found if each is not None]
    return frozenset().union(*known) if len(known) == len(found) else None


def _is_any(pattern: Tree) -> bool:
    text = pattern.get("A_Const", {}).get("sval", {}).get("sval", "")
    return bool(text) and not text.strip("%")


def _names_columns(node: Any) -> bool:
    """Tell whether an expression depends on the row: by a column, the place of a cursor, or chance."""
    if isinstance(node, list):
        return any(map(_names_columns, node))
    if not isinstance(node, dict):
        return False
    says = "ColumnRef" in node or "CurrentOfExpr" in node or _is_chance(node)
    return says or any(map(_names_columns, node.values()))


def _is_chance(node: Tree) -> bool:
    """Tell whether a function is called that gives each row another value."""
    return bool(_CHANCE & set(list_words(node.get("FuncCall", {}).get("funcname", ()))[-1:]))


def _is_true(node: Tree) -> bool | None:
    """Give what a constant says; None for NULL, and True for what is only known when it runs."""
    ((kind, inner),) = node.items()
    if kind == "TypeCast":
        return _is_true(inner["arg"])
    if kind == "A_Const":
        return None if inner.get("isnull") else _get_value(inner) not in (False, 0, *_FALSE)
    if kind == "A_Expr" and inner["kind"] == "AEXPR_OP" and {"A_Const"} == {*inner.get("lexpr", ()), *inner["rexpr"]}:
        return _compare(list_words(inner["name"])[-1], inner["lexpr"]["A_Const"], inner["rexpr"]["A_Const"])
    return True


def _compare(sign: str, left: Tree, right: Tree) -> bool | None:
    if left.get("isnull") or right.get("isnull"):
        return None
    one, two = _get_value(left), _get_value(right)
    is_same = one == two
    if sign in ("<", ">") and isinstance(one, int | float) and isinstance(two, int | float):
        return one < two if sign == "<" else one > two
    return is_same if sign == "=" else not is_same if sign in ("<>", "!=") else True


def _get_value(constant: Tree) -> Any:
    """Give a constant as Python has it; 0, '' and false stand in the tree as nothing."""
    for kind, key, empty in (("boolval", "boolval", False), ("ival", "ival", 0), ("sval", "sval", "")):
        if kind in constant:
            return constant[kind].get(key, empty)
    return float(constant["fval"]["fval"]) if "fval" in constant else constant
