"""Reads what SQL says of columns: their types, defaults and constraints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from freehold_lint.parsing import Tree, list_words

_NAMES = {"int2": "smallint", "int4": "integer", "int8": "bigint", "bpchar": "char", "bool": "boolean"}
_STABLE = {  # functions whose value is one for the whole statement, beside those that only work on their arguments
    *("now", "statement_timestamp", "transaction_timestamp", "current_setting", "current_database", "pg_backend_pid"),
    *("txid_current", "pg_current_xact_id", "lower", "upper", "concat", "format", "to_char", "to_timestamp", "replace"),
    *("date_trunc", "make_date", "make_interval", "make_timestamptz", "timezone", "length", "left", "right", "repeat"),
    *("jsonb_build_object", "jsonb_build_array", "json_build_object", "json_build_array", "to_jsonb", "md5", "sha256"),
    *(
        "abs",
        "round",
        "floor",
        "ceil",
        "greatest",
        "least",
        "array_append",
        "string_to_array",
        "int4range",
        "tstzrange",
    ),
}


def name_type(node: Tree) -> str:
    """Give a type as it was written, without pg_catalog: `varchar(20)`, `timestamptz`, `bigint[]`."""
    words = [word for word in list_words(node.get("names", ())) if word != "pg_catalog"]
    name = ".".join([*words[:-1], _NAMES.get(words[-1], words[-1])]) if words else ""
    numbers = [str(_find_number(each)) for each in node.get("typmods", ())]
    return name + (f"({', '.join(numbers)})" if numbers else "") + ("[]" if node.get("arrayBounds") else "")


def _find_number(node: Tree) -> int:
    """Give the number that a constant is; one that is 0 stands in the tree as nothing."""
    return int(node.get("A_Const", {}).get("ival", {}).get("ival", 0))


def list_constraints(column: Tree) -> list[Tree]:
    """Give the constraints of a column's definition."""
    return [each["Constraint"] for each in column.get("constraints", ())]


def read_columns(elements: Iterable[Tree]) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """Give the columns of a CREATE TABLE with their types, and those among them that are keys or identity."""
    parts = list(elements)
    columns = [each["ColumnDef"] for each in parts if "ColumnDef" in each]
    named = [
        word
        for each in parts
        if each.get("Constraint", {}).get("contype") == "CONSTR_PRIMARY"
        for word in list_words(each["Constraint"].get("keys", ()))
    ]
    keys = [column["colname"] for column in columns if is_key(column)]
    return tuple((column["colname"], name_type(column["typeName"])) for column in columns), (*named, *keys)


def is_key(column: Tree) -> bool:
    """Tell whether the column is a primary key or an identity column."""
    return any(each["contype"] in ("CONSTR_PRIMARY", "CONSTR_IDENTITY") for each in list_constraints(column))


def is_volatile(expression: Tree) -> bool:
    """Tell whether an expression calls a function that may say something else for each row."""
    return any(name not in _STABLE for name in _iter_calls(expression))


def is_null(expression: Tree) -> bool:
    """Tell whether an expression is the constant NULL, with or without a type."""
    inner = expression.get("TypeCast", {}).get("arg", expression)
    return bool(inner.get("A_Const", {}).get("isnull"))


def _iter_calls(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for each in node:
            yield from _iter_calls(each)
    elif isinstance(node, dict):
        if "funcname" in node:
            yield list_words(node["funcname"])[-1]
        for each in node.values():
            yield from _iter_calls(each)
