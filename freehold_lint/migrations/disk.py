"""The migrations of a project as they lie there: no database is asked what is applied."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management.base import CommandError
from django.db.migrations import Migration
from django.db.migrations.exceptions import (
    AmbiguityError,
    BadMigrationError,
    CircularDependencyError,
    NodeNotFoundError,
)
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation

from freehold.findings import LookError
from freehold_lint.texts import get_path, iter_operations

Key = tuple[str, str]  # app and name
_BASELINE = "MIGRATION_LINT_BASELINE"


@dataclass(frozen=True)
class DiskMigrations:
    """Django's loader, and its migrations in the order in which a new database would get them."""

    loader: MigrationLoader
    plan: tuple[Key, ...]

    def get(self, key: Key) -> Migration:
        """Give a migration."""
        return self.loader.graph.nodes[key]  # type: ignore[no-any-return]

    def get_path(self, key: Key) -> Path:
        """Give a migration's file."""
        return get_path(self.get(key))

    def list_ancestors(self, key: Key) -> set[Key]:
        """Give all that comes before a migration, and itself."""
        return set(self.loader.graph.forwards_plan(key))

    def find(self, app: str, prefix: str) -> Key:
        """Give the migration of an app whose name begins so.

        Raises:
            LookError: there is none, or several.
        """
        try:
            found = self.loader.get_migration_by_prefix(app, prefix)
            return found.app_label, found.name
        except KeyError:
            raise LookError(
                f"app {app!r} has no migration {prefix!r}: `manage.py showmigrations {app}` lists them"
            ) from None
        except AmbiguityError:
            raise LookError(
                f"several migrations of app {app!r} begin with {prefix!r}: write more of the name"
            ) from None


def load() -> DiskMigrations:
    """Give the project's migrations.

    Raises:
        LookError: they can't be put in an order.
    """
    try:
        loader = MigrationLoader(None)
        plan: dict[Key, None] = {}
        for leaf in sorted(loader.graph.leaf_nodes()):
            plan |= dict.fromkeys(loader.graph.forwards_plan(leaf))
    except (NodeNotFoundError, CircularDependencyError, BadMigrationError, CommandError) as error:
        raise LookError(f"the migrations can't be read: {' '.join(str(error).split())}") from error
    return DiskMigrations(loader, tuple(plan))


def get_root() -> Path:
    """Give the directory of the project."""
    return Path(getattr(settings, "BASE_DIR", "") or Path.cwd()).resolve()


def _is_own(path: Path) -> bool:
    """Tell whether a file is the project's, and not one of a package that is installed."""
    return path.is_relative_to(get_root()) and "site-packages" not in path.parts


# --- Which ones are judged ---------------------------------------------------------------------------------------
def choose(migrations: DiskMigrations, app: str, names: Collection[str]) -> set[Key]:
    """Give the migrations to judge: those named, or an app's, or the project's own; less those up to the baseline.

    Raises:
        LookError: there is no such app or migration.
    """
    if app:
        _check_app(migrations, app)
        named = {migrations.find(app, name) for name in names}
        return named or {key for key in migrations.plan if key[0] == app}
    own = {key for key in migrations.plan if _is_own(migrations.get_path(key))}
    return own - set(_iter_exempt(migrations))


def _check_app(migrations: DiskMigrations, app: str) -> None:
    """Do nothing where the app has migrations.

    Raises:
        LookError: it has none, or is not installed.
    """
    if app not in apps.app_configs:
        raise LookError(f"there is no app {app!r}: write the label of an installed one")
    if app not in migrations.loader.migrated_apps:
        raise LookError(f"app {app!r} has no migrations")


def _iter_exempt(migrations: DiskMigrations) -> Iterator[Key]:
    """Yield the migrations of each app up to the one that settings.MIGRATION_LINT_BASELINE names.

    Raises:
        LookError: it names one that there is not.
    """
    baseline: dict[str, str] = getattr(settings, _BASELINE, {})
    for app, name in baseline.items():
        if (app, name) not in migrations.loader.graph.nodes:
            raise LookError(
                f"settings.{_BASELINE} names {app}.{name}, and there is no such migration: name the last exempt one"
            )
        yield from (key for key in migrations.list_ancestors((app, name)) if key[0] == app)


def list_files(operations: Iterable[Operation]) -> list[Path]:
    """Give the files of SQL that operations run or could run."""
    return [Path(each) for operation in iter_operations(operations) for each in getattr(operation, "files", ())]
