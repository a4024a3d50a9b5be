"""What a statement touches: tables it reads and writes, column by column, keys it references, functions it calls."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from freehold.ownership.spelling import split_name
from freehold_lint.parsing import (
    StatementError,
    Tree,
    find_block,
    list_block_queries,
    list_object_words,
    list_words,
    parse,
)

_Kind = Literal["read", "write", "reference", "call"]
_Columns = Callable[[str], Collection[str]]  # of a table by its whole name; empty where it is not known

EVERY = "*"
_QUERIES = ("SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt")
_NAMED = {  # what DROP and COMMENT name by a list of words
    "OBJECT_TABLE": 0,
    "OBJECT_VIEW": 0,
    "OBJECT_MATVIEW": 0,
    "OBJECT_INDEX": 0,
    "OBJECT_SEQUENCE": 0,
    "OBJECT_FOREIGN_TABLE": 0,
    "OBJECT_COLUMN": 1,  # words that follow the table's name
    "OBJECT_TRIGGER": 1,
    "OBJECT_POLICY": 1,
    "OBJECT_RULE": 1,
    "OBJECT_TABCONSTRAINT": 1,
}


@dataclass(frozen=True, order=True)
class Use:
    """Something that a statement touches. `schema` is '' where the text names none; `column` is '' where it is the
    table as such, and '*' for all of them. `place` is where in the text, in bytes from 0. `in_trigger` tells that a
    trigger's function touches it, which may call tables of changed rows by names that the trigger gives them."""

    kind: _Kind
    schema: str
    table: str
    column: str = ""
    place: int = field(default=0, compare=False)
    in_trigger: bool = field(default=False, compare=False)

    @property
    def name(self) -> str:
        """The table or function with its schema."""
        return f"{self.schema}.{self.table}" if self.schema else self.table


@dataclass
class _QueryScope:
    """The names that a query may use: tables by alias, None for what is no table (a subquery, a function)."""

    parent: _QueryScope | None = None
    tables: dict[str, tuple[str, str] | None] = field(default_factory=dict)
    made: set[str] = field(default_factory=set)  # WITH queries and temporary tables

    def iter_outwards(self) -> Iterator[_QueryScope]:
        """Yield this scope, then those around it."""
        scope: _QueryScope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent

    def is_made(self, name: str) -> bool:
        """Tell whether the name is a query's own and no table's."""
        return any(name in scope.made for scope in self.iter_outwards())


def list_uses(text: str, schemas: Collection[str], columns: _Columns = lambda table: ()) -> list[Use]:
    """Give what the statements of a text touch, each once. `columns` tells whose a column is that is not qualified.

    Raises:
        StatementError: the text is no SQL.
        MissingExtraError: there is no parser.
    """
    reader = _UseReader(schemas, columns)
    for tree in parse(text):
        reader.visit(tree, reader.outermost)
    return list(dict.fromkeys(reader.uses))


