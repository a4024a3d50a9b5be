"""Holds what a migration does against the rules, one change after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from freehold_lint.migrations.change_rules import MigrationContext, Verdict, iter_verdicts
from freehold_lint.migrations.titles import RULES
from freehold_lint.migrations.transaction_rules import iter_transaction_verdicts
from freehold_lint.migrations.vocabulary import MigrationChange

_Column = tuple[str, str]  # table and column


@dataclass
class Proofs:
    """What is known of columns that are not NULL, from the first migration on.

    `checks` are constraints that say so, by table and name; `valid` are columns of which one holds that was looked
    into; `required` are those that are NOT NULL since; `checked` are tables with a check that was looked into.
    """

    checks: dict[tuple[str, str], frozenset[_Column]] = field(default_factory=dict)
    valid: set[_Column] = field(default_factory=set)
    required: set[_Column] = field(default_factory=set)
    checked: set[str] = field(default_factory=set)

    def learn(self, change: MigrationChange) -> None:
        """Note what a change says of columns."""
        name = (change.table, change.name)
        if change.kind == "validate" or (change.sort == "check" and not change.has("not_valid")):
            self.checked.add(change.table)
        if change.kind == "add_constraint" and change.columns and change.sort in ("check", "not null"):
            self.checks[name] = frozenset((change.table, column) for column in change.columns)
            self.valid |= set() if change.has("not_valid") else self.checks[name]
        elif change.kind == "prove":
            self.checks[name] = frozenset((change.table, column) for column in change.columns)
            self.valid |= self.checks[name]
        elif change.kind == "validate":
            self.valid |= self.checks.get(name, frozenset())
        elif change.kind == "set_not_null":
            self.required.add(name)

    def is_redundant(self, change: MigrationChange) -> bool:
        """Tell whether a constraint is dropped that says what NOT NULL says by now."""
        columns = self.checks.get((change.table, change.name))
        return change.kind == "drop_constraint" and bool(columns) and columns <= self.required  # type: ignore[operator]


def judge(changes: Sequence[MigrationChange], context: MigrationContext, proofs: Proofs) -> list[Verdict]:
    """Give what is wrong with a migration's changes; `scene` learns which tables are new, `proofs` goes along."""
    known = [_mark_replaced(change, changes[number + 1 :]) for number, change in enumerate(changes)]
    verdicts = [verdict for change in known for verdict in _judge_change(change, context, proofs)]
    return [*verdicts, *iter_transaction_verdicts(changes, context)]


def _mark_replaced(change: MigrationChange, later: Sequence[MigrationChange]) -> MigrationChange:
    """Give a change that drops a constraint with a flag, where one of that name is added later on."""
    names = ((each.table, each.name) for each in later if each.kind == "add_constraint")
    if change.kind == "drop_constraint" and change.name and (change.table, change.name) in names:
        return replace(change, flags=change.flags | {"replaced"})
    return change


def _judge_change(change: MigrationChange, context: MigrationContext, proofs: Proofs) -> Iterator[Verdict]:
    """Yield what is wrong with one change, by what was before it; then let it count."""
    context.proven, context.checked = proofs.valid, proofs.checked
    if not proofs.is_redundant(change):
        yield from iter_verdicts(RULES, change, context)
    proofs.learn(change)
    if change.kind == "create_table":
        context.new.add(change.table)
    elif change.kind == "rename_table" and context.is_new(change):
        context.new.add(change.new)
