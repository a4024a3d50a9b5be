"""Options, connecting, versions."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import NotSupportedError, OperationalError, connections
from django.db.backends.base.base import RAN_DB_VERSION_CHECK
from django.db.migrations import CreateModel, Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState
from pytest_django import DjangoDbBlocker

from freehold.backends.errors import DatabaseVersionError
from freehold.backends.postgresql import features
from freehold.backends.postgresql.base import DatabaseWrapper
from tests.freehold.backends.conftest import Connect
from tests.freehold.backends.labs import APP, Lab
from tests.freehold.backends.postgresql.changes import table

pytestmark = pytest.mark.postgresql


def test_options_of_its_own_do_not_reach_libpq(scratch: Any) -> None:
    params = scratch.get_connection_params()

    assert not {"schemas", "embedded"} & set(params)
    assert scratch.settings_dict["OPTIONS"]["schemas"] == ["alpha", "beta"]


def test_entry_without_schemas_splits_nothing(connect: Connect) -> None:
    connection = connect("bare", search_path="beta")

    assert connection.schemas == frozenset()
    assert connection.ops.quote_name("alpha.item") == '"alpha.item"'


def test_embedded_server_is_reached_by_its_directory(server: Any, django_db_blocker: DjangoDbBlocker) -> None:
    entry = connections.settings["default"]
    if "embedded" not in entry["OPTIONS"]:
        pytest.skip("DATABASE_URL names a server of its own")

    params = connections["default"].get_connection_params()

    assert params["host"] == "127.0.0.1"
    assert params["passfile"] == f"{entry['OPTIONS']['embedded']}/pgpass"
    assert "embedded" not in params
    with django_db_blocker.unblock():
        assert int(params["port"]) == int(server["OPTIONS"]["port"])


def test_unreachable_server_is_an_operational_error(server: Any, django_db_blocker: DjangoDbBlocker) -> None:
    connection = DatabaseWrapper({**server, "OPTIONS": {"host": "127.0.0.1", "port": "1", "schemas": []}}, "nowhere")

    with django_db_blocker.unblock(), pytest.raises(OperationalError) as caught:
        connection.ensure_connection()
    assert "127.0.0.1" in str(caught.value)


def test_server_too_old_is_refused_in_one_line_at_every_attempt(connect: Connect) -> None:
    connection = connect("old", search_path="beta")
    found = ".".join(map(str, divmod(connection.pg_version, 10000)))
    RAN_DB_VERSION_CHECK.discard("old")
    connection.close()
    connection.features.minimum_database_version = (99,)

    for _ in range(2):
        with pytest.raises(DatabaseVersionError) as caught:
            connection.ensure_connection()
        assert str(caught.value) == (
            f"PostgreSQL 99 or later is required (found {found}). Upgrade the server of database "
            f"{connection.settings_dict['NAME']!r}, or use DATABASE_URL=embedded:///PATH"
        )
        assert isinstance(caught.value, NotSupportedError)


def test_oldest_server_of_a_project_is_15_under_every_django(scratch: Any) -> None:
    assert scratch.features.minimum_database_version == (15,)


def test_oldest_server_of_a_project_may_be_newer_than_that_of_django(scratch: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(features, "OLDEST", (98,))

    assert type(scratch.features)(scratch).minimum_database_version == (98,)


def test_oldest_server_of_the_backend_by_itself_is_that_of_django(scratch: Any, connect: Connect) -> None:
    stock = connect("stock", engine="django.db.backends.postgresql", search_path="beta")
    scratch.settings_dict.pop("SWITCH_LOGIN")

    own = type(scratch.features)(scratch)

    assert own.minimum_database_version == stock.features.minimum_database_version


@pytest.mark.parametrize(("made", "applied"), [(["alpha"], True), (["beta"], False), ([], False)])
def test_fake_initial_looks_for_the_table_in_its_schema(made: list[str], applied: bool, scratch: Any) -> None:
    for schema in made:
        Lab(scratch, schema).forwards(table(lambda name, s=schema: f"{s}.{name}", "item"))
    operation: CreateModel = table(lambda name: f"alpha.{name}", "item")
    migration = type("Migration", (Migration,), {"operations": [operation], "initial": True})("0001_initial", APP)
    state = migration.mutate_state(ProjectState())

    assert MigrationExecutor(scratch).detect_soft_applied(state, migration)[0] is applied
