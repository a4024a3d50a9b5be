"""What the ORM's SQL must hold back where the database itself can't: asked by the compilers of the SQLite backend.

The rules come from elsewhere (`freehold.rls.filters`); without any, every row is everyone's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NoReturn, Protocol

from django.db.backends.base.base import BaseDatabaseWrapper

SQL = tuple[str, tuple[Any, ...]]


@dataclass(frozen=True)
class HeldRows:
    """Conditions for one command on one table, each column qualified by the table's own name; None: all rows.

    `old` picks the rows that are there for the command, `new` those that may come out of it, `seen` those that can be
    read, which an update and a delete must be able to do.
    """

    seen: SQL | None = None
    old: SQL | None = None
    new: SQL | None = None


class _RowRules(Protocol):
    """Who may do what with which rows, at this moment."""

    def find(self, connection: BaseDatabaseWrapper, table: str, command: str) -> HeldRows | None: ...
    def refuse(self, table: str, command: str) -> NoReturn: ...


_rules: list[_RowRules] = []  # one at most


def set_rules(rules: _RowRules) -> None:
    _rules[:] = [rules]


def find_held(connection: BaseDatabaseWrapper, table: str, command: str) -> HeldRows | None:
    """Give the conditions, or None where whoever acts may do it with every row."""
    return _rules[0].find(connection, table, command) if _rules else None


def refuse_row(table: str, command: str) -> NoReturn:
    """Raise the error that names who acts, the table and its policies; LookupError where no model declares any."""
    _rules[0].refuse(table, command)