class _UseReader:
    """Walks through the parser's trees. A node is `{"Kind": {…}}`, except where the grammar allows one kind only."""

    def __init__(self, schemas: Collection[str], columns: _Columns) -> None:
        self.schemas, self.columns = schemas, columns
        self.uses: list[Use] = []
        self.outermost = _QueryScope()

    def visit(self, node: Any, scope: _QueryScope) -> None:
        """Note what the node touches, and all below it."""
        if isinstance(node, list):
            for each in node:
                self.visit(each, scope)
        elif isinstance(node, dict):
            if "relname" in node:
                self.note_table("write", node, scope)  # what is not in a query's FROM is made, altered or dropped
            for kind, below in node.items():
                self.visit_kind(kind, below, scope)

    def visit_kind(self, kind: str, below: Any, scope: _QueryScope) -> None:
        """Let the method of that kind look, or go on below."""
        method = getattr(self, f"visit_{kind}", None) if isinstance(below, dict) else None
        if kind in _QUERIES:
            self.visit_query(below, scope)
        elif method:
            method(below, scope)
        else:
            self.visit(below, scope)

    # --- Queries ------------------------------------------------------------------------------------------------
    def visit_query(self, query: Tree, outer: _QueryScope) -> None:
        """Look at a SELECT, INSERT, UPDATE, DELETE or MERGE: first the names it brings, then where it uses them."""
        scope = _QueryScope(outer)
        rest = dict(query)
        self.visit_with(rest.pop("withClause", {}), scope)
        rest.pop("lockingClause", None)  # names of what stands in FROM
        self.visit(rest.pop("selectStmt", None), scope)  # of INSERT, which does not see the table that it writes
        if "relation" in rest:
            self.enter(rest.pop("relation"), scope, "write")
        for clause in ("fromClause", "usingClause", "sourceRelation"):
            self.visit_from(rest.pop(clause, []), scope)
        for side in ("larg", "rarg"):  # of UNION, INTERSECT, EXCEPT
            if side in rest:
                self.visit_query(rest.pop(side), scope)
        self.visit(rest, scope)

    def visit_with(self, clause: Tree, scope: _QueryScope) -> None:
        """Look at the queries of WITH; RECURSIVE ones may name themselves."""
        queries = [each["CommonTableExpr"] for each in clause.get("ctes", ())]
        scope.made |= {each["ctename"] for each in queries}
        for each in queries:
            self.visit(each["ctequery"], scope)

    def visit_from(self, node: Any, scope: _QueryScope) -> None:
        """Bring in what stands in FROM or USING."""
        for each in node if isinstance(node, list) else [node]:
            for kind, below in each.items():
                if kind == "RangeVar":
                    self.enter(below, scope, "read")
                elif kind == "JoinExpr":
                    self.visit_from([below["larg"], below["rarg"]], scope)
                    self.visit(below.get("quals"), scope)
                else:
                    self.enter_query(below, scope)

    def enter(self, table: Tree, scope: _QueryScope, kind: _Kind) -> None:
        """Note a table and the alias it goes by."""
        alias = table.get("alias", {}).get("aliasname", table["relname"])
        scope.tables[alias] = self.note_table(kind, table, scope)

    def enter_query(self, node: Tree, scope: _QueryScope) -> None:
        """Look at a subquery or a function in FROM, which may see what stands before it (LATERAL)."""
        self.visit(node, scope)
        if alias := node.get("alias", {}).get("aliasname"):
            scope.tables[alias] = None

    def note_table(self, kind: _Kind, node: Tree, scope: _QueryScope, column: str = "") -> tuple[str, str] | None:
        """Note a table; give its schema and name, None where it is a query's own name."""
        name = node["relname"]
        if node.get("relpersistence") == "t":
            self.outermost.made.add(name)
        schema, bare = (node["schemaname"], name) if "schemaname" in node else split_name(name, self.schemas)
        if not schema and scope.is_made(name):
            return None
        self.uses.append(Use(kind, schema, bare, column, node.get("location", 0)))
        return schema, bare

    # --- Columns and functions ----------------------------------------------------------------------------------
    def visit_ColumnRef(self, node: Tree, scope: _QueryScope) -> None:  # noqa: N802 - the parser's name
        """Note whose column it is."""
        words = [each["String"]["sval"] if "String" in each else EVERY for each in node["fields"]]
        for schema, table in self.find_tables(words, scope):
            column = EVERY if len(words) == 1 and words[0] in scope.tables else words[-1]
            self.uses.append(Use("read", schema, table, column, node.get("location", 0)))

    def find_tables(self, words: list[str], scope: _QueryScope) -> list[tuple[str, str]]:
        """Give the tables that a column is of: none where it is a subquery's, several for `*`."""
        if len(words) > 2:
            return [(words[-3], words[-2])]
        if words == [EVERY]:
            return [table for table in scope.tables.values() if table]
        found = self.find_alias(words[0], scope) if len(words) == 2 else self.find_column(words[0], scope)
        return [found] if found else []

    def find_alias(self, alias: str, scope: _QueryScope) -> tuple[str, str] | None:
        """Give the table that goes by the alias in the nearest query."""
        return next((each.tables[alias] for each in scope.iter_outwards() if alias in each.tables), None)

    def find_column(self, column: str, scope: _QueryScope) -> tuple[str, str] | None:
        """Give the table of a column without one before it: the only one there is, or one that has such a column."""
        for each in scope.iter_outwards():
            tables = list(each.tables.values())
            if column in each.tables:
                return each.tables[column]  # the whole row, by its alias
            if known := next((table for table in tables if table and column in self.list_columns(table)), None):
                return known
            if len(tables) == 1 and not (tables[0] and self.list_columns(tables[0])):
                return tables[0]
        return None

    def list_columns(self, table: tuple[str, str]) -> Collection[str]:
        """Give the table's columns, as far as they are known."""
        return self.columns(".".join(filter(None, table)))

    def visit_FuncCall(self, node: Tree, scope: _QueryScope) -> None:  # noqa: N802
        """Note a function that is called with its schema; one without is PostgreSQL's, or found by search_path."""
        words = list_words(node["funcname"])
        if len(words) == 2:
            self.uses.append(Use("call", words[0], words[1], "", node.get("location", 0)))
        self.visit({key: value for key, value in node.items() if key != "funcname"}, scope)

    # --- What makes and alters ----------------------------------------------------------------------------------
    def visit_Constraint(self, node: Tree, scope: _QueryScope) -> None:  # noqa: N802
        """Note the key that a foreign key points at."""
        if "pktable" in node:
            for column in list_words(node.get("pk_attrs", [])) or [""]:
                self.note_table("reference", node["pktable"], scope, column)
        self.visit({key: value for key, value in node.items() if key != "pktable"}, scope)

    def visit_DropStmt(self, node: Tree, scope: _QueryScope) -> None:  # noqa: N802
        """Note what is dropped."""
        for each in node["objects"]:
            self.note_words(each, node["removeType"])

    def visit_CommentStmt(self, node: Tree, scope: _QueryScope) -> None:  # noqa: N802
        """Note what gets a comment: the owner's work."""
        self.note_words(node["object"], node["objtype"])

    def note_words(self, node: Tree, kind: str) -> None:
        """Note an object that is named by a list of words."""
        words = list_object_words(node)
        if "List" in node:
            words = words[: len(words) - _NAMED[kind]] if kind in _NAMED else []
        if words and "String" not in node:  # a schema, or an extension
            self.note_name(words)

    def note_name(self, words: list[str], place: int = 0) -> None:
        """Note what is made, altered or dropped under that name."""
        schema, bare = (words[-2], words[-1]) if len(words) > 1 else split_name(words[-1], self.schemas)
        self.uses.append(Use("write", schema, bare, "", place))

    def visit_CreateEnumStmt(self, node: Tree, scope: _QueryScope) -> None:  # noqa: N802
        """Note the type that is made or altered."""
        self.note_name(list_words(node["typeName"]))

    visit_AlterEnumStmt = visit_CreateRangeStmt = visit_CreateEnumStmt  # noqa: N815

    def visit_CreateDomainStmt(self, node: Tree, scope: _QueryScope) -> None:  # noqa: N802
        """Note the type that is made, and what its checks touch."""
        self.note_name(list_words(node["domainname"]))
        self.visit(node.get("constraints"), scope)

    def visit_CreateFunctionStmt(self, node: Tree, scope: _QueryScope) -> None:  # noqa: N802
        """Note the function, and what its body touches."""
        self.note_name(list_words(node["funcname"]))
        options = {each["DefElem"]["defname"]: each["DefElem"].get("arg", {}) for each in node.get("options", ())}
        language = options.get("language", {}).get("String", {}).get("sval", "")
        known = len(self.uses)
        for body in list_words(options.get("as", {}).get("List", {}).get("items", [])):
            self.visit_body(body, language)
        if list_words(node.get("returnType", {}).get("names", []))[-1:] == ["trigger"]:
            self.uses[known:] = [replace(each, in_trigger=True) for each in self.uses[known:]]
        self.visit(node.get("sql_body"), scope)

    def visit_DoStmt(self, node: Tree, scope: _QueryScope) -> None:  # noqa: N802
        """Note what an anonymous block touches."""
        self.visit_body(find_block(node), "plpgsql")

    def visit_body(self, body: str, language: str) -> None:
        """Note what a function's body touches. Places in it are unknown, so that its beginning stands for them."""
        if language in ("plpgsql", "sql"):
            for query in list_block_queries(body) if language == "plpgsql" else [body]:
                self.visit_inner(query)

    def visit_inner(self, query: str) -> None:
        """Note what a statement of a body touches, or an expression or an assignment, which lack a SELECT."""
        for text in (query, f"SELECT {query}", f"SELECT {query.partition(':=')[2]}"):
            try:
                trees = parse(text)
            except StatementError:
                continue
            inner = _UseReader(self.schemas, self.columns)
            inner.visit(trees, inner.outermost)
            self.uses += [Use(each.kind, each.schema, each.table, each.column) for each in inner.uses]
            return
