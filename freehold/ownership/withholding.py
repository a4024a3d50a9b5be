"""What no service gets of a schema, not even one that writes it: tables, columns, privileges and functions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from freehold.ownership.comparable import DatabaseObject
from freehold.ownership.map import Contract, Ownership, Schema, Withheld
from freehold.ownership.spelling import (
    describe_column_fault,
    describe_name_fault,
    describe_signature_fault,
    normalize_signature,
)

_OF_COLUMNS: Final = ("SELECT", "INSERT", "UPDATE")  # what services hold on tables and PostgreSQL grants on columns too
_VERBS: Final = (*_OF_COLUMNS, "DELETE")
# Whoever writes these says what was applied: no map gives them to a service, not even one that writes their schema.
_TRACKING: Final = tuple(
    Withheld(name, verbs=("INSERT", "UPDATE", "DELETE")) for name in ("django_migrations", "migration_history")
)


def list_withheld(ownership: Ownership) -> dict[DatabaseObject, Withheld]:
    """Give the entries by the table or the function that they are about, those of migration tracking among them."""
    tracking = {make_object("public", each): each for each in _TRACKING if ownership.find_schema("public")}
    return tracking | {make_object(schema.name, each): each for schema in ownership.schemas for each in schema.withheld}


def make_object(schema: str, withheld: Withheld) -> DatabaseObject:
    """Give the table or the function of a schema that is withheld, wholly or in part."""
    if withheld.is_function:
        return DatabaseObject("function", schema, normalize_signature(withheld.name))
    return DatabaseObject("table", schema, withheld.name)


def is_left(withheld: Withheld, found: DatabaseObject, privilege: str) -> bool:
    """Tell whether services keep a privilege on what is withheld in part: where it is about columns, they have it on
    each of the others in place of the table."""
    if withheld.is_whole or privilege in withheld.verbs:
        return False
    if not withheld.columns:
        return not found.column
    if found.column:
        return privilege in _OF_COLUMNS and found.column not in withheld.columns
    return privilege not in _OF_COLUMNS


def gives_back(contract: Contract, ownership: Ownership) -> bool:
    """Tell whether a contract of a schema with its own service lists nothing but functions that are withheld."""
    only_calls = bool(contract.call) and not (contract.read or contract.reference or contract.use)
    withheld = list_functions(ownership, contract.schema)
    return only_calls and withheld.issuperset(map(normalize_signature, contract.call))


def list_functions(ownership: Ownership, name: str) -> set[str]:
    """Give the signatures of a schema's functions that are withheld, as the catalogue spells them."""
    schema = ownership.find_schema(name)
    return {normalize_signature(each.name) for each in schema.withheld if each.is_function} if schema else set()


def iter_withheld_problems(owner: str, schema: Schema) -> Iterator[str]:
    """Say what is wrong with the entries of a schema, which is called `owner` in sentences."""
    seen: set[str] = set()
    for each in schema.withheld:
        if not isinstance(each, Withheld):
            yield f"{owner}: withheld has {each!r}: write Withheld({each!r})"
            continue
        describe = describe_signature_fault if each.is_function else describe_name_fault
        if fault := describe(each.name):
            yield f"{owner}: withheld {each.name!r} {fault}"
        if each.is_function and not each.is_whole:
            yield f"{owner}: withheld {each.name!r} is a function, which has no columns or verbs: drop them"
        for column in each.columns:
            if fault := describe_column_fault(column):
                yield f"{owner}: withheld {each.name!r} column {column!r} {fault}"
        for verb in each.verbs:
            if verb not in _VERBS:
                yield f"{owner}: withheld {each.name!r} has the verb {verb!r}: use some of {', '.join(_VERBS)}"
        if each.name in seen:
            yield f"{owner}: withheld {each.name!r} stands there twice: put it into one"
        seen.add(each.name)
