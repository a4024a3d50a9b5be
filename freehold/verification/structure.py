"""Holds functions, triggers and rules against the history, and takes over by name what stands there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.backends.base.base import BaseDatabaseWrapper

from freehold.history.standing import read_record, read_standing
from freehold.history.structure import Difference, Marks, Record, compare, get_schema, label, write
from freehold.ownership.map import Ownership
from freehold.rights.comparison.structure import describe, get_advice
from freehold.verification.faults import Acceptance, Fault, make_fault
from freehold.verification.repair import RepairError

RULE = "H010"
WHOLE = "structure"  # what a row is about that takes over a schema


def iter_structure_faults(connection: BaseDatabaseWrapper, ownership: Ownership) -> Iterator[Fault]:
    """Yield what stands otherwise than the history says."""
    record, found = read(connection, ownership)
    yield from map(make_structure_fault, compare(record, found, ownership.migrated_names))


def read(connection: BaseDatabaseWrapper, ownership: Ownership) -> tuple[Record, Marks]:
    """Give what is recorded and what stands. Inside a transaction."""
    return read_record(connection), read_standing(connection, ownership.migrated_names)


def make_structure_fault(each: Difference) -> Fault:
    _, found, recorded = describe(each)
    accepted = Acceptance(
        "history",
        each.schema,
        each.label.replace(f" {each.schema}.", " ", 1) if each.name else WHOLE,
        direction="up" if each.found else "down",
        checksum=each.found.rpartition(" ")[2] if each.name else "",
        before=each.recorded.rpartition(" ")[2],
        structure=each.structure,
    )
    return make_fault(
        RULE,
        each.label,
        f"{found}; recorded: {recorded}",
        get_advice(each),
        accepted,
        level="error" if each.name else "warning",
    )


# --- Adoption --------------------------------------------------------------------------------------------------------
def choose_standing(connection: BaseDatabaseWrapper, ownership: Ownership, names: Iterable[str]) -> list[Fault]:
    """Give the faults of these: schemas, and functions, triggers or rules by their names. Inside a transaction.

    Raises:
        RepairError: one names nothing, or what stands as it is recorded.
    """
    record, found = read(connection, ownership)
    differences = compare(record, found, ownership.migrated_names)
    chosen: dict[str, Difference] = {}
    for name in names:
        own = _list_of_schema(name, record, differences) if name in ownership.migrated_names else None
        for each in _list_named(name, record, found, differences) if own is None else own:
            chosen[each.label] = each
    return [make_structure_fault(each) for each in chosen.values()]


def _list_of_schema(schema: str, record: Record, differences: Iterable[Difference]) -> list[Difference]:
    own = [each for each in differences if each.schema == schema]
    if schema not in record.schemas and not any(each.name is None for each in own):
        own.append(Difference(schema, None, "nothing", "", "", write([], [schema])))
    if not own:
        raise RepairError(f"schema {schema} is what the history says: there is nothing to adopt")
    return own


def _list_named(name: str, record: Record, found: Marks, differences: Iterable[Difference]) -> list[Difference]:
    known = [each for each in sorted(found.keys() | record.marks.keys()) if name in (each[1], label(each))]
    if not known:
        raise RepairError(
            f"nothing is called {name}: write a schema of the map, a function with its types (app.price(integer)), a "
            f"trigger or rule with its table (app.items.count_version); `manage.py history verify` names what differs"
        )
    other = [each for each in differences if each.name in known]
    other += [
        Difference(get_schema(each), each, found[each], "", "", write([(each, found[each])]))
        for each in known
        if each not in record.marks and get_schema(each) not in record.schemas
    ]
    if not other:
        raise RepairError(f"{label(known[0])} is what the history says: there is nothing to adopt")
    return other
