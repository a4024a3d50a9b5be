"""Which columns of a result may be NULL, by the statement's tree and the catalogue. What is not known may be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from freehold_lint.parsing import Tree, list_words
from freehold_lint.typed_sql.catalogue import Catalogue
from freehold_lint.typed_sql.strict import NEVER, STRICT, STRICT_OPERATORS
from freehold_lint.typed_sql.trees import walk

_JSON: Final = ("json", "jsonb")
_SCALARS: Final = frozenset(["bool", "numeric", "int2", "int4", "int8", "float4", "float8"])
Columns = dict[str, bool]  # by name, whether NULL may be in it
_OUTER: Final = {"JOIN_LEFT": ("rarg",), "JOIN_RIGHT": ("larg",), "JOIN_FULL": ("larg", "rarg")}


@dataclass
class _Scope:
    """What names mean at one place in a statement."""

    tables: dict[str, Columns] = field(default_factory=dict)  # by alias
    made: Mapping[str, Columns] = field(default_factory=dict)  # by WITH
    outer: _Scope | None = None
    types: dict[str, dict[str, str]] = field(default_factory=dict)  # of tables' columns, by alias
    is_opaque: bool = False  # FROM has what is not known here, and so any name may be its

    def find(self, words: list[str]) -> bool:
        """Tell whether a column may be NULL."""
        if len(words) == 1:
            found = [columns[words[0]] for columns in self.tables.values() if words[0] in columns]
        else:
            found = [self.tables[words[-2]].get(words[-1], True)] if words[-2] in self.tables else []
        if found:
            return any(found)
        is_open = self.is_opaque or any(name.startswith("?") for columns in self.tables.values() for name in columns)
        return self.outer.find(words) if self.outer and not is_open else True

    def may_be_json(self, words: list[str]) -> bool:
        """Tell whether a column is JSON, or not known."""
        tables = [self.types.get(each, {}) for each in (self.tables if len(words) == 1 else words[-2:-1])]
        types = [columns[words[-1]] for columns in tables if words[-1] in columns]
        return not types or not set(_JSON).isdisjoint(types)


def list_nullable(
    tree: Tree, catalogue: Catalogue, is_parameter_nullable: Callable[[int], bool], *, sees_joins: bool = True
) -> list[bool]:
    """Give for each column of a statement's result whether it may be NULL; a parameter is asked for by its number.

    Without `sees_joins` it is whether the row that it comes from may have NULL there, be that found or not.
    """
    return list(_Looker(catalogue, is_parameter_nullable, sees_joins).look(tree, _Scope()).values())


class _Looker:
    def __init__(self, catalogue: Catalogue, is_parameter_nullable: Callable[[int], bool], sees_joins: bool) -> None:
        self.catalogue, self.sees_joins = catalogue, sees_joins
        self.is_parameter_nullable = is_parameter_nullable

    # --- Statements --------------------------------------------------------------------------------------------------
    def look(self, tree: Tree, outer: _Scope) -> Columns:
        """Give the columns of a statement's result."""
        kind, node = next(iter(tree.items()))
        scope = _Scope(made=outer.made, outer=outer)
        for each in node.get("withClause", {}).get("ctes", []):
            self.make(scope, each["CommonTableExpr"])
        if kind == "SelectStmt":
            return self.look_select(node, scope)
        self.add_relation(scope, node)
        # PostgreSQL 18's tree has the list in a node of its own.
        returning = node.get("returningClause", {})
        targets = returning.get("ReturningClause", returning).get("exprs", node.get("returningList", []))
        return self.look_targets(targets, scope)

    def make(self, scope: _Scope, node: Tree) -> None:
        """Add what a name of WITH gives. One that reads itself is taken to give NULLs there."""
        columns = self.look(node["ctequery"], scope)
        names = list_words(node.get("aliascolnames", []))
        scope.made = {**scope.made, node["ctename"]: _rename(columns, names)}

    def look_select(self, node: Tree, scope: _Scope) -> Columns:
        if node.get("op", "SETOP_NONE") != "SETOP_NONE":
            arms = [self.look({"SelectStmt": node[side]}, scope) for side in ("larg", "rarg")]
            return {name: left or right for (name, left), right in zip(arms[0].items(), arms[1].values(), strict=False)}
        if "valuesLists" in node:
            rows = [[self.is_nullable(each, scope) for each in row["List"]["items"]] for row in node["valuesLists"]]
            return {f"column{number}": any(column) for number, column in enumerate(zip(*rows, strict=True), 1)}
        for each in node.get("fromClause", []):
            self.add(scope, each)
        columns = self.look_targets(node.get("targetList", []), scope)
        if any("GroupingSet" in each for each in node.get("groupClause", [])):  # gives NULL where it does not group
            ends = [each["ResTarget"]["val"] for each in node["targetList"]]
            return {name: not _is_count(end) for name, end in zip(columns, ends, strict=True)}
        return columns

    def look_targets(self, targets: list[Tree], scope: _Scope) -> Columns:
        columns: Columns = {}
        for number, each in enumerate(targets):
            target = each["ResTarget"]
            name = target.get("name") or _name(target["val"])
            columns[name if name not in columns and name else f"?{number}"] = self.is_nullable(target["val"], scope)
        return columns

    # --- FROM --------------------------------------------------------------------------------------------------------
    def add_relation(self, scope: _Scope, node: Tree) -> None:
        """Add the table that INSERT, UPDATE, DELETE and MERGE are of, and what they join."""
        self.add(scope, {"RangeVar": node["relation"]})
        for each in (*node.get("fromClause", []), *node.get("usingClause", [])):
            self.add(scope, each)
        if "sourceRelation" in node:
            self.add(scope, node["sourceRelation"])
            scope.tables = {alias: dict.fromkeys(columns, True) for alias, columns in scope.tables.items()}

    def add(self, scope: _Scope, node: Tree) -> None:
        kind, inner = next(iter(node.items()))
        if kind == "JoinExpr":
            self.add_join(scope, inner)
        elif kind == "RangeVar":
            self.add_table(scope, inner)
        elif kind == "RangeSubselect":
            columns = self.look(inner["subquery"], scope)
            scope.tables[_alias(inner)] = _rename(columns, list_words(inner.get("alias", {}).get("colnames", [])))
        else:
            scope.is_opaque = True

    def add_join(self, scope: _Scope, node: Tree) -> None:
        scope.is_opaque = scope.is_opaque or "alias" in node or "join_using_alias" in node
        for side in ("larg", "rarg"):
            before = set(scope.tables)
            self.add(scope, node[side])
            if self.sees_joins and side in _OUTER.get(node["jointype"], ()):
                for alias in scope.tables.keys() - before:
                    scope.tables[alias] = dict.fromkeys(scope.tables[alias], True)

    def add_table(self, scope: _Scope, node: Tree) -> None:
        schema, name = node.get("schemaname", ""), node["relname"]
        if not schema and name in scope.made:
            columns = dict(scope.made[name])
        else:
            found = self.catalogue.tables.get((schema, name), {})
            columns = {each.name: each.is_nullable for each in found.values()}
            types = {each.name: self.catalogue.types[self.catalogue.get_base(each.type)][0] for each in found.values()}
            scope.types[_alias(node) or name] = types
            scope.is_opaque = scope.is_opaque or not found
        scope.tables[_alias(node) or name] = columns

    # --- Expressions -------------------------------------------------------------------------------------------------
    def is_nullable(self, node: Tree, scope: _Scope) -> bool:
        kind, inner = next(iter(node.items()))
        look = getattr(self, f"_look_{kind}", None)
        return bool(look(inner, scope)) if look else kind not in ("NullTest", "BooleanTest", "SQLValueFunction")

    def _any(self, nodes: Any, scope: _Scope) -> bool:
        return any(self.is_nullable(each, scope) for each in nodes)

    def _look_ColumnRef(self, node: Tree, scope: _Scope) -> bool:  # noqa: N802 - the parser's names
        return scope.find(list_words(node["fields"]))

    def _look_ParamRef(self, node: Tree, scope: _Scope) -> bool:  # noqa: N802
        return self.is_parameter_nullable(node["number"])

    def _look_A_Const(self, node: Tree, scope: _Scope) -> bool:  # noqa: N802
        return "isnull" in node

    def _look_TypeCast(self, node: Tree, scope: _Scope) -> bool:  # noqa: N802
        is_scalar = list_words(node["typeName"]["names"])[-1] in _SCALARS and "arrayBounds" not in node["typeName"]
        return self.is_nullable(node["arg"], scope) or (is_scalar and _may_be_json(node["arg"], scope))

    def _look_CoalesceExpr(self, node: Tree, scope: _Scope) -> bool:  # noqa: N802
        return all(self.is_nullable(each, scope) for each in node["args"])

    def _look_MinMaxExpr(self, node: Tree, scope: _Scope) -> bool:  # noqa: N802
        return all(self.is_nullable(each, scope) for each in node["args"])

    def _look_CaseExpr(self, node: Tree, scope: _Scope) -> bool:  # noqa: N802
        ends = [each["CaseWhen"]["result"] for each in node["args"]]
        return "defresult" not in node or self._any([*ends, node["defresult"]], scope)

    def _look_BoolExpr(self, node: Tree, scope: _Scope) -> bool:  # noqa: N802
        return self._any(node["args"], scope)

    def _look_A_Expr(self, node: Tree, scope: _Scope) -> bool:  # noqa: N802
        kind, (*schemas, name) = node["kind"], list_words(node["name"])
        if kind in ("AEXPR_DISTINCT", "AEXPR_NOT_DISTINCT"):
            return False
        is_built_in = schemas in ([], ["pg_catalog"]) and name in STRICT_OPERATORS
        if kind not in ("AEXPR_OP", "AEXPR_LIKE", "AEXPR_ILIKE") or not is_built_in:
            return True
        return self._any([node[side] for side in ("lexpr", "rexpr") if side in node], scope)

    def _look_SubLink(self, node: Tree, scope: _Scope) -> bool:  # noqa: N802
        return node["subLinkType"] not in ("EXISTS_SUBLINK", "ARRAY_SUBLINK") and not _counts(node["subselect"])

    def _look_A_ArrayExpr(self, node: Tree, scope: _Scope) -> bool:  # noqa: N802
        return False

    def _look_FuncCall(self, node: Tree, scope: _Scope) -> bool:  # noqa: N802
        *schemas, name = list_words(node["funcname"])
        if schemas not in ([], ["pg_catalog"]):
            return True
        if name in NEVER:
            return False
        return name not in STRICT or "over" in node or self._any(node.get("args", []), scope)


