"""A database of a module's own with every seed's rows, and who connects to it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg
from django.db import connections

from tests.freehold.estates import get_server
from tests.seeded import ALIAS, execute_as_superuser

Value = str | int | bool | None


@dataclass
class Vault:
    """A copy of the filled database, with connections to it that are closed with the module."""

    name: str
    opened: list[psycopg.Connection] = field(default_factory=list)
    roots: list[psycopg.Connection] = field(default_factory=list)

    def connect(self, login: str) -> psycopg.Connection:
        """Give a connection of a login's own."""
        session = psycopg.connect(**{**get_server(), "dbname": self.name, "user": login}, autocommit=True)
        self.opened.append(session)
        return session

    @property
    def root(self) -> psycopg.Connection:
        """The superuser's connection."""
        if self.roots and not self.roots[0].closed:
            return self.roots[0]
        self.roots = [self.connect("postgres")]
        return self.roots[0]

    def close(self) -> None:
        """Close all, so that the database can be copied."""
        while self.opened:
            self.opened.pop().close()

    def ask(self, query: str, *values: Value) -> str:
        """Give the one value of a query, as the superuser."""
        return ask(self.root, query, *values)

    def find_user(self) -> str:
        return self.ask('SELECT id FROM auth."user" WHERE is_active ORDER BY email LIMIT 1')

    def seal(self, user: str, service: str = "api_rw", minutes: int = 10, kind: str = "user", tenant: str = "") -> str:
        """Give a ticket."""
        return self.ask("SELECT auth.seal_ticket(%s, %s, %s, %s, %s)", kind, user, tenant, service, minutes)


def ask(session: psycopg.Connection, query: str, *values: Value) -> str:
    """Give the one value of a query as a text, empty for NULL."""
    row = session.execute(query, values).fetchone()
    return "" if row is None or row[0] is None else str(row[0])


def show(session: psycopg.Connection, proof: str) -> str:
    """Show a proof in a session; give the user that is found by it."""
    session.execute("SELECT set_config('freehold.proof', %s, false)", [proof])
    return ask(session, "SELECT auth.user_of_ticket()")


@contextmanager
def making_copy(source: str, suffix: str) -> Iterator[Vault]:
    """Copy a database beside itself, for as long as the block lasts."""
    name = f"vault_{os.getpid()}_{suffix}"
    connections[ALIAS].close()
    execute_as_superuser(f"CREATE DATABASE {name} TEMPLATE {source}")
    vault = Vault(name)
    try:
        yield vault
    finally:
        vault.close()
        execute_as_superuser(f"DROP DATABASE {name} WITH (FORCE)")
