"""Reads SQL: each statement as the changes that it makes. docs/lintmigrations.md says what is not seen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from freehold_lint.migrations.alterations import read_alter_table
from freehold_lint.migrations.definitions import read_columns
from freehold_lint.migrations.vocabulary import MigrationChange
from freehold_lint.parsing import (
    StatementError,
    Tree,
    find_block,
    list_block_queries,
    list_object_words,
    list_words,
    name_table,
    parse_places,
)

BEFORE = re.compile(rb"(?:\s+|--[^\n]*(?:\n|$)|/\*.*?\*/)*", re.DOTALL)
DROPPED = {  # what DROP names, beside what reports call it
    "OBJECT_SCHEMA": "schema",
    "OBJECT_SEQUENCE": "sequence",
    "OBJECT_TYPE": "type",
    "OBJECT_DOMAIN": "domain",
    "OBJECT_EXTENSION": "extension",
    "OBJECT_FUNCTION": "function",
    "OBJECT_PROCEDURE": "function",
    "OBJECT_ROUTINE": "function",
    "OBJECT_AGGREGATE": "function",
    "OBJECT_VIEW": "view",
    "OBJECT_MATVIEW": "view",
}
TABLES = ("OBJECT_TABLE", "OBJECT_FOREIGN_TABLE")
OF_TABLES = ("OBJECT_TRIGGER", "OBJECT_POLICY", "OBJECT_RULE")  # named behind their table


@dataclass(frozen=True)
class ParsedStatement:
    """One statement: its tree, its text, and the lines of the whole text, from 0, that it begins and ends on."""

    tree: Tree
    text: str
    first: int
    last: int


def list_statements(text: str) -> list[ParsedStatement]:
    """Give the statements of a text.

    Raises:
        StatementError: it is no SQL.
        MissingExtraError: there is no parser.
    """
    whole = text.encode()
    found = []
    for each in parse_places(text):
        begin = each.get("stmt_location", 0)
        end = begin + each["stmt_len"] if each.get("stmt_len") else len(whole)
        begin = min(BEFORE.match(whole, begin).end(), end)  # type: ignore[union-attr]  # it matches nothing, too
        first = whole.count(b"\n", 0, begin)
        body = whole[begin:end].rstrip()
        found.append(ParsedStatement(each["stmt"], body.decode(), first, first + body.count(b"\n")))
    return found


def read_statement(statement: ParsedStatement) -> list[MigrationChange]:
    """Give what a statement does, in its order; nothing where no rule is about it."""
    ((kind, node),) = statement.tree.items()
    reader = READERS.get(kind)
    changes = reader(node) if reader else ()
    return [replace(change, text=statement.text) for change in changes]


def has_option(options: list[Tree], name: str) -> bool:
    """Tell whether an option of that name is on."""
    found = [each["DefElem"] for each in options if each["DefElem"]["defname"] == name]
    return any(str(each.get("arg", "true")).lower().find("false") < 0 for each in found)


def flag(**flags: bool) -> frozenset[str]:
    """Give the names of what is true."""
    return frozenset(name for name, holds in flags.items() if holds)


def is_cascading(node: Tree) -> bool:
    """Tell whether CASCADE is said."""
    return node.get("behavior") == "DROP_CASCADE"


# --- What is made, dropped and renamed ---------------------------------------------------------------------------
def read_create(node: Tree) -> Iterator[MigrationChange]:
    types, keys = read_columns(node.get("tableElts", ()))
    yield MigrationChange("create_table", name_table(node["relation"]), types=types, keys=keys)


def read_create_as(node: Tree) -> Iterator[MigrationChange]:
    if node.get("objtype") == "OBJECT_TABLE":
        yield MigrationChange("create_table", name_table(node["into"]["rel"]))


def read_drop(node: Tree) -> Iterator[MigrationChange]:
    kind, flags = node["removeType"], flag(cascade=is_cascading(node), concurrently=bool(node.get("concurrent")))
    for each in node["objects"]:
        words = name_object(each)
        if kind in TABLES:
            yield MigrationChange("drop_table", words, flags=flags, sort="DROP TABLE")
        elif kind == "OBJECT_INDEX":
            yield MigrationChange("drop_index", name=words, flags=flags)
        elif kind in OF_TABLES:
            yield MigrationChange("alter_table", words.rpartition(".")[0], flags=flags)
        elif kind in DROPPED or "cascade" in flags:
            yield MigrationChange("drop_object", name=words, sort=DROPPED.get(kind, "object"), flags=flags)


def name_object(node: Tree) -> str:
    return ".".join(list_object_words(node))


def read_drop_database(node: Tree) -> Iterator[MigrationChange]:
    yield MigrationChange("drop_object", name=node["dbname"], sort="database")


def read_drop_owned(node: Tree) -> Iterator[MigrationChange]:
    yield MigrationChange("drop_object", name="DROP OWNED", sort="schema", flags=flag(cascade=is_cascading(node)))


def read_rename(node: Tree) -> Iterator[MigrationChange]:
    kind, relation = node["renameType"], node.get("relation")
    if kind == "OBJECT_COLUMN" and relation and node.get("relationType") == "OBJECT_TABLE":
        yield MigrationChange("rename_column", name_table(relation), node["subname"], new=node["newname"])
    elif kind in TABLES and relation:
        name = name_table({**relation, "relname": node["newname"]})
        yield MigrationChange("rename_table", name_table(relation), new=name)
    elif kind in DROPPED:
        name = name_table(relation) if relation else name_object(node.get("object", {}))
        yield MigrationChange("rename_object", name=name, new=node["newname"], sort=DROPPED[kind])


def read_set_schema(node: Tree) -> Iterator[MigrationChange]:
    kind, relation = node["objectType"], node.get("relation")
    if kind in TABLES and relation:
        yield MigrationChange("rename_table", name_table(relation), new=f"{node['newschema']}.{relation['relname']}")
    elif kind in DROPPED:
        name = name_table(relation) if relation else name_object(node.get("object", {}))
        yield MigrationChange("rename_object", name=name, new=node["newschema"], sort=DROPPED[kind])


def read_index(node: Tree) -> Iterator[MigrationChange]:
    flags = flag(unique=bool(node.get("unique")), concurrently=bool(node.get("concurrent")))
    yield MigrationChange("add_index", name_table(node["relation"]), node.get("idxname", ""), flags=flags)


def read_enum(node: Tree) -> Iterator[MigrationChange]:
    name = ".".join(list_words(node["typeName"]))
    if "oldVal" in node:
        yield MigrationChange("rename_object", name=f"{name} ({node['oldVal']})", new=node["newVal"], sort="enum value")
    else:
        yield MigrationChange("add_value", name=name, new=node["newVal"])


# --- Data --------------------------------------------------------------------------------------------------------
def read_truncate(node: Tree) -> Iterator[MigrationChange]:
    for each in node["relations"]:
        flags = flag(cascade=is_cascading(node))
        yield MigrationChange("delete", name_table(each["RangeVar"]), sort="TRUNCATE", flags=flags)


def read_delete(node: Tree) -> Iterator[MigrationChange]:
    yield MigrationChange(
        "delete", name_table(node["relation"]), sort="DELETE", flags=flag(where="whereClause" in node)
    )


def read_update(node: Tree) -> Iterator[MigrationChange]:
    yield MigrationChange(
        "update", name_table(node["relation"]), sort="UPDATE", flags=flag(where="whereClause" in node)
    )


def read_insert(node: Tree) -> Iterator[MigrationChange]:
    """Read INSERT … SELECT: some rows that stand in the statement take no time."""
    if "valuesLists" not in node.get("selectStmt", {}).get("SelectStmt", {"valuesLists": 1}):
        yield MigrationChange("insert", name_table(node["relation"]), sort="INSERT")


# --- What tidies up, and the rest --------------------------------------------------------------------------------
def read_vacuum(node: Tree) -> Iterator[MigrationChange]:
    if node.get("is_vacuumcmd"):
        sort = "VACUUM FULL" if has_option(node.get("options", []), "full") else "VACUUM"
        tables = [name_table(each["VacuumRelation"]["relation"]) for each in node.get("rels", ())]
        flags = flag(concurrently=sort == "VACUUM")  # which keeps nobody off
        yield from (MigrationChange("maintain", table, sort=sort, flags=flags) for table in tables or [""])


def read_cluster(node: Tree) -> Iterator[MigrationChange]:
    yield MigrationChange("maintain", name_table(node["relation"]) if "relation" in node else "", sort="CLUSTER")


def read_reindex(node: Tree) -> Iterator[MigrationChange]:
    flags = flag(concurrently=has_option(node.get("params", []), "concurrently"))
    name = name_table(node["relation"]) if "relation" in node else node.get("name", "")
    if node["kind"] == "REINDEX_OBJECT_TABLE":
        yield MigrationChange("maintain", name, sort="REINDEX", flags=flags)
    else:
        yield MigrationChange("maintain", name=name, sort="REINDEX", flags=flags)


def read_refresh(node: Tree) -> Iterator[MigrationChange]:
    if not (node.get("concurrent") or node.get("skipData")):
        yield MigrationChange("maintain", name_table(node["relation"]), sort="REFRESH MATERIALIZED VIEW")


def read_lock(node: Tree) -> Iterator[MigrationChange]:
    yield from (MigrationChange("maintain", name_table(each["RangeVar"]), sort="LOCK") for each in node["relations"])


def read_transaction(node: Tree) -> Iterator[MigrationChange]:
    kind = node["kind"].removeprefix("TRANS_STMT_").replace("_", " ")
    if kind in ("BEGIN", "START", "COMMIT", "ROLLBACK"):
        yield MigrationChange("transact", sort=kind)


def read_do(node: Tree) -> Iterator[MigrationChange]:
    """Read what stands in an anonymous block; not what it puts together and EXECUTEs."""
    for query in list_block_queries(find_block(node)):
        try:
            inner = list_statements(query)
        except StatementError:  # an expression
            continue
        yield from (change for each in inner for change in read_statement(each))


READERS: dict[str, Callable[[Tree], Iterator[MigrationChange]]] = {
    "AlterTableStmt": read_alter_table,
    "CreateStmt": read_create,
    "CreateTableAsStmt": read_create_as,
    "DropStmt": read_drop,
    "DropdbStmt": read_drop_database,
    "DropOwnedStmt": read_drop_owned,
    "RenameStmt": read_rename,
    "AlterObjectSchemaStmt": read_set_schema,
    "IndexStmt": read_index,
    "AlterEnumStmt": read_enum,
    "TruncateStmt": read_truncate,
    "DeleteStmt": read_delete,
    "UpdateStmt": read_update,
    "InsertStmt": read_insert,
    "VacuumStmt": read_vacuum,
    "ClusterStmt": read_cluster,
    "ReindexStmt": read_reindex,
    "RefreshMatViewStmt": read_refresh,
    "LockStmt": read_lock,
    "TransactionStmt": read_transaction,
    "DoStmt": read_do,
}
