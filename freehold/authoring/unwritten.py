"""What the models of an app have and its migrations do not yet: the state operations of a migration written in SQL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.questioner import MigrationQuestioner
from django.db.migrations.state import ProjectState
from django.db.models import NOT_PROVIDED

from freehold.errors import MigrationError


@dataclass(frozen=True)
class Unwritten:
    """Operations that no migration has, and what they depend on in other apps, as pairs of app and name."""

    operations: tuple[Operation, ...] = ()
    dependencies: tuple[Any, ...] = ()


class _SilentQuestioner(MigrationQuestioner):
    """Asks nobody: rows get their values from the SQL, so that the state needs no default for once."""

    def ask_not_null_addition(self, field_name: str, model_name: str) -> Any:
        """Give no default."""
        return NOT_PROVIDED

    def ask_not_null_alteration(self, field_name: str, model_name: str) -> Any:
        """Give no default."""
        return NOT_PROVIDED

    def ask_auto_now_add_addition(self, field_name: str, model_name: str) -> Any:
        """Give no default."""
        return NOT_PROVIDED


def find_unwritten(app: str) -> Unwritten:
    """Give what `makemigrations` would write for the app.

    Raises:
        MigrationError: it needs a migration of another app that is not written either.
    """
    loader = MigrationLoader(None, ignore_no_migrations=True)
    questioner = _SilentQuestioner(specified_apps={app})
    detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps), questioner)
    changes = detector.changes(graph=loader.graph, trim_to_apps={app}, convert_apps={app})
    if others := sorted(set(changes) - {app}):
        raise MigrationError(
            f"what changed in app {app} needs changes of {', '.join(others)} that no migration has: run `manage.py "
            f"makemigrations {' '.join(others)}` first"
        )
    migrations = changes.get(app, [])
    operations = tuple(operation for migration in migrations for operation in migration.operations)
    dependencies = [each for migration in migrations for each in migration.dependencies if each[0] != app]
    return Unwritten(operations, tuple(dict.fromkeys(dependencies)))
