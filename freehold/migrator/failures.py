"""Says in one line why PostgreSQL refused a migration."""

from __future__ import annotations

import re
from typing import Any

from django.db import DatabaseError
from django.db.migrations import Migration

from freehold.errors import MigrationError
from freehold.ownership import Ownership, Schema

NAME = re.compile(r'"?([A-Za-z_][A-Za-z0-9_$]*)"?\."?([A-Za-z_][A-Za-z0-9_$]*)"?')
INSUFFICIENT_PRIVILEGE = "42501"


class FailedStatement:
    """Keeps the statement that failed: for `connection.execute_wrapper`. Its parameters are not kept."""

    def __init__(self) -> None:
        self.sql = ""

    def __call__(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        """Run the statement, as Django asks of a wrapper."""
        try:
            return execute(sql, params, many, context)
        except DatabaseError:
            self.sql = str(sql)
            raise


def is_refusal(error: BaseException) -> bool:
    """Tell whether the server refused for want of a right."""
    return getattr(error.__cause__, "sqlstate", None) == INSUFFICIENT_PRIVILEGE


def explain_refusal(
    migration: Migration, schema: Schema, ownership: Ownership, sql: str, error: BaseException
) -> MigrationError:
    """Give the error for a migration that reached into what another owns."""
    foreign = list_foreign_names(sql, schema, ownership)
    reason = str(error).splitlines()[0]
    target = f"{', '.join(foreign)} ({reason})" if foreign else f"that: {reason}"
    left = "nothing of it was applied" if migration.atomic else "it runs without a transaction: see what it left behind"
    owners = " and ".join(sorted({name.partition(".")[0] for name in foreign})) or "the other schema"
    return MigrationError(
        f"migration {migration.app_label}.{migration.name}, run as {schema.owner}, may not touch {target}; {left}. "
        f"Do it in a migration of an app of {owners}, or let a contract of {owners} allow it"
    )


def list_foreign_names(sql: str, schema: Schema, ownership: Ownership) -> list[str]:
    """Give the objects in a statement that lie in other schemas of the map, each once. Literals are not looked at."""
    names = (match.groups() for match in NAME.finditer(re.sub(r"'(?:[^']|'')*'", "", sql)))
    others = set(ownership.schema_names) - {schema.name}
    return list(dict.fromkeys(f"{first}.{second}" for first, second in names if first in others))


def one_line(error: BaseException) -> str:
    """Give an error as one line for the history."""
    text = "; ".join(line.strip() for line in str(error).splitlines() if line.strip())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
