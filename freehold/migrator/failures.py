"""Says in one line why PostgreSQL refused a migration."""

from __future__ import annotations

import re
from typing import Any

from django.db import DatabaseError
from django.db.migrations import Migration
from django.utils.text import Truncator

from freehold.errors import MigrationError
from freehold.history.recording import one_line
from freehold.migrator.limits import INSUFFICIENT_PRIVILEGE, Patience, get_sqlstate, is_transient
from freehold.ownership import Ownership, Schema
from freehold.sqlfiles import write_text

NAME = re.compile(r'"?([A-Za-z_][A-Za-z0-9_$]*)"?\."?([A-Za-z_][A-Za-z0-9_$]*)"?')
_QUERY_CANCELED = "57014"
_READ_ONLY = "25006"  # read_only_sql_transaction
_SHOWN = 200  # characters of a statement


class FailedStatement:
    """Keeps the statement that failed: for `connection.execute_wrapper`. Its parameters are not kept."""

    def __init__(self) -> None:
        self.sql = ""

    def __call__(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        try:
            return execute(sql, params, many, context)
        except DatabaseError as error:  # of several in one message, the sender says which
            self.sql = getattr(error.__cause__, "statement", "") or write_text(context["connection"], sql)
            raise


def explain(
    migration: Migration,
    schema: Schema,
    ownership: Ownership,
    sql: str,
    error: DatabaseError,
    patience: Patience,
) -> MigrationError | None:
    """Give the error for what a person can do something about; None for a mistake in the migration itself."""
    if get_sqlstate(error) == INSUFFICIENT_PRIVILEGE:
        return _explain_refusal(migration, schema, ownership, sql, error)
    if get_sqlstate(error) == _READ_ONLY:
        return MigrationError(
            f"migration {migration.app_label}.{migration.name}: {one_line(error)}; {_say_what_is_left(migration)}. "
            f"Take out of it what makes transactions read-only, or run it on a server that takes writes"
        )
    if is_transient(error):
        return _explain_wait(migration, error, patience)
    if get_sqlstate(error) == _QUERY_CANCELED and "statement timeout" in str(error):
        limit = patience.limits.for_migration(migration).statement_timeout / 1000
        statement = Truncator(" ".join(sql.split())).chars(_SHOWN)
        return MigrationError(
            f"migration {migration.app_label}.{migration.name}: a statement took longer than its statement_timeout of "
            f"{limit:g} s: {statement}{patience.get_reason()}; {_say_what_is_left(migration)}. Give the Migration "
            f'class a longer `statement_timeout = "1h"`, or split the statement'
        )
    return None


def _explain_wait(migration: Migration, error: DatabaseError, patience: Patience) -> MigrationError:
    attempts = len(patience.pauses) + 1
    seconds = patience.limits.for_migration(migration).lock_timeout / 1000
    return MigrationError(
        f"migration {migration.app_label}.{migration.name} got no lock: {one_line(error)}{patience.get_reason()}; "
        f"tried {attempts} {'time' if attempts == 1 else 'times'}, with a lock_timeout of {seconds:g} s; "
        f"{_say_what_is_left(migration)}. End what is in its way, or run it when less is going on"
    )


def _say_what_is_left(migration: Migration) -> str:
    """Say what a migration that failed has left behind."""
    if migration.atomic:
        return "nothing of it was applied"
    return "it runs without a transaction: the next migrate goes on behind the last operation that was done"


def _explain_refusal(
    migration: Migration, schema: Schema, ownership: Ownership, sql: str, error: BaseException
) -> MigrationError:
    """Give the error for a migration that reached into what another owns."""
    foreign = _list_foreign_names(sql, schema, ownership)
    reason = str(error).splitlines()[0]
    target = f"{', '.join(foreign)} ({reason})" if foreign else f"that: {reason}"
    left = "nothing of it was applied" if migration.atomic else "it runs without a transaction: see what it left behind"
    owners = " and ".join(sorted({name.partition(".")[0] for name in foreign})) or "the other schema"
    return MigrationError(
        f"migration {migration.app_label}.{migration.name}, run as {schema.owner}, may not touch {target}; {left}. "
        f"Do it in a migration of an app of {owners}, or let a contract of {owners} allow it"
    )


def _list_foreign_names(sql: str, schema: Schema, ownership: Ownership) -> list[str]:
    """Give the objects in a statement that lie in other schemas of the map, each once. Literals are not looked at."""
    names = (match.groups() for match in NAME.finditer(re.sub(r"'(?:[^']|'')*'", "", sql)))
    others = set(ownership.schema_names) - {schema.name}
    return list(dict.fromkeys(f"{first}.{second}" for first, second in names if first in others))
