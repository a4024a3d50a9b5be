"""E036: policies that nothing puts in force are reported; an unmanaged model's are put in force where they can be."""

from __future__ import annotations

import pytest
from django.db import models
from django.db.models import Q
from django.test import override_settings

from config.ownership import OWNERSHIP
from freehold import protected
from freehold.ownership import find_ownership
from freehold.ownership.lookup import load_ownership
from freehold.rls import CurrentUser, Policy, list_policies, list_row_security
from tests.freehold.checks.conftest import Bench

OWN = Policy("own", "api", using=Q(user_id=CurrentUser()))
OFFICE = Policy("office", "admin", everything=True)


def define(bench: Bench, table: str, name: str = "Event", *policies: Policy, managed: bool = False) -> None:
    meta = {"db_table": table, "managed": managed}
    bench.define(name, user_id=models.UUIDField(), policies=policies, meta=meta)


def run(bench: Bench) -> list[tuple[str, str | None]]:
    return [(each.msg, each.hint) for each in bench.run("freehold.E036")]


@pytest.mark.parametrize("managed", [True, False])
def test_table_in_no_schema_is_reported(bench: Bench, managed: bool) -> None:
    define(bench, "event", "Event", OWN, managed=managed)
    assert run(bench) == [
        (
            "The policies of items.Event ('event') are not put in force: the table lies in no schema of the "
            "ownership map.",
            "Name a schema of the ownership map in db_table, or take the policies away.",
        )
    ]


def test_table_in_an_external_schema_is_reported_even_with_no_policy(bench: Bench) -> None:
    with override_settings(OWNERSHIP="tests.freehold.maps.WITH_EXTERNAL"):
        load_ownership.cache_clear()
        define(bench, "goose.event", "Event")
        messages = run(bench)
    load_ownership.cache_clear()
    assert messages == [
        (
            "The policies of items.Event ('goose.event') are not put in force: the schema 'goose' is external, so "
            "that its own tool makes row security there.",
            "Make the policies with that tool, and take them away here.",
        )
    ]


def test_second_model_of_a_table_is_reported(bench: Bench) -> None:
    define(bench, "app.event", "Copy", OFFICE)
    define(bench, "app.event", "Event", OWN, managed=True)
    ((message, hint),) = run(bench)
    assert message == (
        "The policies of items.Copy ('app.event') are not put in force: those of items.Event are, which has the same "
        "table."
    )
    assert hint == "Declare all of them in items.Event, and none here."


def test_unmanaged_model_in_a_schema_of_the_map_is_put_in_force(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    define(bench, "app.event", "Event", OWN)
    monkeypatch.setattr(protected, "apps", bench.registry)
    assert run(bench) == []
    assert [(each.schema, each.table) for each in list_row_security(OWNERSHIP)] == [("app", "event")]
    assert [each.name for each in list_policies(OWNERSHIP)] == ["own", "owner"]
    assert [each.msg[:20] for each in bench.run("freehold.E034")] == ["The service 'admin' "]
    assert find_ownership() == OWNERSHIP
