"""Keeps the transaction of a migration whole: nothing that runs in it may end it, and nothing may leave one open."""

from __future__ import annotations

import re
from typing import Any, Final

from django.db import DatabaseError
from django.db.migrations import Migration

from freehold.errors import MigrationError
from freehold.scripts.transactions import find_ending, is_open
from freehold.sqlfiles import write_text

_LASTING: Final = re.compile(r"\bPRAGMA\s+(?:\w+\s*\.\s*)?(journal_mode|locking_mode)\s*[=(]", re.I)


class OneTransaction:
    """Looks at each statement's words before it is sent, and at what the driver knows of the transaction afterwards: a
    wrapper for Django's `execute_wrapper`, from the transaction's first statement on. It asks the server nothing."""

    def __init__(self, connection: Any, migration: Migration) -> None:
        self.connection, self.migration = connection, migration
        self.name = f"{migration.app_label}.{migration.name}"

    def __call__(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        if self.connection.in_atomic_block:
            if self.migration.atomic:
                self.check_open()  # code may have gone past this, to the driver itself
            self.check_words(write_text(self.connection, sql))
        if self.connection.vendor == "sqlite":
            self.check_pragmas(write_text(self.connection, sql))
        try:
            result = execute(sql, params, many, context)
        except DatabaseError:
            if self.connection.vendor != "sqlite":  # which rolls back by itself where its disk is full
                self.check_state()
            raise
        self.check_state()
        return result

    def check_state(self) -> None:
        if self.connection.in_atomic_block:
            self.check_open()
        elif self.connection.vendor != "sqlite":  # where Django's own BEGIN comes by here
            self.check_closed()

    def check_words(self, text: str) -> None:
        if word := find_ending(text):
            left = "nothing of it was applied" if self.migration.atomic else "operations before it may be applied"
            raise MigrationError(
                f"migration {self.name} says {word}, and runs in a transaction that is not its own; {left}: take it out"
            )

    def check_pragmas(self, text: str) -> None:
        """Refuse what decides whether transactions can be rolled back, and who else may read and write."""
        if found := _LASTING.search(text):
            raise MigrationError(
                f"migration {self.name} says PRAGMA {found[1].lower()}, which outlasts it and is not to be put back "
                f"inside a transaction: take it out, and set it where the connection is opened (`init_command` in its "
                f"OPTIONS)"
            )

    def check_open(self) -> None:
        if not is_open(self.connection):
            raise MigrationError(describe_ended(self.name))

    def check_closed(self) -> None:
        """Refuse a transaction that a statement of a migration without one left open, and end it."""
        raw = self.connection.connection
        if raw is None or raw.closed:  # what ended it says so itself
            return
        if self.connection.get_autocommit() and is_open(self.connection):
            raw.rollback()
            raise MigrationError(
                f"migration {self.name} left a transaction open, which was rolled back; what it did before that may be "
                f"applied, since it is not atomic: end the transaction in the text that begins it"
            )


def describe_ended(name: str) -> str:
    """Say that a migration's transaction is over, and what that means."""
    return (
        f"migration {name} ended the transaction that it runs in: what it had done by then is committed, and not "
        f"written down as applied. Undo that by hand, and take out of the migration what ends a transaction"
    )
