"""Runs SQL that stands in files beside the migrations: `sql/STEM.up.sql` forwards, `sql/STEM.down.sql` backwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import router
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation, OperationCategory
from django.db.migrations.state import ProjectState

from freehold.errors import MigrationError
from freehold.scripts.pairs import (
    Direction,
    Script,
    ScriptFileError,
    ScriptPair,
    iter_runnable,
    naming_line,
    read_script,
)
from freehold.scripts.sending import iter_messages, send

_FOLDER = "sql"


class RunSQLFiles(Operation):
    """Runs a pair of files, statement by statement. docs/migrations.md says what may stand in them.

    `app` is the label of the app whose migrations they lie beside, `stem` their common name. `state_operations` say
    what they do to the models, so that `makemigrations` sees no difference. `atomic=True` gives them a transaction of
    their own in a migration that has none.
    """

    category = OperationCategory.SQL
    reduces_to_sql = True
    reversible = True

    def __init__(
        self,
        app: str,
        stem: str,
        state_operations: Iterable[Operation] = (),
        *,
        hints: Mapping[str, Any] | None = None,
        elidable: bool = False,
        atomic: bool = False,
    ) -> None:
        self.app, self.stem = app, stem
        self.state_operations = list(state_operations)
        self.hints = dict(hints or {})
        self.elidable = elidable  # type: ignore[misc]  # as in Django's own operations
        self.atomic = atomic  # type: ignore[misc]

    @property
    def pair(self) -> ScriptPair:
        """The files, whether they are there or not."""
        return ScriptPair(_get_folder(self.app), self.stem)

    @property
    def files(self) -> list[Path]:
        """The files that are there, up and down and of every dialect, as absolute paths, sorted."""
        return self.pair.files

    def read(self, direction: Direction, dialect: str) -> Script:
        """Read the file of one direction.

        Raises:
            MigrationError: it is missing or empty.
        """
        try:
            return read_script(self.pair.get(direction, dialect))
        except ScriptFileError as error:
            raise MigrationError(str(error)) from error

    def list_statements_back(self, dialect: str) -> Iterable[str]:
        """Give the SQL of the way down; whoever plans a rollback asks.

        Raises:
            MigrationError: its file is missing or empty.
        """
        return (statement.text for statement in self.read("down", dialect).statements)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        options = {
            name: getattr(self, name)
            for name in ("state_operations", "hints", "elidable", "atomic")
            if getattr(self, name)
        }
        return type(self).__name__, [self.app, self.stem], options

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        for operation in self.state_operations:
            operation.state_forwards(app_label, state)

    def database_forwards(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *states: Any) -> None:
        self.run("up", app_label, schema_editor)

    def database_backwards(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *states: Any) -> None:
        self.run("down", app_label, schema_editor)

    def run(self, direction: Direction, app_label: str, schema_editor: BaseDatabaseSchemaEditor) -> None:
        """Run one of the files.

        Raises:
            MigrationError: it is missing or empty, or the database does not take a statement of it.
        """
        connection = schema_editor.connection
        if not router.allow_migrate(connection.alias, app_label, **self.hints):
            return
        script = self.read(direction, connection.vendor)
        try:
            for message in iter_messages(iter_runnable(script, connection), connection):
                if len(message) > 1 and not schema_editor.collect_sql:
                    send(connection, message, partial(naming_line, script))
                    continue
                for statement, line in message:
                    with naming_line(script, line):
                        schema_editor.execute(statement, params=None)
        except ScriptFileError as error:
            raise MigrationError(str(error)) from error

    def describe(self) -> str:
        return f"Run SQL files {self.stem}"

    @property
    def migration_name_fragment(self) -> str:
        return self.stem.partition("_")[2]


def _get_folder(app: str) -> Path:
    """Give the folder of an app's SQL migrations, which need not exist.

    Raises:
        MigrationError: there is no such app, or it has no migrations.
    """
    if app not in apps.app_configs:
        raise MigrationError(f"there is no app {app!r}, whose migrations SQL files lie beside: correct RunSQLFiles(…)")
    name, _ = MigrationLoader.migrations_module(app)
    if name is None:
        raise MigrationError(f"app {app} has no migrations by settings.MIGRATION_MODULES")
    return Path(next(iter(import_module(name).__path__))).resolve() / _FOLDER
