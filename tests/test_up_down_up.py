"""Every migration of the project up, down and up again: the schema is the same to the byte, grants and policies too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from pytest_django import DjangoDbBlocker

from freehold.acting import acting
from freehold.acting.logins import using_login
from freehold.acting.roles import using_role
from freehold.ownership import get_ownership
from tests.dialect import DIALECT
from tests.dumps import dump_schema
from tests.emptied import empty_database

ALIAS = "updown"
pytestmark = [pytest.mark.once] if DIALECT == "postgresql" else []


@pytest.fixture
def database(django_db_blocker: DjangoDbBlocker, tmp_path: Path) -> Iterator[None]:
    """An empty database of the run's dialect under an alias of its own."""
    with empty_database(ALIAS, django_db_blocker, tmp_path):
        yield


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


def test_all_seeds_up_down_and_up_again_leave_the_same_rows(database: None) -> None:
    run("migrate")
    empty = list_rows()
    put_seeds_up()
    full = list_rows()

    run("seed", "down")
    assert list_rows() == empty
    put_seeds_up()
    assert list_rows() == full
    assert all(full[table] for table in ("auth.user", "master.locations", "app.items", "app.runs"))


def put_seeds_up() -> None:
    """Put all of them up: those with demo data have to be asked for while DEBUG is off, as in tests."""
    run("seed", "up", "--kind", "reference")
    run("seed", "up", "--kind", "demo")


def list_rows() -> dict[str, list[tuple[object, ...]]]:
    """Give the rows of every model's table but the history's, in a fixed order."""
    tables = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True) if has_table(model)}
    with acting(None), using_login(connections[ALIAS], "migrator"):
        return {table: read(model) for table, model in sorted(tables.items())}


def has_table(model: Any) -> bool:
    """Tell whether a model has rows that a seed may write."""
    return bool(model._meta.managed and not model._meta.proxy and model._meta.app_label != "freehold")


def read(model: Any) -> list[tuple[object, ...]]:
    """Give the rows of one table, as its owner, but for what is another every time: how a password's hash is salted,
    when a row of reference data was written, and which transaction counted runs."""
    owner = get_ownership().find_schema_of_app(model._meta.app_label)
    others = {"created_at", "updated_at"} if model._meta.app_label == "master" else {"password", "part"}
    names = [field.attname for field in model._meta.concrete_fields if field.attname not in others]
    with using_role(connections[ALIAS], owner.owner if owner else "none"):
        return sorted(model._base_manager.using(ALIAS).values_list(*names), key=repr)
