"""Which columns of a result may be NULL, by the statement's tree and the catalogue. What is not known may be."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from freehold_lint.parsing import Tree, list_words
from freehold_lint.typed_sql.catalogue import Catalogue
from freehold_lint.typed_sql.nulls import MAYBE, NOT_NULL, Null, pass_on, take_first, unite
from freehold_lint.typed_sql.scopes import (
    Columns,
    Scope,
    find_name,
    get_alias,
    list_renamed,
    may_be_json,
    nest,
    rename,
)
from freehold_lint.typed_sql.strict import NEVER, STRICT, STRICT_OPERATORS
from freehold_lint.typed_sql.trees import iter_ands, strip_places, walk

_SCALARS: Final = frozenset(["bool", "numeric", "int2", "int4", "int8", "float4", "float8"])
_BUILT_IN: Final[tuple[list[str], ...]] = ([], ["pg_catalog"])
_OUTER: Final = {"JOIN_LEFT": ("rarg",), "JOIN_RIGHT": ("larg",), "JOIN_FULL": ("larg", "rarg")}


def list_nullable(tree: Tree, catalogue: Catalogue, is_parameter_nullable: Callable[[int], bool]) -> list[Null]:
    """Give for each column of a statement's result what is known; a parameter is asked for by its number."""
    return list(_Looker(catalogue, is_parameter_nullable).look(tree, Scope()).values())


