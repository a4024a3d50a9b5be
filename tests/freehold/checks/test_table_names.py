"""E001, E002, E005: each is broken, reported, mended and silent."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.checks import CheckMessage
from django.db import models
from django.test import override_settings

from tests.freehold.checks.conftest import Bench

RunCheck = Callable[[str], list[CheckMessage]]


@pytest.mark.parametrize("check_id", ["freehold.E001", "freehold.E002", "freehold.E005"])
def test_project_itself_is_silent(check_id: str, run: RunCheck) -> None:
    assert run(check_id) == []


def test_table_in_another_schema_is_reported(bench: Bench) -> None:
    model = bench.define("Thing", meta={"db_table": "auth.things"})

    (message,) = bench.run("freehold.E001")

    assert message.msg == (
        "The table 'auth.things' lies in schema 'auth', but the ownership map puts the app 'items' into schema 'app'."
    )
    assert message.hint == 'Set db_table = "app.things", or list the app under another schema in the ownership map.'
    assert message.obj is model
    model._meta.db_table = "app.things"
    assert bench.run("freehold.E001") == []


def test_table_without_a_schema_is_reported(bench: Bench) -> None:
    bench.define("Thing")

    (message,) = bench.run("freehold.E001")

    assert message.msg == (
        "The table 'items_thing' lies in no schema, but the ownership map puts the app 'items' into schema 'app'."
    )


def test_app_moved_in_the_map_alone_is_reported_for_each_table(run: RunCheck) -> None:
    with override_settings(OWNERSHIP="tests.freehold.maps.RUNS_IN_MASTER"):
        messages = run("freehold.E001")

    assert [message.msg for message in messages] == [
        f"The table 'app.{name}' lies in schema 'app', but the ownership map puts the app 'runs' into schema 'master'."
        for name in ("runs", "run_counts")
    ]


def test_table_between_many_to_many_fields_is_looked_at_too(bench: Bench) -> None:
    tags = models.ManyToManyField("self", db_table="things_things")
    bench.define("Thing", tags=tags, meta={"db_table": "app.things"})

    (message,) = bench.run("freehold.E001")

    assert message.msg.startswith("The table 'things_things' lies in no schema,")


def test_unmanaged_and_proxy_models_may_read_what_lies_elsewhere(bench: Bench) -> None:
    parent = bench.define("Thing", meta={"db_table": "auth.things", "managed": False})
    options = type("Meta", (), {"app_label": "items", "proxy": True})
    type("Proxy", (parent,), {"__module__": __name__, "Meta": options})

    assert bench.run("freehold.E001") == []


def test_same_bare_name_in_two_schemas_is_reported_once(bench: Bench) -> None:
    bench.define("Thing", meta={"db_table": "app.things"})
    bench.define("Same", meta={"db_table": "app.things", "managed": False})
    other = bench.define("Other", app="runs", meta={"db_table": "master.things"})

    (message,) = bench.run("freehold.E002")

    assert (
        message.msg == "The tables 'app.things' and 'master.things' have the same name 'things' in different schemas."
    )
    assert message.hint == (
        "Rename one: FOR UPDATE OF takes a name without its schema, and select_for_update(of=…) would lock rows of "
        "the wrong table."
    )
    assert message.obj is other
    other._meta.db_table = "master.others"
    assert bench.run("freehold.E002") == []


@pytest.mark.parametrize(
    ("table", "schema"), [("shop.things", "shop"), ('"app"."things"', '"app"'), ("appp.things.x", "appp")]
)
def test_schema_that_the_map_does_not_know_is_reported_and_nothing_else(table: str, schema: str, bench: Bench) -> None:
    model = bench.define("Thing", meta={"db_table": table})

    (message,) = bench.run("freehold.E005")

    assert message.msg == (
        f"The table {table!r} names the schema {schema!r}, which the ownership map does not know: it would be one "
        "table with a dot in its name."
    )
    assert message.hint == (
        'Write db_table = "schema.table", without quotes inside, with one of: auth, master, app, seal, limits, public; '
        "or add the schema to the ownership map."
    )
    assert bench.run("freehold.E001") == []
    model._meta.db_table = "app.things"
    assert bench.run("freehold.E005") == []


def test_project_without_a_map_has_nothing_to_check(bench: Bench) -> None:
    bench.define("Thing", meta={"db_table": "shop.things"})

    with override_settings(OWNERSHIP=None):
        assert [bench.run(check_id) for check_id in ("freehold.E001", "freehold.E002", "freehold.E005")] == [[], [], []]