def _counts(tree: Tree) -> bool:
    """Tell whether a statement is one count, which gives a row whatever it finds."""
    node = tree.get("SelectStmt", {})
    targets = [each["ResTarget"]["val"] for each in node.get("targetList", [])]
    if any(word in node for word in ("groupClause", "havingClause", "limitCount", "limitOffset", "larg")):
        return False
    return len(targets) == 1 and _is_count(targets[0])


def _is_count(node: Tree) -> bool:
    call = node.get("FuncCall", {})
    return "over" not in call and list_words(call.get("funcname", []))[-1:] == ["count"]


def _may_be_json(node: Tree, scope: _Scope) -> bool:
    """Tell whether JSON may be in an expression, whose null is NULL where it becomes a number."""
    words = [word for each in walk(node, "typeName") for word in list_words(each["names"])]
    words += [word for each in walk(node, "FuncCall") for word in list_words(each["funcname"])]
    fields = [list_words(each["fields"]) for each in walk(node, "ColumnRef")]
    return any("json" in word for word in words) or any(map(scope.may_be_json, fields))


def _alias(node: Tree) -> str:
    alias = node.get("alias", {})
    return str(alias.get("Alias", alias).get("aliasname", ""))


def _name(node: Tree) -> str:
    """Give the name that a column has by what it is."""
    return list_words(node["ColumnRef"]["fields"])[-1] if "ColumnRef" in node else ""


def _rename(columns: Columns, names: list[str]) -> Columns:
    """Give the columns by the names that an alias gives them, the first ones if there are fewer."""
    known = [*names, *list(columns)[len(names) :]]
    return dict(zip(known, columns.values(), strict=True))
