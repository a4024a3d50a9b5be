"""Applies migration operations to one schema of one connection, without any migration file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from types import ModuleType
from typing import Any

from django.apps import apps
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

APP = "lab"


class Lab:
    """A connection and the project state that its operations lead to."""

    def __init__(self, connection: Any, schema: str = "", prefix: str | None = None) -> None:
        self.connection, self.schema = connection, schema
        self.prefix = (f"{schema}." if schema else "") if prefix is None else prefix
        self.states = [ProjectState()]
        self.done: list[Operation] = []

    def t(self, name: str) -> str:
        """Give a table's name in this lab's schema."""
        return f"{self.prefix}{name}"

    def own(self, names: list[str]) -> list[str]:
        """Give those of the names that lie in this lab's schema, without it."""
        return sorted(name.removeprefix(self.prefix) for name in names if name.startswith(self.prefix))

    def rows(self, name: str) -> Any:
        """Give the manager of the historical model, on this lab's connection."""
        return self.get_model(name).objects.using(self.connection.alias)

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Let Django's commands find the models as those of an installed app, inside the block."""
        config = self.states[-1].apps.app_configs[APP]
        config.models_module = ModuleType(APP)
        apps.app_configs[APP], apps.all_models[APP] = config, config.models
        apps.clear_cache()
        try:
            yield
        finally:
            del apps.app_configs[APP], apps.all_models[APP]
            apps.clear_cache()

    def get_model(self, name: str) -> Any:
        """Give the historical model as it is after the last operation."""
        return self.states[-1].apps.get_model(APP, name)

    def forwards(self, *operations: Operation, together: bool = False) -> None:
        """Apply each operation in a schema editor of its own, or all in one."""
        with ExitStack() as stack:
            editor = stack.enter_context(self.connection.schema_editor()) if together else None
            for operation in operations:
                before, after = self.states[-1], self.states[-1].clone()
                operation.state_forwards(APP, after)
                self.run(editor, operation, lambda o, e, b=before, a=after: o.database_forwards(APP, e, b, a))
                self.states.append(after)
                self.done.append(operation)

    def backwards(self, count: int) -> None:
        """Take the last operations back, one by one."""
        for _ in range(count):
            operation, after = self.done.pop(), self.states.pop()
            before = self.states[-1]
            self.run(None, operation, lambda o, e, b=before, a=after: o.database_backwards(APP, e, a, b))

    def run(self, editor: Any, operation: Operation, apply: Callable[[Operation, Any], None]) -> None:
        if editor is not None:
            apply(operation, editor)
            return
        with self.connection.schema_editor(atomic=operation.atomic is not False) as own:
            apply(operation, own)

    def collect(self, operation: Operation) -> list[str]:
        """Give the SQL of the operation without running it, as sqlmigrate does."""
        before, after = self.states[-1], self.states[-1].clone()
        operation.state_forwards(APP, after)
        with self.connection.schema_editor(collect_sql=True) as editor:
            operation.database_forwards(APP, editor, before, after)
        return editor.collected_sql
