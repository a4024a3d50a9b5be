"""What a rule about migrations is, and what it knows besides the change that it judges."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from django.apps.registry import Apps
from django.db.migrations.state import ProjectState

from freehold_lint.migrations.vocabulary import ChangeKind, MigrationChange, normalise

_SYSTEM = ("ctid", "tableoid", "xmin", "cmin", "xmax", "cmax")  # columns of each table that are never NULL
_Shared = Mapping[tuple[str, str], frozenset[str]]  # consumers by table and column; a function's column is "()"


@dataclass
class Running:
    """The tables and columns that the running release knows: its models after the migrations that it came with."""

    state: ProjectState

    @cached_property
    def columns(self) -> dict[str, frozenset[str]]:
        """The columns of each table."""
        apps: Apps = self.state.apps
        return {
            normalise(model._meta.db_table): frozenset(str(each.column) for each in model._meta.local_concrete_fields)
            for model in apps.get_models(include_auto_created=True)
            if not model._meta.proxy
        }

    @cached_property
    def required(self) -> frozenset[tuple[str, str]]:
        """The columns, by table, that are not NULL by the models."""
        return frozenset(
            (normalise(model._meta.db_table), str(each.column))
            for model in self.state.apps.get_models(include_auto_created=True)
            for each in model._meta.local_concrete_fields
            if not each.null
        )

    def knows(self, table: str, column: str = "") -> bool | None:
        """Tell whether it reads and writes the table or the column; None where no model has the table."""
        if table not in self.columns:
            return None
        return not column or column in self.columns[table]


@dataclass
class MigrationContext:
    """What a migration meets. `new` are the tables that no running release has, and that hold no rows; `proven` are
    columns, by table, that a valid constraint keeps from being NULL; `checked` are tables with a valid check."""

    label: str
    atomic: bool
    running: Running
    shared: _Shared = field(default_factory=dict)
    new: set[str] = field(default_factory=set)
    proven: set[tuple[str, str]] = field(default_factory=set)
    checked: set[str] = field(default_factory=set)

    def is_new(self, change: MigrationChange) -> bool:
        """Tell whether the change is about a table that is new."""
        return bool(change.table) and change.table in self.new

    def is_unbounded(self, change: MigrationChange) -> bool:
        """Tell whether rows are changed or deleted whatever they hold."""
        if not change.has("where"):
            return True
        known = self.running.required | self.proven
        return change.has("vain") and all(
            (change.table, column) in known or column in _SYSTEM for column in change.columns
        )

    def list_consumers(self, table: str, column: str = "") -> list[str]:
        """Give who uses the column by contract, or any of the table's."""
        found = (names for (there, name), names in self.shared.items() if there == table and column in ("", name))
        return sorted({name for names in found for name in names})


Judge = Callable[[MigrationChange, MigrationContext], str]


@dataclass(frozen=True)
class ChangeRule:
    """A rule about changes of some kinds. `judge` says what is wrong with one, '' where nothing is. Changes to tables
    that are new are not judged, unless `spares_new` is False."""

    id: str
    title: str
    kinds: tuple[ChangeKind, ...]
    judge: Judge
    hint: str
    spares_new: bool = True

    def find_fault(self, change: MigrationChange, context: MigrationContext) -> str:
        """Give what is wrong, or ''."""
        if change.kind not in self.kinds or (self.spares_new and context.is_new(change)):
            return ""
        return self.judge(change, context)


@dataclass(frozen=True)
class Verdict:
    """Something that a rule found in a change."""

    rule: str
    change: MigrationChange
    message: str
    hint: str


def say(message: str, *, when: Callable[[MigrationChange], bool] = lambda change: True) -> Judge:
    """Give a judge that says the same of every change of which `when` holds. `{0}` in the text is the change."""
    return lambda change, context: message.format(change) if when(change) else ""


def iter_verdicts(
    rules: tuple[ChangeRule, ...], change: MigrationChange, context: MigrationContext
) -> Iterator[Verdict]:
    """Yield what the rules find in one change."""
    for rule in rules:
        if message := rule.find_fault(change, context):
            yield Verdict(rule.id, change, message, rule.hint)
