"""E007: it is broken, reported, mended and silent."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.checks import CheckMessage
from django.db import connection, models
from django.test import override_settings

from tests.freehold.checks.conftest import Bench

RunCheck = Callable[[str], list[CheckMessage]]


def test_project_itself_is_silent(run: RunCheck) -> None:
    assert run("freehold.E007") == []


def test_column_that_begins_with_a_schema_is_reported(bench: Bench) -> None:
    level = models.IntegerField(db_column="auth.level")
    model = bench.define("Thing", level=level, meta={"db_table": "app.things"})

    (message,) = bench.run("freehold.E007")

    assert str(message) == (
        "items.Thing.level: (freehold.E007) The column 'auth.level' of the field 'level' begins with the name of the "
        "schema 'auth': PostgreSQL would be asked for a column 'level' of a table 'auth'.\n"
        '\tHINT: Set db_column = "auth_level", in the model and in the migrations that name it. Where the table is '
        'there already, rename the column: ALTER TABLE "app"."things" RENAME COLUMN "auth.level" TO "auth_level";'
    )
    assert message.obj is model._meta.get_field("level")
    level.column = "auth_level"
    assert bench.run("freehold.E007") == []


@pytest.mark.parametrize("column", ["unknown.level", "level.auth", "auth.", "authlevel"])
def test_column_with_any_other_name_is_not_reported(column: str, bench: Bench) -> None:
    bench.define("Thing", level=models.IntegerField(db_column=column), meta={"db_table": "app.things"})

    assert bench.run("freehold.E007") == []


def test_column_of_an_unmanaged_model_and_of_a_foreign_key_is_reported_too(bench: Bench) -> None:
    up = models.ForeignKey("self", models.CASCADE, db_column="app.up")
    bench.define("Thing", up=up, meta={"db_table": "app.things", "managed": False})

    assert [message.obj for message in bench.run("freehold.E007")] == [up]


@pytest.mark.postgresql
def test_schemas_of_a_database_are_known_without_a_map(bench: Bench) -> None:
    bench.define("Thing", level=models.IntegerField(db_column="auth.level"), meta={"db_table": "things"})

    with override_settings(OWNERSHIP=None):
        (message,) = bench.run("freehold.E007")

    assert "auth" in connection.schemas
    assert message.hint.endswith('ALTER TABLE "things" RENAME COLUMN "auth.level" TO "auth_level";')


@pytest.mark.sqlite
def test_project_without_a_map_has_nothing_to_check(bench: Bench) -> None:
    bench.define("Thing", level=models.IntegerField(db_column="auth.level"), meta={"db_table": "things"})

    with override_settings(OWNERSHIP=None):
        assert bench.run("freehold.E007") == []
