"""What models ask of their tables, in the terms of the catalogue: columns and targets, and names that someone chose.

A name that Django made tells nothing: a column that was renamed keeps its constraints under their old names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import router
from django.db.models import NOT_PROVIDED, Model
from django.db.models.fields import AutoFieldMixin

from freehold.ownership.spelling import split_name

if TYPE_CHECKING:
    from freehold.backends.postgresql.base import DatabaseWrapper

TableName = tuple[str, str]  # schema, bare name


@dataclass
class Expectation:
    """What the models of one table ask for. Primary keys are not looked at."""

    model: type[Model]
    names: set[str] = field(default_factory=set)  # in Meta.indexes and Meta.constraints
    uniques: set[frozenset[str]] = field(default_factory=set)
    indexed: set[str] = field(default_factory=set)
    patterns: set[str] = field(default_factory=set)  # columns with an index for LIKE
    checked: set[str] = field(default_factory=set)
    keys: dict[str, TableName] = field(default_factory=dict)  # what the foreign key on a column points at
    counted: set[str] = field(default_factory=set)  # columns that a sequence fills
    fields: dict[str, Any] = field(default_factory=dict)  # by column

    def add_field(self, each: Any, connection: DatabaseWrapper) -> None:
        column = str(each.column)
        self.fields[column] = each
        if each.unique and not each.primary_key:
            self.uniques.add(frozenset([column]))
        elif each.db_index and not each.unique:
            self.indexed.add(column)
        if each.unique or each.db_index:
            self.patterns.add(column)
        if each.db_parameters(connection=connection)["check"]:
            self.checked.add(column)
        if isinstance(each, AutoFieldMixin) or each.db_default is not NOT_PROVIDED:
            self.counted.add(column)
        if each.remote_field and getattr(each, "db_constraint", False):
            self.keys[column] = split_name(each.remote_field.model._meta.db_table, connection.schemas)

    def add_meta(self, model: type[Model]) -> None:
        columns = {each.name: str(each.column) for each in model._meta.local_fields if each.column}
        self.names.update(each.name for each in (*model._meta.indexes, *model._meta.constraints))
        self.uniques.update(
            frozenset(columns[name] for name in names)
            for names in model._meta.unique_together
            if columns.keys() >= set(names)  # a migration may have removed a field, and not this
        )


def build_expectations(models: Iterable[type[Model]], connection: DatabaseWrapper) -> dict[TableName, Expectation]:
    """Give what the models ask of each table in a known schema; unmanaged ones and proxies ask for nothing."""
    expectations: dict[TableName, Expectation] = {}
    for model in models:
        options = model._meta
        table = split_name(options.db_table, connection.schemas)
        if (
            not table[0]
            or not options.can_migrate(connection)
            or not router.allow_migrate_model(connection.alias, model)
        ):
            continue
        expectation = expectations.setdefault(table, Expectation(model))
        expectation.add_meta(model)
        for each in options.local_concrete_fields:
            expectation.add_field(each, connection)
    return expectations


@dataclass
class Made:
    """What an app's migrations ever made: names of indexes and constraints, and fields that count by themselves."""

    names: set[str] = field(default_factory=set)
    counted: set[str] = field(default_factory=set)

    def add(self, operation: Any) -> None:
        """Add what an operation made, or one inside it."""
        options = getattr(operation, "options", {})
        made = (getattr(operation, "index", None), getattr(operation, "constraint", None))
        for each in (*made, *options.get("indexes", ()), *options.get("constraints", ())):
            if each is not None:
                self.names.add(each.name)
        self.names.update(name for name in (getattr(operation, "old_name", None),) if name)
        for name, each in (*getattr(operation, "fields", ()), (getattr(operation, "name", ""), operation)):
            if isinstance(getattr(each, "field", each), AutoFieldMixin):
                self.counted.add(name)
        for each in (*getattr(operation, "database_operations", ()), *getattr(operation, "state_operations", ())):
            self.add(each)


def list_made(migrations: Iterable[Any]) -> dict[str, Made]:
    made: dict[str, Made] = defaultdict(Made)
    for migration in migrations:
        for operation in migration.operations:
            made[migration.app_label].add(operation)
    return made
