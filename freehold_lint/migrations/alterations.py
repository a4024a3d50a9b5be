"""Reads ALTER TABLE, which is many statements in one."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from freehold_lint.migrations.definitions import is_key, is_null, is_volatile, list_constraints, name_type
from freehold_lint.migrations.vocabulary import MigrationChange
from freehold_lint.parsing import Tree, list_words, name_table

_SORTS = {
    "CONSTR_UNIQUE": "unique",
    "CONSTR_PRIMARY": "primary key",
    "CONSTR_EXCLUSION": "exclusion",
    "CONSTR_CHECK": "check",
    "CONSTR_FOREIGN": "foreign key",
    "CONSTR_NOTNULL": "not null",
}
_REWRITING = {  # what writes all of it anew, by the words of it
    "AT_SetLogged": "SET LOGGED",
    "AT_SetUnLogged": "SET UNLOGGED",
    "AT_SetTableSpace": "SET TABLESPACE",
    "AT_SetAccessMethod": "SET ACCESS METHOD",
    "AT_SetExpression": "SET EXPRESSION",
}
_KEPT = ("OBJECT_MATVIEW", "OBJECT_INDEX")  # what has rows of its own beside tables
_SHORT = ("AT_SetStatistics", "AT_SetRelOptions", "AT_ResetRelOptions")  # keep out neither readers nor writers


def read_alter_table(node: Tree) -> Iterator[MigrationChange]:
    """Yield what each part does. ALTER VIEW and ALTER INDEX have the same tree; a view's name is a table's here."""
    table = name_table(node["relation"])
    if node.get("objtype") in _KEPT:
        subtypes = [each["AlterTableCmd"]["subtype"] for each in node["cmds"]]
        found = [_REWRITING[each] for each in subtypes if each in _REWRITING]
        yield from (MigrationChange("maintain", name=table, sort=sort) for sort in found)
    if node.get("objtype", "OBJECT_TABLE") in ("OBJECT_TABLE", "OBJECT_FOREIGN_TABLE"):
        for each in node["cmds"]:
            command = each["AlterTableCmd"]
            reader = _READERS.get(command["subtype"])
            if reader:
                yield from reader(table, command)
            elif command["subtype"] in _REWRITING:
                yield MigrationChange("maintain", table, sort=_REWRITING[command["subtype"]])
            elif command["subtype"] not in _SHORT:
                yield MigrationChange("alter_table", table)


def _get_flags(command: Tree) -> frozenset[str]:
    return frozenset({"cascade"} if command.get("behavior") == "DROP_CASCADE" else ())


# --- Columns -----------------------------------------------------------------------------------------------------
def _read_add_column(table: str, command: Tree) -> Iterator[MigrationChange]:
    column = command["def"]["ColumnDef"]
    name, written = column["colname"], name_type(column["typeName"])
    flags = _read_flags(column, written)
    keys = (name,) if is_key(column) else ()
    yield MigrationChange("add_column", table, name, new=written, flags=flags, types=((name, written),), keys=keys)
    new = frozenset({"fresh"} | ({"empty"} if flags == {"nullable"} else set()))
    for each in list_constraints(column):
        sort = _SORTS.get(each["contype"], "")
        if sort and sort != "not null":
            yield MigrationChange(
                "add_constraint", table, name, sort=sort, flags=new - {"empty"} if sort == "check" else new
            )


def _read_flags(column: Tree, written: str) -> frozenset[str]:
    found = {each["contype"]: each for each in list_constraints(column)}
    default = found.get("CONSTR_DEFAULT", {}).get("raw_expr")
    has_default = default is not None and not is_null(default)
    makes_own = "serial" in written or "CONSTR_IDENTITY" in found
    generated = found.get("CONSTR_GENERATED")
    stored = generated is not None and generated.get("generated_kind", "s") == "s"
    flags = {
        "nullable": not ({"CONSTR_NOTNULL", "CONSTR_PRIMARY"} & set(found)) and not makes_own,
        "default": has_default or makes_own or generated is not None,
        "volatile": makes_own or stored or (default is not None and is_volatile(default)),
    }
    return frozenset(name for name, holds in flags.items() if holds)


def _read_drop_column(table: str, command: Tree) -> Iterator[MigrationChange]:
    yield MigrationChange("drop_column", table, command["name"], flags=_get_flags(command))


def _read_type(table: str, command: Tree) -> Iterator[MigrationChange]:
    column = command["def"]["ColumnDef"]
    written = name_type(column["typeName"])
    yield MigrationChange("change_type", table, command["name"], new=written, types=((command["name"], written),))


def _read_not_null(table: str, command: Tree) -> Iterator[MigrationChange]:
    yield MigrationChange("set_not_null", table, command["name"])


def _read_null(table: str, command: Tree) -> Iterator[MigrationChange]:
    yield MigrationChange("drop_not_null", table, command["name"])


def _read_default(table: str, command: Tree) -> Iterator[MigrationChange]:
    """Read DROP DEFAULT; SET DEFAULT is about rows to come, and locks the table for a moment."""
    yield MigrationChange("alter_table" if "def" in command else "drop_default", table, command["name"])


# --- Constraints and partitions ----------------------------------------------------------------------------------
def _read_add_constraint(table: str, command: Tree) -> Iterator[MigrationChange]:
    constraint = command["def"]["Constraint"]
    sort = _SORTS.get(constraint["contype"], "constraint")
    columns = tuple(list_words(constraint.get("keys", ())))
    if sort == "not null" and not constraint.get("skip_validation"):
        yield from (MigrationChange("set_not_null", table, column) for column in columns)
        return
    flags = {"not_valid": constraint.get("skip_validation"), "using_index": "indexname" in constraint}
    yield MigrationChange(
        "add_constraint",
        table,
        constraint.get("conname", ""),
        sort=sort,
        flags=frozenset(name for name, holds in flags.items() if holds),
        columns=columns if sort == "not null" else _find_proven(constraint),
    )


def _find_proven(constraint: Tree) -> tuple[str, ...]:
    """Give the column of `CHECK (column IS NOT NULL)`; nothing for any other constraint."""
    test = constraint.get("raw_expr", {}).get("NullTest", {})
    if constraint["contype"] != "CONSTR_CHECK" or test.get("nulltesttype") != "IS_NOT_NULL":
        return ()
    return tuple(list_words(test["arg"].get("ColumnRef", {}).get("fields", ())))[-1:]


def _read_drop_constraint(table: str, command: Tree) -> Iterator[MigrationChange]:
    yield MigrationChange("drop_constraint", table, command["name"], sort="constraint", flags=_get_flags(command))


def _read_validate(table: str, command: Tree) -> Iterator[MigrationChange]:
    yield MigrationChange("validate", table, command["name"])


def _read_attach(table: str, command: Tree) -> Iterator[MigrationChange]:
    yield MigrationChange("attach_partition", table, new=name_table(command["def"]["PartitionCmd"]["name"]))


def _read_detach(table: str, command: Tree) -> Iterator[MigrationChange]:
    flags = frozenset({"concurrently"} if command["def"]["PartitionCmd"].get("concurrent") else ())
    yield MigrationChange("detach_partition", table, flags=flags)


_READERS: dict[str, Callable[[str, Tree], Iterator[MigrationChange]]] = {
    "AT_AddColumn": _read_add_column,
    "AT_DropColumn": _read_drop_column,
    "AT_AlterColumnType": _read_type,
    "AT_SetNotNull": _read_not_null,
    "AT_DropNotNull": _read_null,
    "AT_ColumnDefault": _read_default,
    "AT_AddConstraint": _read_add_constraint,
    "AT_DropConstraint": _read_drop_constraint,
    "AT_ValidateConstraint": _read_validate,
    "AT_AttachPartition": _read_attach,
    "AT_DetachPartition": _read_detach,
}
