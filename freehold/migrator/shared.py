"""What contracts share of an owner's schemas, held against what a migration leaves of it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration
from django.db.migrations.operations.base import Operation

from freehold.errors import MigrationError
from freehold.ownership import Contract, Ownership
from freehold.ownership.spelling import normalize_signature

Found = dict[str, dict[str, str]]  # as sql/neighbours.sql and sql/shared.sql give it: values by kind and name
_GONE = "gone"  # whatever its type was
_COLUMNS = "SELECT name, lower(type) FROM pragma_table_xinfo(%s)"


class SharedParts:
    """The columns and functions of the schemas in `own` that others may use, with who they are. `refusal` is what the
    last run of the app said, where it was refused."""

    def __init__(self, ownership: Ownership, own: list[str], refusal: str = "") -> None:
        self.contracts = [contract for contract in ownership.contracts if contract.schema in own]
        self.refusal = refusal

    def iter_columns(self) -> Iterator[tuple[Contract, str, str]]:
        """Yield each column that a contract shares, after the contract and the table."""
        for contract in self.contracts:
            for _, table, columns in contract.iter_tables():
                yield from ((contract, table, column) for column in columns)

    def list_columns(self) -> dict[str, str]:
        """Give the consumers of each column that contracts share, by `schema.table (column)`."""
        found: dict[str, set[str]] = defaultdict(set)
        for contract, table, column in self.iter_columns():
            found[f"{contract.schema}.{table} ({column})"].add(contract.consumer)
        return {name: " and ".join(sorted(consumers)) for name, consumers in found.items()}

    def list_functions(self) -> dict[str, str]:
        """Give the consumers of each function that contracts share, by its name with schema and arguments."""
        found: dict[str, list[str]] = defaultdict(list)
        for contract in self.contracts:
            for signature in contract.call:
                found[f"{contract.schema}.{normalize_signature(signature)}"].append(contract.consumer)
        return {name: " and ".join(sorted(consumers)) for name, consumers in found.items()}

    def check(self, migration: Migration, before: Found, after: Found) -> None:
        """Refuse to take from consumers what contracts share with them, and what one that was refused for it took.

        Raises:
            MigrationError: the migration did.
        """
        if lost := list(self.iter_lost(before, after)):
            raise MigrationError(
                f"migration {name_whole(migration)} {', and '.join(lost)}; {say_what_is_left(migration)}: keep it and "
                f"add another beside it, as docs/expand-and-contract.md says, or change the contract in the ownership "
                f"map first"
            )

    def iter_lost(self, before: Found, after: Found) -> Iterator[str]:
        for kind, shared in (("column", self.list_columns()), ("function", self.list_functions())):
            for name, consumers in shared.items():
                which, now = f"{name}, which a contract shares with {consumers}", after[kind].get(name)
                was = self.find_refused(which) or before[kind].get(name)
                if was and now is None:
                    yield f"takes away {which}"
                elif was and was not in (now, _GONE):
                    yield f"changes {which} as {was}, to {now}"

    def find_refused(self, which: str) -> str:
        """Give what was there before the run that was refused, as far as that said; empty where it missed nothing."""
        if not self.refusal:
            return ""
        found = re.search(rf"(?:takes away {re.escape(which)}|changes {re.escape(which)} as (.*?), to )", self.refusal)
        return (found[1] or _GONE) if found else ""


def name_whole(migration: Migration) -> str:
    return f"{migration.app_label}.{migration.name}"


def say_what_is_left(migration: Migration) -> str:
    """Say what stands of a migration that is refused."""
    if migration.atomic:
        return "nothing of it was applied"
    return "parts of it may be applied, since it is not atomic"


class SqliteColumns:
    """Holds a migration on SQLite, which has no owners, to the columns that contracts share."""

    def __init__(self, connection: BaseDatabaseWrapper, parts: SharedParts) -> None:
        self.connection, self.parts = connection, parts

    @contextmanager
    def held(self, migration: Migration, firsts: dict[str, Found], *, is_last: bool) -> Iterator[None]:
        """Look at what the block leaves, where it is the last of its app; `firsts` is what was there before the run.

        What expands does at once here what PostgreSQL does at the contraction: nobody runs two releases on SQLite.

        Raises:
            MigrationError: it took away what a contract shares.
        """
        first = firsts.get(migration.app_label) or self.read()
        firsts[migration.app_label] = first
        yield
        expanded = {name for each in migration.operations for name in _list_expanded(each)}
        for column in [each for each in first["column"] if each.partition(" (")[2][:-1] in expanded]:
            del first["column"][column]
        if is_last:
            self.parts.check(migration, first, self.read())

    def read(self) -> Found:
        """Give the types of the columns that are there."""
        tables = {(contract.schema, table) for contract, table, _ in self.parts.iter_columns()}
        found: Found = {"column": {}, "function": {}}
        with self.connection.cursor() as cursor:
            for schema, table in sorted(tables):
                place = table if schema == "public" else f"{schema}.{table}"
                cursor.execute(_COLUMNS, [place])
                found["column"].update({f"{schema}.{table} ({name})": word for name, word in cursor.fetchall()})
        return found


def _list_expanded(operation: Operation) -> tuple[str, ...]:
    """Give what the column may be called that an operation puts another beside; nothing of any other operation."""
    is_expanding = getattr(operation, "step", "") == "expand"
    return tuple(getattr(operation, "old_columns", ())) if is_expanding else ()
