"""M312 to M317: what no change does by itself, and a migration's one transaction makes of several."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from freehold_lint.migrations.change_rules import MigrationContext, Verdict
from freehold_lint.migrations.vocabulary import DATA, LOCKING, MigrationChange

_Found = Iterator[tuple[MigrationChange, str]]
_SPLIT = "Make it a migration of its own."


def _find_concurrent(changes: Sequence[MigrationChange], context: MigrationContext) -> _Found:
    for change in changes:
        if context.atomic and (change.has("concurrently") or change.sort.startswith("VACUUM")):
            yield change, "PostgreSQL refuses it inside a transaction, and the migration is atomic."


def _find_second_lock(changes: Sequence[MigrationChange], context: MigrationContext) -> _Found:
    """Find the first change of each table after the first: its lock is waited for with the others in hand."""
    tables: list[str] = []
    for change in changes if context.atomic else ():
        if change.kind in LOCKING and change.table and not context.is_new(change) and change.table not in tables:
            if tables:
                yield (
                    change,
                    f"it waits for a lock on this table, and keeps everyone off {', '.join(tables)} meanwhile.",
                )
            tables.append(change.table)


def _find_mixture(changes: Sequence[MigrationChange], context: MigrationContext) -> _Found:
    """Find the first change of data in a transaction that locks tables as well, one that has rows."""
    locks = [change for change in changes if change.kind in LOCKING and change.table and not context.is_new(change)]
    data = [change for change in changes if change.kind in DATA and not context.is_new(change)]
    if context.atomic and locks and data:
        table = locks[0].table
        yield (
            data[0],
            f"{table} is locked in the same transaction, for as long as this takes or until rows' checks are done.",
        )


def _find_used_value(changes: Sequence[MigrationChange], context: MigrationContext) -> _Found:
    """Find a statement that has in it a value which the same transaction adds to an enumerated type."""
    added: list[str] = []
    for change in changes if context.atomic else ():
        if used := [value for value in added if f"'{value}'" in change.text and change.kind != "add_value"]:
            yield change, f"the transaction adds {used[0]!r} to its type, and can't use it before it ends."
            added.remove(used[0])
        if change.kind == "add_value":
            added.append(change.new)


def _find_nested(changes: Sequence[MigrationChange], context: MigrationContext) -> _Found:
    for change in changes:
        if change.kind == "transact":
            yield change, f"{change.sort} ends or opens what the migrator has around the migration and its record."


def _find_early_validation(changes: Sequence[MigrationChange], context: MigrationContext) -> _Found:
    """Find a constraint that is validated with the lock still in hand under which it was added."""
    added: set[tuple[str, str]] = set()
    for change in changes if context.atomic else ():
        if change.kind == "add_constraint" and change.has("not_valid"):
            added.add((change.table, change.name))
        if change.kind == "validate" and (change.table, change.name) in added and not context.is_new(change):
            yield change, "the lock that adding it took is held while every row is read."


TITLES = {
    "M312": "What runs CONCURRENTLY stands in a transaction",
    "M313": "Several tables are locked in one transaction",
    "M314": "Schema and data change in one transaction",
    "M315": "A new value of a type is used in the transaction that adds it",
    "M316": "SQL begins or ends a transaction",
    "M317": "A constraint is added and validated in one transaction",
}
_RULES: dict[str, tuple[Callable[[Sequence[MigrationChange], MigrationContext], _Found], str]] = {
    "M312": (_find_concurrent, "Set atomic = False, and let the migration do nothing else."),
    "M313": (_find_second_lock, _SPLIT),
    "M314": (_find_mixture, "Change the schema in one migration, the data in the next."),
    "M315": (_find_used_value, "Use the value in a later migration."),
    "M316": (_find_nested, "Leave it out; atomic = False runs each statement by itself."),
    "M317": (_find_early_validation, "Validate in a later migration, or set atomic = False."),
}


def iter_transaction_verdicts(changes: Sequence[MigrationChange], context: MigrationContext) -> Iterator[Verdict]:
    """Yield what is wrong with the changes of one migration as a whole."""
    for id_, (find, hint) in _RULES.items():
        for change, message in find(changes, context):
            yield Verdict(id_, change, message, hint)
