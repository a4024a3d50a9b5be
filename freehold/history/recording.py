"""Writes down what was done to a database: every migration and seed, up and down, in `public.migration_history`."""

from __future__ import annotations

import getpass
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from freehold.acting import get_acting

if TYPE_CHECKING:
    from freehold.models import MigrationHistory

_COMMIT_DIGITS = 12
_LATER = ("account", "checksum_before", "reason", "link", "sources", "structure")  # from freehold.0004 on


def record(*, is_old: bool = False, using: str = DEFAULT_DB_ALIAS, owner_role: str = "", **columns: Any) -> None:
    """Add a row with these columns of `MigrationHistory`, in the transaction at hand.

    Login, account and code version are found here. `is_old` says that the table has not got the `_LATER` columns. On
    PostgreSQL the table belongs to the migrator, so that whoever acts as an owner gives that role back first.
    """
    from freehold.models import MigrationHistory  # apps that are not loaded yet import this module

    connection = connections[using]
    row = MigrationHistory(
        owner_role=owner_role if connection.vendor == "postgresql" else "",
        login=get_login(connection),
        account=get_account(),
        code_version=get_code_version(),
        **columns,
    )
    insert(connection, row, is_old=is_old)


def insert(connection: BaseDatabaseWrapper, row: MigrationHistory, *, is_old: bool) -> None:
    """Write the row down, tied to the one before it; in a table of the old shape, what that holds."""
    from freehold.history.chain import add_linked, find_last_link, make_link

    if is_old:
        _insert_without(connection, row, _LATER)
        return
    with writing_at_once(connection), transaction.atomic(using=connection.alias, savepoint=False):
        if can_send_two(connection) and add_linked(connection, row):
            return
        row.link = make_link(find_last_link(connection), row)
        _insert_without(connection, row, ("structure",) if row.structure is None else ())


def _insert_without(connection: BaseDatabaseWrapper, row: MigrationHistory, without: Collection[str]) -> None:
    """Write the row down without columns that the table may not have yet, or not any more."""
    fields = [field for field in row._meta.concrete_fields if field.name not in ("id", *without)]
    manager: Any = type(row)._base_manager
    manager._insert([row], fields=fields, using=connection.alias)


def can_send_two(connection: Any) -> bool:
    """Tell whether a message to the database may hold two statements with values: a service's holds one."""
    binds = connection.settings_dict["OPTIONS"].get("server_side_binding")
    return connection.vendor == "postgresql" and not binds and get_acting() is None


@contextmanager
def writing_at_once(connection: Any) -> Iterator[None]:
    """Let SQLite's transaction begin as a writer: one that reads first can't become one once somebody else wrote."""
    before = getattr(connection, "transaction_mode", None)
    if connection.vendor == "sqlite":
        connection.transaction_mode = "IMMEDIATE"
    try:
        yield
    finally:
        if connection.vendor == "sqlite":
            connection.transaction_mode = before


def get_login(connection: BaseDatabaseWrapper) -> str:
    """Give who is connected; where the database knows no logins, the account that the process runs as."""
    if connection.vendor != "postgresql":
        return get_account()
    connection.ensure_connection()
    return str(connection.connection.info.user)


@cache
def get_account() -> str:
    """Give the operating system's account that the process runs as."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as in some containers
        return "unknown"


@cache
def get_code_version() -> str:
    """Give `settings.CODE_VERSION`, or the commit that the project's checkout is at; empty where neither is known."""
    named: str = getattr(settings, "CODE_VERSION", "")
    return named or read_commit(Path(getattr(settings, "BASE_DIR", ".")) / ".git")


def read_commit(git: Path) -> str:
    """Give the commit of a checkout, shortened, without running git; empty where there is none. In a linked worktree
    `.git` is a file that says where its directory is, and branches lie in that of the first checkout."""
    try:
        if git.is_file():
            git = git.parent / git.read_text().strip().removeprefix("gitdir: ")
        head = (git / "HEAD").read_text().strip()
        if not head.startswith("ref: "):
            return head[:_COMMIT_DIGITS]
        common = git / (git / "commondir").read_text().strip() if (git / "commondir").is_file() else git
        return _find_reference(common, head.removeprefix("ref: "))[:_COMMIT_DIGITS]
    except (OSError, UnicodeDecodeError):
        return ""


def _find_reference(git: Path, name: str) -> str:
    """Give the commit that a branch is at, from its own file or from the packed ones."""
    if (git / name).is_file():
        return (git / name).read_text().strip()
    lines = (git / "packed-refs").read_text().splitlines()
    return next((line.split()[0] for line in lines if line.endswith(f" {name}")), "")


def one_line(error: BaseException) -> str:
    """Give an error as one line for the history."""
    text = "; ".join(line.strip() for line in str(error).splitlines() if line.strip())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
