"""What the history knows of the code in a database: functions, triggers and rules, by digests that migrations leave.

A row of the history has in `structure` what its migration changed, by sort and name; null is what it took away. The sum
of the rows is the record. `"schemas"` names those that have a whole record from that row on: what stands there and is
in none was made by somebody else. The structure of tables has room beside: another sort.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

Name = tuple[str, str]  # sort and name: ("functions", "app.price(integer)"), ("triggers", "app.items.count_version")
Marks = dict[Name, str]  # each name's mark: what it is in words, then a digest
SCHEMAS: Final = "schemas"
_SINGULAR: Final = {
    "functions": "function",
    "triggers": "trigger",
    "event triggers": "event trigger",
    "rules": "rule",
}


@dataclass(frozen=True)
class Record:
    """The sum of rows: schemas that have a whole record, marks, and the row that each mark is of (`app.0003_name`)."""

    schemas: frozenset[str] = frozenset()
    marks: Mapping[Name, str] = field(default_factory=dict)
    origins: Mapping[Name, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Difference:
    """What stands otherwise than recorded. `found` and `recorded` are marks, '' for none. Without a name it is about a
    schema that has no record; `structure` is what a row holds that takes over what is there."""

    schema: str
    name: Name | None
    found: str
    recorded: str
    origin: str
    structure: dict[str, Any]

    @property
    def label(self) -> str:
        return label(self.name) if self.name else f"schema {self.schema}"


def label(name: Name) -> str:
    """Give what a person calls it: `function app.price(integer)`."""
    return f"{get_kind(name)} {name[1]}"


def get_kind(name: Name) -> str:
    return _SINGULAR[name[0]]


def get_schema(name: Name) -> str:
    return name[1].partition(".")[0]


def get_words(mark: str) -> str:
    """Give a mark without its digest: `sql stable definer`."""
    return mark.rpartition(" ")[0]


# --- Rows ------------------------------------------------------------------------------------------------------------
def sum_up(rows: Iterable[tuple[str, Mapping[str, Any]]]) -> Record:
    """Give the record of rows, each with its name, in the order they were written."""
    schemas: set[str] = set()
    marks: dict[Name, str] = {}
    origins: dict[Name, str] = {}
    for origin, structure in rows:
        schemas.update(structure.get(SCHEMAS, ()))
        for name, mark in _iter_marks(structure):
            origins[name] = origin
            if mark is None:
                marks.pop(name, None)
            else:
                marks[name] = mark
    return Record(frozenset(schemas), marks, origins)


def _iter_marks(structure: Mapping[str, Any]) -> Iterable[tuple[Name, str | None]]:
    for sort, marks in structure.items():
        if sort in _SINGULAR:
            yield from (((sort, name), mark) for name, mark in marks.items())


def write(marks: Iterable[tuple[Name, str | None]], schemas: Iterable[str] = ()) -> dict[str, Any]:
    """Give what a row holds of these."""
    structure: dict[str, Any] = {SCHEMAS: sorted(schemas)} if schemas else {}
    for (sort, name), mark in sorted(marks):
        structure.setdefault(sort, {})[name] = mark
    return structure


def describe_changes(before: Marks, after: Marks, schemas: Iterable[str] = ()) -> dict[str, Any] | None:
    """Give what a row holds of a migration: what is other after it than before; None where nothing is."""
    names = before.keys() | after.keys()
    changed = [(name, after.get(name)) for name in names if before.get(name) != after.get(name)]
    return write(changed, schemas) or None


# --- Comparison ------------------------------------------------------------------------------------------------------
def compare(record: Record, found: Marks, schemas: Iterable[str]) -> list[Difference]:
    """Give what stands otherwise than recorded in these schemas, sorted; one for a schema without a record that has
    anything in it, and for what is recorded there all the same."""
    known = set(schemas)
    names = sorted(name for name in found.keys() | record.marks.keys() if get_schema(name) in known)
    new = [name for name in names if name not in record.marks and get_schema(name) not in record.schemas]
    unknown = set(new)
    differences = [_describe_new(schema, new, found) for schema in sorted({get_schema(name) for name in new})]
    for name in names:
        stands, recorded = found.get(name, ""), record.marks.get(name, "")
        if stands != recorded and name not in unknown:
            schema, origin = get_schema(name), record.origins.get(name, "")
            differences.append(Difference(schema, name, stands, recorded, origin, write([(name, stands or None)])))
    return differences


def _describe_new(schema: str, names: Iterable[Name], found: Marks) -> Difference:
    own = [name for name in names if get_schema(name) == schema]
    counts = [(sort, sum(1 for name in own if name[0] == sort)) for sort in _SINGULAR]
    words = ", ".join(f"{count} {sort if count > 1 else _SINGULAR[sort]}" for sort, count in counts if count)
    return Difference(schema, None, words, "", "", write([(name, found[name]) for name in own], [schema]))
