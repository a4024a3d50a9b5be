"""E045 to E047, W045: each is broken, reported, mended and silent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.checks import CheckMessage
from django.db import models
from django.test import override_settings

from config.ownership import OWNERSHIP
from freehold.ownership import Contract, Move, Ownership
from freehold.ownership.moves import get_today
from freehold.rls import Policy
from tests.freehold.checks.conftest import Bench

RunCheck = Callable[[str], list[CheckMessage]]
TODAY = get_today()


def name_map(ownership: Ownership) -> override_settings:
    """Let the project have this map."""
    globals()["MAP"] = ownership
    from freehold.ownership import lookup

    lookup.load_ownership.cache_clear()
    return override_settings(OWNERSHIP=f"{__name__}.MAP")


def move(days: int | None, **options: tuple[str, ...]) -> Ownership:
    """Give the project's map with a table on its way, whose view has so many days."""
    until = None if days is None else TODAY + timedelta(days=days)
    return replace(OWNERSHIP, moves=(Move("auth.runs", "app.runs", until=until, **options),))


def test_last_day_that_is_over_is_an_error(run: RunCheck) -> None:
    with name_map(move(-1)):
        (message,) = run("freehold.E045")
        assert run("freehold.W045") == []

    assert message.msg == f"The view 'auth.runs' of 'app.runs' had its last day on {TODAY - timedelta(days=1)}."
    assert message.hint == (
        "Drop it: `manage.py movetable auth.runs app.runs --finish` writes the migration; then take until= out of the "
        "move in the ownership map. If the old release still runs, give the move a later day."
    )
    with name_map(move(None)):
        assert run("freehold.E045") == []


@pytest.mark.parametrize("days", [0, 14])
def test_last_day_that_is_near_is_a_warning(run: RunCheck, days: int) -> None:
    with name_map(move(days)):
        (message,) = run("freehold.W045")
        assert run("freehold.E045") == []

    assert message.msg == (
        f"The view 'auth.runs' of 'app.runs' has its last day on {TODAY + timedelta(days=days)}, in {days} days."
    )


def test_last_day_that_is_far_is_nothing(run: RunCheck) -> None:
    with name_map(move(15)):
        assert run("freehold.W045") + run("freehold.E045") == []


def test_model_that_still_has_the_old_name_is_reported(run: RunCheck) -> None:
    with name_map(replace(OWNERSHIP, moves=(Move("app.runs", "master.runs", until=TODAY),))):
        (message,) = run("freehold.E046")

    assert message.msg == "The table 'app.runs' moves to 'master.runs', and this model still has the old name."
    assert message.hint == 'Set db_table = "master.runs", in the app that owns it now.'


def test_old_service_without_policies_on_the_new_model_is_reported(run: RunCheck) -> None:
    with name_map(move(30)):
        (message,) = run("freehold.E047")

    assert message.msg == (
        "The table 'app.runs' has policies and none for web, which still reads it as 'auth.runs': it would see no row."
    )
    with name_map(move(30, services=("admin",))):
        assert run("freehold.E047") == []


def test_policy_of_an_old_service_is_one_while_the_view_is_there(bench: Bench) -> None:
    policies = (Policy("old", service="web", everything=True),)
    bench.define("Thing", text=models.TextField(), policies=policies, meta={"db_table": "app.runs"})

    with name_map(move(30)):
        assert bench.run("freehold.E030") == []
    with name_map(move(None)):
        assert len(bench.run("freehold.E030")) == 1


def test_contract_may_name_a_view_while_it_is_there(run: RunCheck) -> None:
    others = tuple(each for each in OWNERSHIP.contracts if (each.schema, each.consumer) != ("auth", "admin"))
    contracts = (*others, Contract("auth", consumer="admin", read={"runs": ("id",)}))

    with name_map(replace(move(30), contracts=contracts)):
        assert run("freehold.E010") == []
    with name_map(replace(move(None), contracts=contracts)):
        assert len(run("freehold.E010")) == 1
