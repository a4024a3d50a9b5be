"""Migrated databases in which statements are prepared: kept as long as migrations, models and map stay as they are."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import django
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from freehold import embedded
from freehold.acting.logins import SUPERUSER, close, using_login
from freehold.databases.urls import parse_database_url
from freehold.errors import FreeholdError
from freehold.ownership.lookup import get_directory, get_ownership

PREFIX: Final = "typed_sql_"
_ALIAS: Final = "freehold_typed_sql"
_OWN: Final = "embedded"
_LOCK: Final = 7_105_533_028_115_004_416  # of PostgreSQL, while one is made; any number that is nobody else's
_MADE_OF: Final = ("models.py", "models/**/*.py", "migrations/**/*.py", "migrations/**/*.sql")


@contextmanager
def opening_postgresql() -> Iterator[BaseDatabaseWrapper]:
    """Give a connection to the migrated database, as whoever made it, which may become each service's login."""
    connection = _find_server()
    with _leasing(connection):
        try:
            with using_login(connection, SUPERUSER):
                _make(connection, f"{PREFIX}{make_digest()}")
            with using_login(connection, SUPERUSER):
                connection.ensure_connection()
                yield connection
        finally:
            _forget(connection)


@contextmanager
def _leasing(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Keep the embedded server that is there for this alone while the block lasts, and stop it behind the last one."""
    path = str(connection.settings_dict["OPTIONS"].get("embedded", ""))
    if not connection.alias.endswith(_OWN):
        yield
        return
    with embedded.lease(path):
        yield
    embedded.stop_if_unused(path)


@contextmanager
def opening_sqlite() -> Iterator[BaseDatabaseWrapper]:
    """Give a connection to the migrated file."""
    path = _get_directory() / f"{make_digest()}.db"
    if not path.is_file() or not path.stat().st_size:
        path.parent.mkdir(parents=True, exist_ok=True)
        _make_file(path)
    connection = _open(f"sqlite:///{path}", "sqlite")
    try:
        connection.ensure_connection()
        yield connection
    finally:
        _forget(connection)


def _make_file(path: Path) -> None:
    """Migrate a file and put it in its place at once; those of other digests go."""
    with TemporaryDirectory(dir=path.parent, prefix="new_") as directory:
        scratch = Path(directory) / path.name
        connection = _open(f"sqlite:///{scratch}", "sqlite_new")
        try:
            _migrate(connection)
        finally:
            _forget(connection)
        for old in path.parent.glob("*.db"):
            old.unlink(missing_ok=True)
        scratch.replace(path)


def make_digest() -> str:
    """Give what changes with migrations, models, map and versions."""
    digest = hashlib.sha256(repr((django.VERSION, get_ownership())).encode())
    for config in apps.get_app_configs():
        for path in sorted({path for each in _MADE_OF for path in Path(config.path).glob(each)}):
            digest.update(f"\0{config.label}\0{path.name}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _get_directory() -> Path:
    return get_directory().parent / "var" / "typed_sql"


# --- PostgreSQL ------------------------------------------------------------------------------------------------------
def _find_server() -> BaseDatabaseWrapper:
    """Give the project's own server where databases may be made on it, else an embedded one beside the map."""
    if connections[DEFAULT_DB_ALIAS].vendor == "postgresql":
        connection = _add(deepcopy(connections[DEFAULT_DB_ALIAS].settings_dict), "server")
        with suppress(Error, FreeholdError), using_login(connection, SUPERUSER):
            connection.creation.check_maker()  # type: ignore[attr-defined]  # of this engine's backend
            return connection
        _forget(connection)
    return _open(f"embedded:{_get_directory() / 'postgres'}", _OWN)


def _make(connection: BaseDatabaseWrapper, name: str) -> None:
    """Make the database unless it is there, then point the connection at it. A run at the same time waits."""
    scratch = f"{name}_new"
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_catalog.pg_advisory_lock(%s)", [_LOCK])
        cursor.execute("SELECT datname FROM pg_catalog.pg_database WHERE starts_with(datname, %s)", [PREFIX])
        found = {row[0] for row in cursor.fetchall()}
        if name not in found:
            for old in found:
                cursor.execute(f'DROP DATABASE IF EXISTS "{old}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{scratch}"')
            _fill(connection, scratch)
            cursor.execute(f'ALTER DATABASE "{scratch}" RENAME TO "{name}"')
    _point(connection, name)


def _fill(connection: BaseDatabaseWrapper, name: str) -> None:
    _point(connection, name)
    connection.creation.create_schemas(name)  # type: ignore[attr-defined]  # of this engine's backend
    _migrate(connection)


def _point(connection: BaseDatabaseWrapper, name: str) -> None:
    close(connection)
    connection.settings_dict["NAME"] = name


# --- Both ------------------------------------------------------------------------------------------------------------
def _migrate(connection: BaseDatabaseWrapper) -> None:
    call_command("migrate", database=connection.alias, verbosity=0, skip_checks=True)
    close(connection)


def _open(url: str, name: str) -> BaseDatabaseWrapper:
    ownership = get_ownership()
    login = ownership.combined or (ownership.services[0].login if ownership.services else SUPERUSER)
    entry = parse_database_url(url, base=Path(), schemas=ownership.schema_names, login=login)
    base: dict[str, Any] = deepcopy(connections[DEFAULT_DB_ALIAS].settings_dict)
    for word in ("USER", "PASSWORD", "HOST", "PORT", "SWITCH_LOGIN"):
        base.pop(word, None)
    return _add({**base, "USER": "", "PASSWORD": "", "HOST": "", "PORT": "", **entry}, name)


def _add(entry: dict[str, Any], name: str) -> BaseDatabaseWrapper:
    """Give a connection under an alias of its own: that of the project may be inside a transaction of a test."""
    alias = f"{_ALIAS}_{name}"
    connections.settings[alias] = entry
    with suppress(AttributeError):
        del connections[alias]
    settings.DATABASES.setdefault(alias, entry)
    return connections[alias]


def _forget(connection: BaseDatabaseWrapper) -> None:
    close(connection)
    connections.settings.pop(connection.alias, None)
    settings.DATABASES.pop(connection.alias, None)
    with suppress(AttributeError):
        del connections[connection.alias]