class _Looker:
    def __init__(self, catalogue: Catalogue, is_parameter_nullable: Callable[[int], bool]) -> None:
        self.catalogue = catalogue
        self.is_parameter_nullable = is_parameter_nullable

    # --- Statements --------------------------------------------------------------------------------------------------
    def look(self, tree: Tree, outer: Scope) -> Columns:
        """Give the columns of a statement's result."""
        kind, node = next(iter(tree.items()))
        scope = Scope(made=outer.made, outer=outer)
        with_ = node.get("withClause", {})
        for each in with_.get("ctes", []):
            self.make(scope, each["CommonTableExpr"], is_recursive=with_.get("recursive", False))
        if kind == "SelectStmt":
            return self.look_select(node, scope)
        self.add_relation(scope, node)
        # PostgreSQL 18's tree has the list in a node of its own.
        returning = node.get("returningClause", {})
        targets = returning.get("ReturningClause", returning).get("exprs", node.get("returningList", []))
        return self.look_targets(targets, scope)

    def make(self, scope: Scope, node: Tree, *, is_recursive: bool) -> None:
        """Add what a name of WITH gives. One that reads itself is taken to give NULLs there."""
        name = node["ctename"]
        inner = Scope(made={key: each for key, each in scope.made.items() if key != name or not is_recursive})
        inner.outer = scope.outer
        columns = rename(self.look(node["ctequery"], inner), list_words(node.get("aliascolnames", [])))
        if "search_clause" in node or "cycle_clause" in node:
            columns["?"] = MAYBE
        scope.made = {**scope.made, name: columns}

    def look_select(self, node: Tree, scope: Scope) -> Columns:
        if node.get("op", "SETOP_NONE") != "SETOP_NONE":
            left, right = (self.look({"SelectStmt": node[side]}, scope) for side in ("larg", "rarg"))
            pairs = zip(left.items(), right.values(), strict=False)
            return {name: unite([own, other]) for (name, own), other in pairs}
        if "valuesLists" in node:
            rows = [[self.judge(each, scope) for each in row["List"]["items"]] for row in node["valuesLists"]]
            return {f"column{number}": unite(column) for number, column in enumerate(zip(*rows, strict=True), 1)}
        for each in node.get("fromClause", []):
            self.add(scope, each)
        columns = self.look_targets(node.get("targetList", []), scope)
        if any("GroupingSet" in each for each in node.get("groupClause", [])):  # gives NULL where it does not group
            ends = [each["ResTarget"]["val"] for each in node["targetList"]]
            return {name: NOT_NULL if _is_count(end) else MAYBE for name, end in zip(columns, ends, strict=True)}
        return columns

    def look_targets(self, targets: list[Tree], scope: Scope) -> Columns:
        columns: Columns = {}
        for number, each in enumerate(targets):
            target = each["ResTarget"]
            name = target.get("name") or find_name(target["val"])
            columns[name if name not in columns and name else f"?{number}"] = self.judge(target["val"], scope)
        return columns

    # --- FROM --------------------------------------------------------------------------------------------------------
    def add_relation(self, scope: Scope, node: Tree) -> None:
        """Add the table that INSERT, UPDATE, DELETE and MERGE are of, and what they join."""
        self.add(scope, {"RangeVar": node["relation"]})
        for each in (*node.get("fromClause", []), *node.get("usingClause", [])):
            self.add(scope, each)
        if "sourceRelation" in node:
            self.add(scope, node["sourceRelation"])
            scope.tables = {alias: dict.fromkeys(columns, MAYBE) for alias, columns in scope.tables.items()}

    def add(self, scope: Scope, node: Tree) -> None:
        kind, inner = next(iter(node.items()))
        if kind == "JoinExpr":
            self.add_join(scope, inner)
        elif kind == "RangeVar":
            self.add_table(scope, inner)
        elif kind == "RangeSubselect":
            seen = scope if "lateral" in inner else Scope(made=scope.made, outer=scope.outer)
            columns = self.look(inner["subquery"], seen)
            scope.add(get_alias(inner), nest(get_alias(inner), rename(columns, list_renamed(inner))))
        else:
            scope.is_opaque = True

    def add_join(self, scope: Scope, node: Tree) -> None:
        before = set(scope.tables)
        for side in ("larg", "rarg"):
            others = set(scope.tables)
            self.add(scope, node[side])
            own = sorted(scope.tables.keys() - others)
            for alias in own if side in _OUTER.get(node["jointype"], ()) else ():
                behind = {name: each.put_behind("+".join(own)) for name, each in scope.tables[alias].items()}
                scope.tables[alias] = behind
        if "alias" in node:  # hides what it has, under names that it may change
            scope.tables = {alias: columns for alias, columns in scope.tables.items() if alias in before}
        scope.is_opaque = scope.is_opaque or "alias" in node or "join_using_alias" in node

    def add_table(self, scope: Scope, node: Tree) -> None:
        schema, name = node.get("schemaname", ""), node["relname"]
        alias = get_alias(node) or name
        if not schema and name in scope.made:
            columns = nest(alias, scope.made[name])
        else:
            found = self.catalogue.tables.get((schema, name), {})
            columns = {each.name: Null(each.is_nullable) for each in found.values()}
            types = [self.catalogue.types[self.catalogue.get_base(each.type)][0] for each in found.values()]
            scope.types[alias] = dict(zip(rename(columns, list_renamed(node)), types, strict=True))
            scope.is_opaque = scope.is_opaque or not found
        scope.add(alias, rename(columns, list_renamed(node)))

    # --- Expressions -------------------------------------------------------------------------------------------------
    def judge(self, node: Tree, scope: Scope) -> Null:
        """Tell what is known of an expression."""
        kind, inner = next(iter(node.items()))
        look = getattr(self, f"_look_{kind}", None)
        found: Null = look(inner, scope) if look else MAYBE
        return found

    def _judge_all(self, nodes: Iterable[Tree], scope: Scope) -> list[Null]:
        return [self.judge(each, scope) for each in nodes]

    def _look_ColumnRef(self, node: Tree, scope: Scope) -> Null:  # noqa: N802 - the parser's names
        return scope.find(list_words(node["fields"]))

    def _look_ParamRef(self, node: Tree, scope: Scope) -> Null:  # noqa: N802
        return Null(self.is_parameter_nullable(node["number"]))

    def _look_A_Const(self, node: Tree, scope: Scope) -> Null:  # noqa: N802
        text = node.get("sval", {}).get("sval", "")
        return Null("isnull" in node, has_elements="null" in text.lower())

    def _look_NullTest(self, node: Tree, scope: Scope) -> Null:  # noqa: N802
        return NOT_NULL

    def _look_BooleanTest(self, node: Tree, scope: Scope) -> Null:  # noqa: N802
        return NOT_NULL

    def _look_SQLValueFunction(self, node: Tree, scope: Scope) -> Null:  # noqa: N802
        return Null(node["op"] == "SVFOP_CURRENT_SCHEMA")

    def _look_TypeCast(self, node: Tree, scope: Scope) -> Null:  # noqa: N802
        found = self.judge(node["arg"], scope)
        *schemas, name = list_words(node["typeName"]["names"])
        is_kept = "arrayBounds" in node["typeName"] or (schemas in _BUILT_IN and name not in _SCALARS)
        return found if is_kept or not may_be_json(node["arg"], scope) else found._replace(may_be=True)

    def _look_CoalesceExpr(self, node: Tree, scope: Scope) -> Null:  # noqa: N802
        return take_first(self._judge_all(node["args"], scope))

    def _look_MinMaxExpr(self, node: Tree, scope: Scope) -> Null:  # noqa: N802
        return take_first(self._judge_all(node["args"], scope))

    def _look_CaseExpr(self, node: Tree, scope: Scope) -> Null:  # noqa: N802
        ends = [each["CaseWhen"]["result"] for each in node["args"]]
        return unite(self._judge_all([*ends, node["defresult"]], scope)) if "defresult" in node else MAYBE

    def _look_BoolExpr(self, node: Tree, scope: Scope) -> Null:  # noqa: N802
        return Null(any(each.is_nullable for each in self._judge_all(node["args"], scope)))

    def _look_A_Expr(self, node: Tree, scope: Scope) -> Null:  # noqa: N802
        kind, (*schemas, name) = node["kind"], list_words(node["name"])
        if kind in ("AEXPR_DISTINCT", "AEXPR_NOT_DISTINCT"):
            return NOT_NULL
        is_known = schemas in _BUILT_IN and name in STRICT_OPERATORS
        if kind not in ("AEXPR_OP", "AEXPR_LIKE", "AEXPR_ILIKE") or not is_known:
            return MAYBE
        return pass_on(self._judge_all([node[side] for side in ("lexpr", "rexpr") if side in node], scope))

    def _look_SubLink(self, node: Tree, scope: Scope) -> Null:  # noqa: N802
        kind, inner = node["subLinkType"], node["subselect"]
        if kind not in ("EXPR_SUBLINK", "ARRAY_SUBLINK"):
            return Null(kind != "EXISTS_SUBLINK")
        found = next(iter(self.look(inner, scope).values()), MAYBE)
        if kind == "ARRAY_SUBLINK":
            return Null(has_elements=found.is_nullable)
        return Null(not self._counts(inner, scope), has_elements=found.has_elements)

    def _counts(self, tree: Tree, outer: Scope) -> bool:
        """Tell whether a subquery is one count of its own rows, which gives a row whatever it finds. What counts
        columns of the statement around it alone is an aggregate of that."""
        node = tree.get("SelectStmt", {})
        targets = [each["ResTarget"]["val"] for each in node.get("targetList", [])]
        if any(word in node for word in ("groupClause", "havingClause", "limitCount", "limitOffset", "larg")):
            return False
        if len(targets) != 1 or not _is_count(targets[0]):
            return False
        scope = Scope(made=outer.made)
        for each in node.get("fromClause", []):
            self.add(scope, each)
        args = targets[0]["FuncCall"].get("args", [])
        refs = [list_words(each["fields"]) for each in walk(args, "ColumnRef")]
        return not any(walk(args, "SubLink")) and (not refs or any(map(scope.has, refs)))

    def _look_A_ArrayExpr(self, node: Tree, scope: Scope) -> Null:  # noqa: N802
        found = [(each, self.judge(each, scope)) for each in node.get("elements", [])]
        return Null(
            has_elements=any(own.has_elements if "A_ArrayExpr" in each else own.is_nullable for each, own in found)
        )

    def _look_FuncCall(self, node: Tree, scope: Scope) -> Null:  # noqa: N802
        *schemas, name = list_words(node["funcname"])
        args = self._judge_all(node.get("args", []), scope)
        if schemas not in _BUILT_IN:
            return MAYBE
        if name in NEVER:
            return NOT_NULL
        if name == "array_agg":
            return Null(may_be=True, has_elements=self._takes_null(node, args[0], scope))
        if name == "array_remove":
            takes_null = "isnull" not in node["args"][1].get("A_Const", {})
            return args[0]._replace(has_elements=takes_null and args[0].has_elements)
        return pass_on(args) if name in STRICT and "over" not in node else MAYBE

    def _takes_null(self, node: Tree, arg: Null, scope: Scope) -> bool:
        """Tell whether an aggregate is given NULL."""
        tested = [each["NullTest"] for each in iter_ands(node.get("agg_filter")) if "NullTest" in each]
        given = [each["arg"] for each in tested if each["nulltesttype"] == "IS_NOT_NULL"]
        if strip_places(node["args"][0]) in [strip_places(each) for each in given]:
            return False
        found = frozenset[str]().union(*(each.behind for each in self._judge_all(given, scope)))
        return arg.may_be or bool(arg.behind - found)


def _is_count(node: Tree) -> bool:
    call = node.get("FuncCall", {})
    *schemas, name = list_words(call.get("funcname", [])) or [""]
    return "over" not in call and name == "count" and schemas in _BUILT_IN
