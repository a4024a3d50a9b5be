"""Reads SQL: each statement as the changes that it makes. docs/lintmigrations.md says what is not seen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from freehold.migrator.role_words import find_role_words
from freehold_lint.migrations.alterations import read_alter_table
from freehold_lint.migrations.definitions import read_columns
from freehold_lint.migrations.row_changes import iter_row_changes
from freehold_lint.migrations.vocabulary import MigrationChange
from freehold_lint.parsing import (
    StatementError,
    Tree,
    find_block,
    list_object_words,
    list_words,
    name_table,
    parse_places,
    read_block,
)

_BEFORE = re.compile(rb"(?:\s+|--[^\n]*(?:\n|$)|/\*.*?\*/)*", re.DOTALL)
_DROPPED = {  # what DROP names, beside what reports call it
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
_TABLES = ("OBJECT_TABLE", "OBJECT_FOREIGN_TABLE")
_OF_TABLES = ("OBJECT_TRIGGER", "OBJECT_POLICY", "OBJECT_RULE")  # named behind their table


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
        begin = min(_BEFORE.match(whole, begin).end(), end)  # type: ignore[union-attr]  # it matches nothing, too
        first = whole.count(b"\n", 0, begin)
        body = whole[begin:end].rstrip()
        found.append(ParsedStatement(each["stmt"], body.decode(), first, first + body.count(b"\n")))
    return found


def read_statement(statement: ParsedStatement) -> list[MigrationChange]:
    """Give what a statement does, in its order; nothing where no rule is about it."""
    ((kind, node),) = statement.tree.items()
    reader = _READERS.get(kind)
    changes = [*(reader(node) if reader else ()), *iter_row_changes(statement.tree)]
    if words := find_role_words(statement.text):
        changes = [MigrationChange("become", sort=words), *(each for each in changes if each.kind != "become")]
    return [replace(change, text=statement.text) for change in changes]


def _has_option(options: list[Tree], name: str) -> bool:
    found = [each["DefElem"] for each in options if each["DefElem"]["defname"] == name]
    return any(str(each.get("arg", "true")).lower().find("false") < 0 for each in found)


def _flag(**flags: bool) -> frozenset[str]:
    return frozenset(name for name, holds in flags.items() if holds)


def _is_cascading(node: Tree) -> bool:
    return node.get("behavior") == "DROP_CASCADE"


# --- What is made, dropped and renamed ---------------------------------------------------------------------------
def _read_create(node: Tree) -> Iterator[MigrationChange]:
    types, keys = read_columns(node.get("tableElts", ()))
    yield MigrationChange("create_table", name_table(node["relation"]), types=types, keys=keys)
    for parent in node.get("inhRelations", ()) if "partbound" in node else ():
        table = name_table(node["relation"])
        yield MigrationChange("attach_partition", name_table(parent["RangeVar"]), new=table, flags=_flag(made=True))


def _read_create_as(node: Tree) -> Iterator[MigrationChange]:
    if node.get("objtype") == "OBJECT_TABLE":
        yield MigrationChange("create_table", name_table(node["into"]["rel"]))


def _read_drop(node: Tree) -> Iterator[MigrationChange]:
    kind, flags = node["removeType"], _flag(cascade=_is_cascading(node), concurrently=bool(node.get("concurrent")))
    for each in node["objects"]:
        words = _name_object(each)
        if kind in _TABLES:
            yield MigrationChange("drop_table", words, flags=flags, sort="DROP TABLE")
        elif kind == "OBJECT_INDEX":
            yield MigrationChange("drop_index", name=words, flags=flags)
        elif kind in _OF_TABLES:
            yield MigrationChange("alter_table", words.rpartition(".")[0], flags=flags)
        elif kind in _DROPPED or "cascade" in flags:
            yield MigrationChange("drop_object", name=words, sort=_DROPPED.get(kind, "object"), flags=flags)


def _name_object(node: Tree) -> str:
    return ".".join(list_object_words(node))


def _read_drop_database(node: Tree) -> Iterator[MigrationChange]:
    yield MigrationChange("drop_object", name=node["dbname"], sort="database")


def _read_drop_owned(node: Tree) -> Iterator[MigrationChange]:
    yield MigrationChange("drop_object", name="DROP OWNED", sort="schema", flags=_flag(cascade=_is_cascading(node)))


def _read_rename(node: Tree) -> Iterator[MigrationChange]:
    kind, relation = node["renameType"], node.get("relation")
    if kind == "OBJECT_COLUMN" and relation and node.get("relationType") == "OBJECT_TABLE":
        yield MigrationChange("rename_column", name_table(relation), node["subname"], new=node["newname"])
    elif kind in _TABLES and relation:
        name = name_table({**relation, "relname": node["newname"]})
        yield MigrationChange("rename_table", name_table(relation), new=name)
    elif kind in _DROPPED:
        name = name_table(relation) if relation else _name_object(node.get("object", {}))
        yield MigrationChange("rename_object", name=name, new=node["newname"], sort=_DROPPED[kind])


def _read_set_schema(node: Tree) -> Iterator[MigrationChange]:
    kind, relation = node["objectType"], node.get("relation")
    if kind in _TABLES and relation:
        yield MigrationChange("rename_table", name_table(relation), new=f"{node['newschema']}.{relation['relname']}")
    elif kind in _DROPPED:
        name = name_table(relation) if relation else _name_object(node.get("object", {}))
        yield MigrationChange("rename_object", name=name, new=node["newschema"], sort=_DROPPED[kind])


def _read_index(node: Tree) -> Iterator[MigrationChange]:
    flags = _flag(unique=bool(node.get("unique")), concurrently=bool(node.get("concurrent")))
    yield MigrationChange("add_index", name_table(node["relation"]), node.get("idxname", ""), flags=flags)


def _read_enum(node: Tree) -> Iterator[MigrationChange]:
    name = ".".join(list_words(node["typeName"]))
    if "oldVal" in node:
        yield MigrationChange("rename_object", name=f"{name} ({node['oldVal']})", new=node["newVal"], sort="enum value")
    else:
        yield MigrationChange("add_value", name=name, new=node["newVal"])


# --- What tidies up, and the rest --------------------------------------------------------------------------------
def _read_move(node: Tree) -> Iterator[MigrationChange]:
    """Read ALTER TABLE ALL IN TABLESPACE."""
    yield MigrationChange("maintain", name=node["orig_tablespacename"], sort="SET TABLESPACE")


def _read_vacuum(node: Tree) -> Iterator[MigrationChange]:
    if node.get("is_vacuumcmd"):
        sort = "VACUUM FULL" if _has_option(node.get("options", []), "full") else "VACUUM"
        tables = [name_table(each["VacuumRelation"]["relation"]) for each in node.get("rels", ())]
        flags = _flag(concurrently=sort == "VACUUM")  # which keeps nobody off
        yield from (MigrationChange("maintain", table, sort=sort, flags=flags) for table in tables or [""])


def _read_cluster(node: Tree) -> Iterator[MigrationChange]:
    yield MigrationChange("maintain", name_table(node["relation"]) if "relation" in node else "", sort="CLUSTER")


def _read_reindex(node: Tree) -> Iterator[MigrationChange]:
    flags = _flag(concurrently=_has_option(node.get("params", []), "concurrently"))
    name = name_table(node["relation"]) if "relation" in node else node.get("name", "")
    if node["kind"] == "REINDEX_OBJECT_TABLE":
        yield MigrationChange("maintain", name, sort="REINDEX", flags=flags)
    else:
        yield MigrationChange("maintain", name=name, sort="REINDEX", flags=flags)


def _read_refresh(node: Tree) -> Iterator[MigrationChange]:
    if not (node.get("concurrent") or node.get("skipData")):
        yield MigrationChange("maintain", name_table(node["relation"]), sort="REFRESH MATERIALIZED VIEW")


def _read_lock(node: Tree) -> Iterator[MigrationChange]:
    yield from (MigrationChange("maintain", name_table(each["RangeVar"]), sort="LOCK") for each in node["relations"])


def _read_transaction(node: Tree) -> Iterator[MigrationChange]:
    kind = node["kind"].removeprefix("TRANS_STMT_").replace("_", " ")
    if kind in ("BEGIN", "START", "COMMIT", "ROLLBACK"):
        yield MigrationChange("transact", sort=kind)


def _read_do(node: Tree) -> Iterator[MigrationChange]:
    """Read what stands in an anonymous block; not what it puts together and EXECUTEs."""
    try:
        queries = read_block(find_block(node))
    except StatementError as error:
        yield MigrationChange("unreadable", name="DO", sort=str(error))
        return
    for query in queries:
        try:
            inner = list_statements(query)
        except StatementError:  # an expression
            continue
        yield from (change for each in inner for change in read_statement(each))


_READERS: dict[str, Callable[[Tree], Iterator[MigrationChange]]] = {
    "AlterTableStmt": read_alter_table,
    "AlterTableMoveAllStmt": _read_move,
    "CreateStmt": _read_create,
    "CreateTableAsStmt": _read_create_as,
    "DropStmt": _read_drop,
    "DropdbStmt": _read_drop_database,
    "DropOwnedStmt": _read_drop_owned,
    "RenameStmt": _read_rename,
    "AlterObjectSchemaStmt": _read_set_schema,
    "IndexStmt": _read_index,
    "AlterEnumStmt": _read_enum,
    "VacuumStmt": _read_vacuum,
    "ClusterStmt": _read_cluster,
    "ReindexStmt": _read_reindex,
    "RefreshMatViewStmt": _read_refresh,
    "LockStmt": _read_lock,
    "TransactionStmt": _read_transaction,
    "DoStmt": _read_do,
}
