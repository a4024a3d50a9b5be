"""What the names in a statement mean: the columns of what FROM and WITH have, and what is known of NULL in each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from freehold_lint.parsing import Tree, list_words
from freehold_lint.typed_sql.nulls import MAYBE, Null, unite
from freehold_lint.typed_sql.trees import walk

Columns = dict[str, Null]  # by name
_JSON: Final = ("json", "jsonb")


@dataclass
class Scope:
    """What names mean at one place in a statement."""

    tables: dict[str, Columns] = field(default_factory=dict)  # by alias
    made: Mapping[str, Columns] = field(default_factory=dict)  # by WITH
    outer: Scope | None = None
    types: dict[str, dict[str, str]] = field(default_factory=dict)  # of tables' columns, by alias
    is_opaque: bool = False  # FROM has what is not known here, and so any name may be its

    def find(self, words: list[str]) -> Null:
        """Tell what is known of a column."""
        if len(words) == 1:
            found = [columns[words[0]] for columns in self.tables.values() if words[0] in columns]
        else:
            found = [self.tables[words[-2]].get(words[-1], MAYBE)] if words[-2] in self.tables else []
        if found:
            return unite(found)
        is_open = self.is_opaque or any(name.startswith("?") for columns in self.tables.values() for name in columns)
        return self.outer.find(words) if self.outer and not is_open else MAYBE

    def has(self, words: list[str]) -> bool:
        """Tell whether it is a column of this place's own."""
        tables = self.tables if len(words) == 1 else words[-2:-1]
        return any(len(words) > 1 or words[0] in self.tables[each] for each in tables if each in self.tables)

    def may_be_json(self, words: list[str]) -> bool:
        """Tell whether a column is JSON, or not known."""
        tables = [self.types.get(each, {}) for each in (self.tables if len(words) == 1 else words[-2:-1])]
        types = [columns[words[-1]] for columns in tables if words[-1] in columns]
        return not types or not set(_JSON).isdisjoint(types)

    def add(self, alias: str, columns: Columns) -> None:
        """Add what FROM calls so. Two tables of one name, of two schemas, are not told apart."""
        if alias in self.tables:
            columns = dict.fromkeys([*self.tables[alias], *columns], MAYBE)
        self.tables[alias] = columns


def may_be_json(node: Tree, scope: Scope) -> bool:
    """Tell whether JSON may be in an expression, whose null is NULL where it becomes a number."""
    words = [word for each in walk(node, "typeName") for word in list_words(each["names"])]
    words += [word for each in walk(node, "FuncCall") for word in list_words(each["funcname"])]
    fields = [list_words(each["fields"]) for each in walk(node, "ColumnRef")]
    return any("json" in word for word in words) or any(map(scope.may_be_json, fields))


def get_alias(node: Tree) -> str:
    return str(_get_alias(node).get("aliasname", ""))


def _get_alias(node: Tree) -> Tree:
    alias: Tree = node.get("alias", {})
    found: Tree = alias.get("Alias", alias)
    return found


def list_renamed(node: Tree) -> list[str]:
    return list_words(_get_alias(node).get("colnames", []))


def find_name(node: Tree) -> str:
    """Give the name that a column has by what it is."""
    return list_words(node["ColumnRef"]["fields"])[-1] if "ColumnRef" in node else ""


def rename(columns: Columns, names: list[str]) -> Columns:
    """Give the columns by the names that an alias gives them, the first ones if there are fewer."""
    known = [*names, *list(columns)[len(names) :]]
    return dict(zip(known, columns.values(), strict=True))


def nest(alias: str, columns: Columns) -> Columns:
    return {name: each.nest(alias) for name, each in columns.items()}
