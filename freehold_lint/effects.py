"""What a statement makes, drops and writes, and whether a second run of it would do no harm, by the parser's tree."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from freehold_lint.parsing import Tree, find_block, list_object_words, list_words, name_table, parse

Verb = Literal["make", "drop", "alter", "rename", "insert", "update", "delete", "block"]
_OBJECTS: Final = {  # the parser's word and ours
    "OBJECT_TABLE": "table",
    "OBJECT_FOREIGN_TABLE": "table",
    "OBJECT_VIEW": "view",
    "OBJECT_MATVIEW": "materialized view",
    "OBJECT_INDEX": "index",
    "OBJECT_SEQUENCE": "sequence",
    "OBJECT_FUNCTION": "function",
    "OBJECT_PROCEDURE": "function",
    "OBJECT_ROUTINE": "function",
    "OBJECT_AGGREGATE": "function",
    "OBJECT_TYPE": "type",
    "OBJECT_DOMAIN": "type",
    "OBJECT_TRIGGER": "trigger",
    "OBJECT_POLICY": "policy",
    "OBJECT_RULE": "rule",
    "OBJECT_SCHEMA": "schema",
    "OBJECT_EXTENSION": "extension",
    "OBJECT_STATISTIC_EXT": "statistics",
    "OBJECT_COLUMN": "column",
    "OBJECT_TABCONSTRAINT": "constraint",
}
_OF_A_TABLE: Final = ("trigger", "policy", "rule", "column", "constraint")  # named behind their table
# Of ALTER TABLE: what it does to a column or constraint, and the ones that a second run does not mind.
_CHANGES: Final[dict[str, tuple[Verb, str]]] = {
    "AT_AddColumn": ("make", "column"),
    "AT_DropColumn": ("drop", "column"),
    "AT_AddConstraint": ("make", "constraint"),
    "AT_DropConstraint": ("drop", "constraint"),
    "AT_AttachPartition": ("make", "partition"),
    "AT_DetachPartition": ("drop", "partition"),
}
_UNDONE_BY_ITSELF: Final = ("AT_ValidateConstraint", "AT_SetStatistics")  # changes nothing that anyone would take back


@dataclass(frozen=True)
class Effect:
    """Something that a statement does to `name` (`app.items`, `app.items.title`), which lies in `parent`, if anywhere.

    `repeats`: a second run of it fails or does it again unless something before it takes care.
    """

    verb: Verb
    kind: str
    name: str
    parent: str = ""
    repeats: bool = False

    @property
    def label(self) -> str:
        """What it is about, as people name it."""
        return f"{self.kind} {self.name}".strip()


def list_effects(text: str) -> list[Effect]:
    """Give what the statements of a text do, in order.

    Raises:
        StatementError: it is no SQL.
        MissingExtraError: there is no parser.
    """
    return [effect for tree in parse(text) for kind, node in tree.items() for effect in _iter_effects(kind, node)]


def _iter_effects(kind: str, node: Tree) -> Iterator[Effect]:
    """Yield what one statement does; nothing where it is of a kind that changes nothing, or that is not known."""
    if kind in _MAKERS:
        word, get_name, guard = _MAKERS[kind]
        name, parent = get_name(node)
        yield Effect("make", word, name, parent, repeats=not node.get(guard))
    elif kind in _SPECIAL:
        yield from _SPECIAL[kind](node)


# --- What is made ----------------------------------------------------------------------------------------------------
def _named_by(key: str) -> Callable[[Tree], tuple[str, str]]:
    """Give what reads the name of something that is named by a list of words, or like a table."""

    def get_name(node: Tree) -> tuple[str, str]:
        value = node.get(key, {})
        name = name_table(value) if isinstance(value, dict) else ".".join(list_words(value))
        return name, ""

    return get_name


def _below(table: str, key: str) -> Callable[[Tree], tuple[str, str]]:
    """Give what reads the name of something that is named behind its table."""

    def get_name(node: Tree) -> tuple[str, str]:
        parent = name_table(node[table])
        return f"{parent}.{node[key]}", parent

    return get_name


def _get_index(node: Tree) -> tuple[str, str]:
    """Give an index's name, which lies in its table's schema; no name where the server is to find one."""
    table = node["relation"]
    return name_table({**table, "relname": node["idxname"]}) if "idxname" in node else "", name_table(table)


def _get_plain(key: str) -> Callable[[Tree], tuple[str, str]]:
    return lambda node: (node.get(key, ""), "")


_MAKERS: Final[dict[str, tuple[str, Callable[[Tree], tuple[str, str]], str]]] = {
    "CreateStmt": ("table", _named_by("relation"), "if_not_exists"),
    "CreateSeqStmt": ("sequence", _named_by("sequence"), "if_not_exists"),
    "IndexStmt": ("index", _get_index, "if_not_exists"),
    "ViewStmt": ("view", _named_by("view"), "replace"),
    "CreateFunctionStmt": ("function", _named_by("funcname"), "replace"),
    "CreateTrigStmt": ("trigger", _below("relation", "trigname"), "replace"),
    "RuleStmt": ("rule", _below("relation", "rulename"), "replace"),
    "CreatePolicyStmt": ("policy", _below("table", "policy_name"), "-"),
    "CreateEnumStmt": ("type", _named_by("typeName"), "-"),
    "CreateRangeStmt": ("type", _named_by("typeName"), "-"),
    "CreateDomainStmt": ("type", _named_by("domainname"), "-"),
    "CompositeTypeStmt": ("type", _named_by("typevar"), "-"),
    "CreateSchemaStmt": ("schema", _get_plain("schemaname"), "if_not_exists"),
    "CreateExtensionStmt": ("extension", _get_plain("extname"), "if_not_exists"),
    "CreateStatsStmt": ("statistics", _named_by("defnames"), "if_not_exists"),
}


# --- What else is done -----------------------------------------------------------------------------------------------
def _iter_created_as(node: Tree) -> Iterator[Effect]:
    name = name_table(node["into"]["rel"])
    yield Effect("make", _OBJECTS[node["objtype"]], name, repeats=not node.get("if_not_exists"))


def _iter_dropped(node: Tree) -> Iterator[Effect]:
    kind = _OBJECTS.get(node["removeType"], "")
    for each in node["objects"] if kind else ():
        words = list_object_words(each)
        parent = ".".join(words[:-1]) if kind in _OF_A_TABLE else ""
        yield Effect("drop", kind, ".".join(words), parent, repeats=not node.get("missing_ok"))


def _iter_altered(node: Tree) -> Iterator[Effect]:
    table = name_table(node["relation"])
    for each in (entry["AlterTableCmd"] for entry in node.get("cmds", ())):
        subtype = each["subtype"]
        verb, kind = _CHANGES.get(subtype, ("alter", "column" if each.get("name") else "table"))
        name = f"{table}.{_find_part(each)}" if _find_part(each) else table
        if subtype not in _UNDONE_BY_ITSELF:
            yield Effect(verb, kind, name, table, repeats=verb in ("make", "drop") and not each.get("missing_ok"))


def _find_part(change: Tree) -> str:
    """Give the column, constraint or partition that an action of ALTER TABLE is about; empty where it is the table."""
    definition: Tree = change.get("def", {})
    for kind, key in (("ColumnDef", "colname"), ("Constraint", "conname")):
        if change["subtype"] in ("AT_AddColumn", "AT_AddConstraint") and kind in definition:
            return str(definition[kind].get(key, ""))
    if "PartitionCmd" in definition:
        return name_table(definition["PartitionCmd"]["name"])
    return str(change.get("name", ""))


def _iter_renamed(node: Tree) -> Iterator[Effect]:
    """Yield what gets another name, or another schema: a second run does not find it."""
    kind = _OBJECTS.get(str(node.get("renameType", node.get("objectType"))), "object")
    table = name_table(node.get("relation", {}))
    name = ".".join(filter(None, (table, node.get("subname"))))
    yield Effect("rename", kind, name, table, repeats=True)


def _iter_values(node: Tree) -> Iterator[Effect]:
    name = ".".join(list_words(node["typeName"]))
    if "oldVal" in node:
        yield Effect("rename", "value", f"{name}.{node['oldVal']}", name, repeats=True)
    else:
        yield Effect("make", "value", f"{name}.{node['newVal']}", name, repeats=not node.get("skipIfNewValExists"))


def _iter_inserted(node: Tree) -> Iterator[Effect]:
    """Yield the table that rows are put into; a second run finds them by ON CONFLICT or NOT EXISTS."""
    asks = "onConflictClause" in node or _has_not_exists(node.get("selectStmt"))
    yield Effect("insert", "rows of", name_table(node["relation"]), repeats=not asks)


def _has_not_exists(node: Any) -> bool:
    """Tell whether there is a NOT EXISTS, NOT IN or EXCEPT somewhere below."""
    if isinstance(node, list):
        return any(map(_has_not_exists, node))
    if not isinstance(node, dict):
        return False
    if node.get("boolop") == "NOT_EXPR" and "SubLink" in node.get("args", [{}])[0]:
        return True
    return node.get("op") == "SETOP_EXCEPT" or any(map(_has_not_exists, node.values()))


def _write_rows(verb: Verb) -> Callable[[Tree], Iterator[Effect]]:
    return lambda node: iter([Effect(verb, "rows of", name_table(node["relation"]))])


def _iter_truncated(node: Tree) -> Iterator[Effect]:
    yield from (Effect("delete", "rows of", name_table(each["RangeVar"])) for each in node["relations"])


def _iter_block(node: Tree) -> Iterator[Effect]:
    """Yield an anonymous block, with its body in place of a name: what it does is its own to say."""
    yield Effect("block", "", find_block(node))


_SPECIAL: Final[dict[str, Callable[[Tree], Iterable[Effect]]]] = {
    "CreateTableAsStmt": _iter_created_as,
    "DropStmt": _iter_dropped,
    "AlterTableStmt": _iter_altered,
    "RenameStmt": _iter_renamed,
    "AlterObjectSchemaStmt": _iter_renamed,
    "AlterEnumStmt": _iter_values,
    "InsertStmt": _iter_inserted,
    "UpdateStmt": _write_rows("update"),
    "DeleteStmt": _write_rows("delete"),
    "MergeStmt": _write_rows("update"),
    "TruncateStmt": _iter_truncated,
    "DoStmt": _iter_block,
}
