"""E037: policies that lead back to their own table are reported, and silent once a function answers."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import models
from django.db.models import F, OuterRef, Q
from django.db.models.functions import Extract

from freehold.rls import CurrentUser, Has, Holds, OneOf, Policy, Through, Within, relations
from tests.freehold.checks.conftest import Bench

USER = CurrentUser()
MINE = Q(user_id=USER)
HINT = (
    "Let a SECURITY DEFINER function answer instead, by OneOf or Holds: no policies apply inside of it. "
    "See docs/policies.md."
)


@pytest.fixture
def circle(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """A bench whose models name each other by Has."""
    monkeypatch.setattr(relations, "apps", bench.registry)
    return bench


def define(bench: Bench, name: str, *policies: Policy, to: Any = None) -> Any:
    """Give a model of that name with a user, a team and perhaps a row that it points at."""
    fields: dict[str, Any] = {"user_id": models.UUIDField(), "team_id": models.UUIDField()}
    if to is not None:
        fields["to"] = models.ForeignKey(to, on_delete=models.DB_CASCADE, related_name="+")
    return bench.define(name, policies=policies, meta={"db_table": f"app.{name.lower()}"}, **fields)


def run(bench: Bench) -> list[tuple[str, str | None]]:
    return [(each.msg, each.hint) for each in bench.run("freehold.E037")]


def colleagues(label: str = "items.Member") -> Has:
    return Has(label, Q(team_id=OuterRef("team_id"), user_id=USER))


def test_policy_that_asks_its_own_table_is_reported(circle: Bench) -> None:
    define(circle, "Member", Policy("colleagues", "api", using=Q(colleagues())))
    assert run(circle) == [
        (
            "The policies of the service 'api' lead in a circle: 'colleagues' of app.member asks app.member. "
            "PostgreSQL refuses what the service asks of app.member: infinite recursion.",
            HINT,
        )
    ]


def test_circle_through_three_tables_is_named_once(circle: Bench) -> None:
    define(circle, "Member", Policy("mates", "api", using=Q(colleagues("items.Team"))))
    define(circle, "Team", Policy("open", "api", "select", using=MINE & Q(colleagues("items.Club"))))
    define(circle, "Club", Policy("joined", "api", using=~Q(colleagues())), to="items.Team")
    ((message, _),) = run(circle)
    assert message == (
        "The policies of the service 'api' lead in a circle: 'joined' of app.club asks app.member, 'mates' of "
        "app.member asks app.team, 'open' of app.team asks app.club. PostgreSQL refuses what the service asks of "
        "app.club: infinite recursion."
    )


@pytest.mark.parametrize("way", [Through("to", MINE), Within("to", MINE), Through("to", Q(to__user_id=USER))])
def test_circle_through_foreign_keys_is_found(circle: Bench, way: Any) -> None:
    team = define(circle, "Team", Policy("ours", "api", using=Q(colleagues())), to="self")
    define(circle, "Member", Policy("theirs", "api", using=Q(way)), to=team)
    assert len(run(circle)) == 1


def test_table_joined_and_table_of_a_query_count(circle: Bench) -> None:
    team = define(circle, "Team", Policy("ours", "api", using=Q(colleagues())))
    club = define(circle, "Club", to=team)
    inside = Policy("listed", "api", using=Q(pk__in=club.objects.filter(to__user_id=USER).values("user_id")))
    define(circle, "Member", inside)
    assert len(run(circle)) == 1


def test_insert_that_asks_its_own_table_is_reported_where_reading_has_a_sub_select(circle: Bench) -> None:
    adding = Policy("adding", "api", "insert", check=~Q(colleagues()))
    define(circle, "Member", adding, Policy("own", "api", "select", using=MINE))
    ((message, _),) = run(circle)
    assert "'adding' of app.member asks app.member" in message


@pytest.mark.parametrize(
    "policies",
    [
        (Policy("a", "api", using=Q(Holds("app.f(uuid)", F("team_id")))),),
        (Policy("a", "api", using=Q(OneOf("team_id", "app.list_teams()"))),),
        (Policy("a", "api", using=MINE), Policy("b", "admin", using=Q(Has("items.Item", MINE)))),
        (
            Policy("a", "api", "insert", check=~Q(colleagues())),
            Policy("b", "api", "select", using=Q(team_id="0" * 32)),
        ),
        (Policy("a", "api", "select", using=Q(team_id__in=[Extract(F("user_id"), "year")])),),
        (Policy("a", "admin", using=Q(Has("items.Team", MINE))),),
        (Policy("a", "api", using=Q(nothing=1)),),
    ],
)
def test_what_ends_is_silent(circle: Bench, policies: tuple[Policy, ...]) -> None:
    define(circle, "Member", *policies)
    define(circle, "Item", Policy("own", "api", using=MINE))
    define(circle, "Team", Policy("ours", "api", using=Q(colleagues())), Policy("all", "admin", everything=True))
    assert run(circle) == []
