"""E034 and W031: services and tables that policies leave out are reported, and silent once they are covered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.checks import CheckMessage
from django.db import models
from django.db.models import Q

from auth_app.models import User
from config.ownership import OWNERSHIP
from freehold.checks.coverage import check_tables_protected
from freehold.ownership import Contract, get_ownership
from freehold.rls import CurrentUser, Policy
from freehold.rls.policy_sql import write_policy
from items.models import Item
from tests.freehold.checks.conftest import Bench

Run = Callable[[str], list[CheckMessage]]

OWN = Policy("own", "api", using=Q(user_id=CurrentUser()))
OFFICE = Policy("back_office", "admin", everything=True)


def define(bench: Bench, *policies: Policy, table: str = "app.things") -> None:
    user = models.ForeignKey(User, on_delete=models.DB_CASCADE, related_name="+")
    bench.define("Thing", user=user, policies=policies, meta={"db_table": table})


# --- E034 ------------------------------------------------------------------------------------------------------------
def test_service_that_writes_and_has_no_policy_is_reported(bench: Bench) -> None:
    define(bench, OWN)

    (message,) = bench.run("freehold.E034")

    assert message.msg == (
        "The service 'admin' has rights on 'app.things' and no policy among those of items.Thing: it sees no row "
        "there and can write none."
    )
    assert message.hint == (
        'Add Policy("…", service="admin", everything=True), or with using= for some rows; where none is meant, '
        'Policy("…", service="admin", using=Q(pk__in=[])).'
    )


def test_service_that_reads_and_has_no_policy_is_told_to_select(bench: Bench) -> None:
    define(bench, OFFICE, table="master.things")

    (message,) = bench.run("freehold.E034")

    assert message.msg == (
        "The service 'api' has rights on 'master.things' and no policy among those of items.Thing: it sees no row "
        "there."
    )
    assert message.hint == (
        'Add Policy("…", service="api", command="select", everything=True), or with using= for some rows; where none '
        'is meant, Policy("…", service="api", command="select", using=Q(pk__in=[])).'
    )


SHARED = (
    *(each for each in OWNERSHIP.contracts if (each.schema, each.consumer) != ("app", "web")),
    Contract("app", consumer="web", read={"things": ("id",)}),
)


def test_service_that_reads_by_contract_needs_a_policy_and_may_have_one(use: Callable[..., None], bench: Bench) -> None:
    use(contracts=SHARED)
    define(bench, OWN, OFFICE)

    (message,) = bench.run("freehold.E034")

    assert "The service 'web' has rights on 'app.things' and no policy" in message.msg

    del bench.registry.all_models["items"]["thing"]
    define(bench, OWN, OFFICE, Policy("visiting", "web", "select", everything=True))
    assert bench.run("freehold.E034") == []
    assert bench.run("freehold.E030") == []


def test_policy_to_write_what_a_contract_shares_is_refused(use: Callable[..., None], bench: Bench) -> None:
    use(contracts=SHARED)
    define(bench, OWN, OFFICE, Policy("visiting", "web", everything=True))

    assert len(bench.run("freehold.E030")) == 1


@pytest.mark.parametrize("policies", [(), (OWN, OFFICE)], ids=["closed to all", "one each"])
def test_closed_and_covered_tables_are_silent(policies: tuple[Policy, ...], bench: Bench) -> None:
    define(bench, *policies)

    assert bench.run("freehold.E034") == []


def test_policy_of_no_row_says_that_none_is_meant(bench: Bench) -> None:
    none = Policy("none", "admin", using=Q(pk__in=[]))
    define(bench, OWN, none)

    assert [bench.run(f"freehold.{each}") for each in ("E032", "E033", "E034", "W030")] == [[], [], [], []]
    assert write_policy(Item, none, get_ownership()) == ("false", "false")


# --- W031 ------------------------------------------------------------------------------------------------------------
def test_table_of_users_without_policies_beside_protected_ones_is_reported(bench: Bench) -> None:
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    bench.define("Note", user=user, meta={"db_table": "app.notes"})

    (message,) = find_unprotected(bench)

    assert message.msg == (
        "The rows of 'app.notes' belong to users (user), and each service with rights on the table reaches all "
        "of them: "
        "it has no policies, as other tables of its schema have."
    )
    assert message.hint == (
        'Declare them: policies = (Policy("own", service=…, using=Q(user_id=CurrentUser())), …); or an empty tuple, '
        "which closes the table to every service."
    )


def test_table_of_users_that_is_closed_or_elsewhere_is_not_reported(bench: Bench) -> None:
    def user() -> models.Field[Any, Any]:
        return models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")

    bench.define("Closed", user=user(), policies=(), meta={"db_table": "app.closed"})
    bench.define("Elsewhere", user=user(), meta={"db_table": "master.elsewhere"})

    assert find_unprotected(bench) == []


def find_unprotected(bench: Bench) -> list[CheckMessage]:
    """Run W031 with the bench's models beside the project's."""
    return check_tables_protected(list(bench.registry.get_app_configs()))


@pytest.mark.parametrize("check_id", ["freehold.E034", "freehold.W031"])
def test_project_has_none(check_id: str, run: Run) -> None:
    assert run(check_id) == []
