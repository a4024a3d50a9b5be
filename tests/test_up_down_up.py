"""Every migration of the project up, down and up again: the schema is the same to the byte, grants and policies too."""

from __future__ import annotations

import os
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from pytest_django import DjangoDbBlocker

from tests.dialect import DIALECT
from tests.dumps import dump_schema
from tests.freehold.estates import get_server

ALIAS = "updown"
pytestmark = [pytest.mark.once] if DIALECT == "postgresql" else []


@pytest.fixture
def database(django_db_blocker: DjangoDbBlocker, tmp_path: Any) -> Iterator[None]:
    """An empty database of the run's dialect under an alias of its own."""
    settings = deepcopy(connections.settings["default"])
    with django_db_blocker.unblock():
        if DIALECT == "sqlite":
            connections.settings[ALIAS] = {**settings, "NAME": str(tmp_path / "updown.db")}
            yield
        else:
            name = f"updown_{os.getpid()}"
            connections.settings[ALIAS] = {**settings, "NAME": name}
            with psycopg.connect(**get_server(), autocommit=True) as root:
                root.execute(f"CREATE DATABASE {name}")
                yield
                connections[ALIAS].close()
                root.execute(f"DROP DATABASE {name} WITH (FORCE)")
        connections[ALIAS].close()
        del connections[ALIAS]
        del connections.settings[ALIAS]


def run(command: str, *arguments: str) -> None:
    """Run a command on the database, silently."""
    call_command(command, *arguments, database=ALIAS, verbosity=0)


def dump() -> str:
    """Give the whole schema as text."""
    return dump_schema(ALIAS)


def list_lines(schema: str) -> list[str]:
    """Give the lines of a dump in a fixed order: a column that comes back stands at the end of its table."""
    return sorted(line.rstrip(",") for line in schema.splitlines())


def list_steps() -> list[tuple[str, str]]:
    """Give all migrations in the order in which `migrate` applies them, but those of the history itself."""
    loader = MigrationLoader(connections[ALIAS])
    plan: dict[tuple[str, str], None] = {}
    for target in loader.graph.leaf_nodes():
        plan.update(dict.fromkeys(loader.graph.forwards_plan(target)))
    return [key for key in plan if key[0] != "freehold"]


def test_each_migration_up_down_and_up_again_leaves_the_same_schema(database: None) -> None:
    run("migrate", "freehold")
    before = dump()
    for step in list_steps():
        run("migrate", *step)
        after = dump()
        run("rollback", "--steps", "1", "--yes")
        assert list_lines(dump()) == list_lines(before), f"{step} does not go back to what was there before"
        run("migrate", *step)
        assert dump() == after, f"{step} is another the second time"
        before = after


def test_all_of_them_down_and_up_again_leaves_the_same_schema(database: None) -> None:
    run("migrate", "freehold")
    empty = dump()
    run("migrate")
    full = dump()
    run("seed", "up")

    run("rollback", "--all", "--yes")
    assert dump() == empty
    assert MigrationRecorder(connections[ALIAS]).applied_migrations().keys() == {
        key for key in MigrationLoader(connections[ALIAS]).applied_migrations if key[0] == "freehold"
    }
    run("migrate")
    assert dump() == full
