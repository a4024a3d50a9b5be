"""The operations of migrations at any depth, and whether their ways down are there: before anything is done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import RunSQL
from django.db.migrations.operations.base import Operation

from freehold.errors import MigrationError
from freehold.history.edits import PACKAGES
from freehold.history.journal import find_file
from freehold.lexer import ScriptError
from freehold.scripts.cutting import list_statements
from freehold.scripts.pairs import NOTHING

ENGINE = "freehold"  # its tables hold the history, which a rollback writes
_Key = tuple[str, str]
_Plan = Sequence[tuple[Migration, bool]]


def iter_operations(operations: Iterable[Operation], *, with_state: bool = False) -> Iterator[Operation]:
    """Yield operations and those inside them, as SeparateDatabaseAndState has them; with `with_state` what is only told
    to the models too."""
    for operation in operations:
        parts: Any = operation
        yield operation
        yield from iter_operations(getattr(parts, "database_operations", ()), with_state=with_state)
        if with_state:
            yield from iter_operations(getattr(parts, "state_operations", None) or (), with_state=True)


def list_statements_back(operation: Any, dialect: str) -> Iterable[str]:
    """Give the SQL that an operation has of its own for its way down, as it is written; of one that is for another
    dialect (RunPostgreSQL) nothing.

    Raises:
        MigrationError: its file is missing or empty.
    """
    if read := getattr(operation, "list_statements_back", None):  # as RunSQLFiles has it
        found: Iterable[str] = read(dialect)
        return found
    is_meant = getattr(operation, "vendor", dialect) == dialect
    return _list_texts(getattr(operation, "reverse_sql", None)) if is_meant else []


def _list_texts(sql: Any) -> list[str]:
    """Give the texts of what RunSQL takes: one, or a list of them, each maybe with its parameters."""
    if isinstance(sql, str):
        return [sql]
    return [each if isinstance(each, str) else str(each[0]) for each in sql or []]


def check_ways_down(executor: MigrationExecutor, plan: _Plan, dialect: str) -> None:
    """Refuse a plan that takes back what has no way back, or applies what would have none though it says so.

    Raises:
        MigrationError: an operation on the way back has none, or the file of it is missing or empty; a migration that
            was applied later has no file; of what is to be applied an operation's way down is empty.
    """
    check_files(executor, plan)
    for migration, backwards in plan:
        check = check_reversible if backwards else check_written
        for operation in iter_operations(migration.operations) if backwards or is_own(migration) else ():
            check(migration, operation, dialect)


def check_reversible(migration: Migration, operation: Operation, dialect: str) -> None:
    list_statements_back(operation, dialect)
    if not operation.reversible:
        raise MigrationError(
            f"migration {migration.app_label}.{migration.name} has no way back: {operation.describe()}; nothing was "
            f"changed. Give the operation its reverse, or write a migration that undoes it"
        )


# --- Empty ways down -------------------------------------------------------------------------------------------------
def is_own(migration: Migration) -> bool:
    """Tell whether the migration is the project's, who can correct it, and no library's."""
    path = find_file(migration)
    return path is not None and not PACKAGES.intersection(path.parts)


def check_written(migration: Migration, operation: Any, dialect: str) -> None:
    if hasattr(operation, "list_statements_back"):  # as RunSQLFiles has it
        operation.read("down", dialect)  # which refuses a file that is missing or empty
        return
    back = getattr(operation, "reverse_sql", None)
    if back is None or _is_deliberate(back) or not _is_empty(back) or _is_empty(operation.sql):
        return
    raise MigrationError(
        f"migration {migration.app_label}.{migration.name}: the way down of {operation.describe()} holds no statement, "
        f"and a rollback would leave what the way up did; nothing was applied. Write it; where there is nothing to "
        f"undo, say migrations.RunSQL.noop; where there is no way back, leave reverse_sql out"
    )


def _is_deliberate(back: Any) -> bool:
    """Tell whether someone says that there is nothing to undo: by RunSQL.noop, or with the reason in a comment."""
    return back == RunSQL.noop or any(text == RunSQL.noop or NOTHING.search(text) for text in _list_texts(back))


def _is_empty(sql: Any) -> bool:
    """Tell whether SQL has no statement; what can't be read has some."""
    try:
        return not any(list_statements(text) for text in _list_texts(sql))
    except ScriptError:
        return False


# --- Files -----------------------------------------------------------------------------------------------------------
def check_files(executor: MigrationExecutor, plan: _Plan) -> None:
    """Refuse to take back what an applied migration that has no file may stand on: any that was applied before it."""
    going = {key for migration, backwards in plan if backwards for key in _list_keys(migration)}
    if not going:
        return
    rows = list(executor.recorder.migration_qs.order_by("id").values_list("app", "name"))
    first = next((place for place, key in enumerate(rows) if key in going), len(rows))
    known = {key for migration in executor.loader.disk_migrations.values() for key in _list_keys(migration)}
    for key in reversed(rows[first:]):
        if key not in known and (key[0] != ENGINE or any(app == ENGINE for app, _ in going)):
            raise miss_file(executor.loader, key)


def _list_keys(migration: Migration) -> list[_Key]:
    """Give the migration, and what it replaces."""
    return [(migration.app_label, migration.name), *((app, name) for app, name in migration.replaces)]


def miss_file(loader: MigrationLoader, key: _Key) -> MigrationError:
    """Give the error about an applied migration that has no file."""
    prune = f", or where it is gone for good, run migrate {key[0]} --prune" if key[0] in loader.migrated_apps else ""
    return MigrationError(
        f"migration {key[0]}.{key[1]} is applied and has no file here, so that nobody knows its way back, nor what it "
        f"stands on; nothing was changed: check out the release that has it{prune}"
    )
