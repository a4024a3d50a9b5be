"""Where SQL stands in a project: files under `sql/`, migrations, and constants that Python code hands to a cursor."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import AppConfig, apps
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation

from freehold.authoring.order import find_chain, list_own_apps
from freehold.ownership import Ownership
from freehold.scripts.pairs import NAME, ScriptFileError, read_text

_SUBQUERY = re.compile(r"\(\{\w+\}\)")  # where another file of SQL is put in
_SENT_BY = ("execute", "executemany", "raw")  # methods whose first argument is SQL


@dataclass(frozen=True)
class Source:
    """SQL of an app. `line` (from 1) is where `text` begins in the file at `path`; `is_migration`: it runs as the owner
    of the app's schema, anything else as its service. `is_sqlite`: PostgreSQL need not understand it."""

    app: str
    path: Path
    line: int
    text: str
    is_migration: bool = False
    is_sqlite: bool = False


def iter_sources(ownership: Ownership) -> Iterator[Source]:
    """Yield the SQL of each installed app that the map lists under `apps`, sorted by its file."""
    migrations = load_migrations()
    for config in map(apps.get_app_config, list_own_apps(ownership)):
        yield from iter_files(config)
        yield from _iter_pairs(config)
        yield from iter_constants(config)
        yield from _iter_migrations(config, migrations)


# --- Files -------------------------------------------------------------------------------------------------------
def list_files(config: AppConfig, pattern: str) -> list[Path]:
    """Give the files of an app, sorted; what lies in an app inside of it is that one's."""
    root = Path(config.path)
    inside = [Path(other.path) for other in apps.get_app_configs() if root in Path(other.path).parents]
    found = sorted(root.rglob(pattern))
    return [path for path in found if not any(path.is_relative_to(each) for each in inside)]


def iter_files(config: AppConfig) -> Iterator[Source]:
    """Yield each file of SQL in a directory `sql` of the app."""
    pairs = {path for _, path in iter_pair_files(config)}
    for path in list_files(config, "*.sql"):
        if "sql" in path.relative_to(config.path).parts[:-1] and path not in pairs:
            text = _SUBQUERY.sub("(SELECT)", path.read_text(encoding="utf-8"))
            yield Source(config.label, path, 1, text, is_sqlite="sqlite" in path.stem or "sqlite" in path.parent.name)


# --- Pairs of files --------------------------------------------------------------------------------------------------
def list_pair_folders(config: AppConfig) -> list[Path]:
    """Give where pairs of an app lie: those of its migrations, then those of its seeds."""
    chain = find_chain(config.label) if config.label in apps.app_configs else None
    migrations = chain.directory if chain else Path(config.path) / "migrations"
    return [migrations / "sql", Path(config.path) / "seeds"]


def iter_pair_files(config: AppConfig) -> Iterator[tuple[str, Path]]:
    """Yield each file of a pair with its dialect, which is empty for both."""
    for folder in list_pair_folders(config):
        for path in sorted(folder.glob("*.sql")):
            if found := NAME.fullmatch(path.name):
                yield found["dialect"] or "", path


def _iter_pairs(config: AppConfig) -> Iterator[Source]:
    """Yield the SQL of each file of a pair; one that can't be read is L078's to report."""
    for dialect, path in iter_pair_files(config):
        with suppress(ScriptFileError):
            yield Source(config.label, path, 1, read_text(path), is_migration=True, is_sqlite=dialect == "sqlite")


# --- Python code -------------------------------------------------------------------------------------------------
def iter_constants(config: AppConfig) -> Iterator[Source]:
    """Yield each constant text that is handed to a method such as `execute`, written there or named in the module."""
    for path in list_files(config, "*.py"):
        inside = path.relative_to(config.path).parts
        if "migrations" not in inside:
            tree = ast.parse(path.read_text(encoding="utf-8-sig"))
            is_sqlite = any("sqlite" in part for part in inside)
            for node in _list_sent(tree):
                yield Source(config.label, path, node.lineno, str(node.value), is_sqlite=is_sqlite)


def _list_sent(tree: ast.Module) -> list[ast.Constant]:
    named = dict(_iter_named(tree))
    calls = [
        node.args[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in _SENT_BY
        and node.args
    ]
    found = [named.get(node.id) if isinstance(node, ast.Name) else node for node in calls]
    return [node for node in found if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def _iter_named(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, node.value
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            yield node.target.id, node.value


# --- Migrations --------------------------------------------------------------------------------------------------
def load_migrations() -> dict[tuple[str, str], Migration]:
    """Give the migrations of all apps as they lie there, by app and name, sorted; their order is not looked at."""
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    return dict(sorted(loader.disk_migrations.items()))


def get_path(migration: Migration) -> Path:
    """Give a migration's file."""
    return Path(inspect.getfile(type(migration))).resolve()


def _iter_migrations(config: AppConfig, migrations: Mapping[tuple[str, str], Migration]) -> Iterator[Source]:
    for (label, _), migration in migrations.items():
        if label == config.label:
            path = get_path(migration)
            for text in dict.fromkeys(iter_operation_texts(migration.operations)):
                yield Source(label, path, _find_line(path, text), text, is_migration=True)


def iter_operations(operations: Iterable[Operation]) -> Iterator[Operation]:
    """Yield the operations that a database sees, those inside others too."""
    for operation in operations:
        inner = getattr(operation, "database_operations", None)
        yield from [operation] if inner is None else iter_operations(inner)


def iter_operation_texts(operations: Iterable[Operation]) -> Iterator[str]:
    """Yield the SQL of RunSQL, and of any operation that keeps its own under the same names; not what runs on SQLite
    alone."""
    for operation in iter_operations(operations):
        if getattr(operation, "vendor", "") != "sqlite":
            for name in ("sql", "reverse_sql"):
                yield from iter_texts(getattr(operation, name, ""))


def iter_texts(statements: Any) -> Iterator[str]:
    """Yield the statements in a text, or in a list of texts and of pairs of a text and its parameters."""
    if isinstance(statements, str):
        yield from filter(str.strip, [statements])
    elif isinstance(statements, list | tuple):
        for each in statements:
            yield from iter_texts(each[0] if isinstance(each, list | tuple) else each)


def _find_line(path: Path, text: str) -> int:
    """Give the line of the file that the text begins in; 1 where it is put together elsewhere."""
    first = next(line.strip() for line in text.splitlines() if line.strip())
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    return next((number for number, line in enumerate(lines, 1) if first in line), 1)
