"""Writes the migrations of a move: from what the migrations say so far, without a database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db.migrations import Migration
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState, ProjectState
from django.db.migrations.utils import get_references, resolve_relation
from django.db.migrations.writer import MigrationWriter

from freehold.errors import MigrationError
from freehold.operations.tables.operations import MoveTable, RemoveOldName
from freehold.ownership import Ownership, Schema
from freehold.ownership.spelling import split_name

_Key = tuple[str, str]
_LOCK_TIMEOUT = (
    "400ms"  # less than deadlock_timeout's second: whoever waits the other way round is not the one that ends
)
_TEMPLATE = '''"""{title}."""

from django.db import migrations

from freehold.operations import {operation}


class Migration(migrations.Migration):
    # Whoever uses the table waits behind this one: no longer than so, then it stands back and tries again.
    lock_timeout = "{lock_timeout}"

    dependencies = [
{dependencies}
    ]

    operations = [
        {operation}({arguments}),
    ]
'''


@dataclass(frozen=True)
class Draft:
    """A migration of an app that is to be written."""

    app: str
    path: Path
    text: str


class Drafter:
    """Knows the project's migrations and its map."""

    def __init__(self, ownership: Ownership) -> None:
        self.ownership = ownership
        self.loader = MigrationLoader(None, ignore_no_migrations=True)
        if conflicts := self.loader.detect_conflicts():
            names = "; ".join(f"{app}: {', '.join(names)}" for app, names in sorted(conflicts.items()))
            raise MigrationError(f"two migrations are the last of one app ({names}): makemigrations --merge first")
        self.state: ProjectState = self.loader.project_state()

    # --- A move ----------------------------------------------------------------------------------------------------
    def draft_move(self, old: str, new: str, *, app: str = "", view: bool = True) -> Draft:
        """Give the migration that moves a table.

        Raises:
            MigrationError: no model has the table, the new name is taken, or the map lacks a schema or an app for it.
        """
        _, target = self.get_schema(old), self.get_schema(new)
        model = self.get_model(old)
        if taken := self.find_model(new):
            raise MigrationError(
                f"{old} can't become {new}, which is the table of {taken.app_label}.{taken.name} already"
            )
        app = app or self.choose_app(model, new, target)
        self.check_app(app, target, new)
        if app != model.app_label and (app, model.name_lower) in self.state.models:
            raise MigrationError(f"the app {app} has a model {model.name} already: rename one of them first")
        options = f'model="{model.app_label}.{model.name}"' + ("" if view else ", view=False")
        arguments = f'"{old}", "{new}", {options}'
        return self.draft(
            app, "MoveTable", arguments, f"Move {old} to {new}", f"move_{old}", self.list_concerned(model)
        )

    def get_schema(self, table: str) -> Schema:
        """Give the schema of a table's name."""
        schema, bare = split_name(table, self.ownership.schema_names)
        found = self.ownership.find_schema(schema)
        if found is None or "." in bare:
            known = ", ".join(self.ownership.schema_names)
            raise MigrationError(f"{table!r} names no table of the map's: write schema.table with one of {known}")
        if found.external:
            raise MigrationError(f"{table} lies in {schema}, which is external: its own tool moves its tables")
        return found

    def get_model(self, table: str) -> ModelState:
        """Give the model of a table."""
        model = self.find_model(table)
        if model is None:
            raise MigrationError(f"no migration makes {table}: name a table as its model's db_table does")
        return model

    def find_model(self, table: str) -> ModelState | None:
        """Give the model whose table it is after all migrations, or None."""
        models = self.state.models.values()
        return next((each for each in models if each.options.get("db_table") == table), None)

    def choose_app(self, model: ModelState, new: str, target: Schema) -> str:
        """Give the app that the model goes to: the one whose code has it there already, its own, or the only one."""
        for config in apps.get_app_configs():
            if any(each._meta.db_table == new and each._meta.managed for each in config.get_models()):
                return config.label
        if model.app_label in target.apps:
            return model.app_label
        if len(target.apps) == 1:
            return target.apps[0]
        known = ", ".join(target.apps) or "none"
        raise MigrationError(f"which app does {new} go to? Schema {target.name} has {known}: name one with --app")

    def check_app(self, app: str, target: Schema, new: str) -> None:
        """Refuse an app that is not of the schema."""
        if app not in target.apps or app not in apps.app_configs:
            known = ", ".join(target.apps) or "none"
            raise MigrationError(
                f"{new} lies in {target.name}, which has no installed app {app!r}: name one of {known}"
            )

    def list_concerned(self, model: ModelState) -> list[str]:
        """Give the apps whose migrations come first: the model's own, and those with relations to it or from it."""
        key = (model.app_label, model.name_lower)
        labels = {model.app_label, *(each.app_label for each, *_ in get_references(self.state, key))}
        for each in model.fields.values():
            related = getattr(each.remote_field, "model", None) if each.remote_field else None
            if related:
                labels.add(resolve_relation(related, *key)[0])
        return sorted(labels)

    # --- Its end ---------------------------------------------------------------------------------------------------
    def draft_end(self, old: str, new: str) -> Draft:
        """Give the migration that drops the view.

        Raises:
            MigrationError: no migration made one, or another drops it.
        """
        operations = list(self.iter_operations())
        if any(isinstance(each, RemoveOldName) and (each.old, each.new) == (old, new) for _, each in operations):
            raise MigrationError(f"a migration drops the view {old} already: run manage.py migrate")
        for migration, each in operations:
            if isinstance(each, MoveTable) and (each.old, each.new, each.view) == (old, new, True):
                title = f"Drop the view {old}, the old name of {new}"
                return self.draft(migration.app_label, "RemoveOldName", f'"{old}", "{new}"', title, f"remove_{old}", [])
        raise MigrationError(f"no migration moves {old} to {new} and leaves a view: there is nothing to finish")

    def iter_operations(self) -> Iterator[tuple[Migration, Any]]:
        """Yield each operation of each migration."""
        for migration in self.loader.disk_migrations.values():
            yield from ((migration, operation) for operation in migration.operations)

    # --- The file --------------------------------------------------------------------------------------------------
    def draft(self, app: str, operation: str, arguments: str, title: str, name: str, concerned: list[str]) -> Draft:
        """Give the file of a migration that comes after all others of its app and of those concerned."""
        leaves = [leaf for label in dict.fromkeys([*concerned, app]) for leaf in self.loader.graph.leaf_nodes(label)]
        last = max((name for label, name in leaves if label == app), default="")
        number = (MigrationAutodetector.parse_number(last) or 0) + 1
        migration = Migration(f"{number:04}_{name.replace('.', '_')}", app)
        text = _TEMPLATE.format(
            title=title,
            operation=operation,
            arguments=arguments,
            lock_timeout=_LOCK_TIMEOUT,
            dependencies="\n".join(f'        ("{label}", "{name}"),' for label, name in leaves),
        )
        return Draft(app, Path(MigrationWriter(migration).path), text)
