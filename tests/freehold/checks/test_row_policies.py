"""E030 to E033 and W030: each way to a wrong policy is reported, and silent once it is mended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.checks import CheckMessage
from django.db import models
from django.db.models import OuterRef, Q
from django.test import override_settings

from auth_app.models import User
from freehold.rls import CurrentUser, Has, OneOf, Policy, Through, Within
from tests.freehold.checks.conftest import Bench

Run = Callable[[str], list[CheckMessage]]

TENANTS = "app.list_tenants_of_user(text[])"
MINE = Q(user_id=CurrentUser())
SEE = "See docs/policies.md: a condition is a Q() of the model's own fields, or one of the expressions there."

# id → case → what is wrong, the message, the hint, what mends it
CASES: dict[str, dict[str, tuple[tuple[Any, ...], str, str, tuple[Any, ...]]]] = {
    "freehold.E030": {
        "unknown service": (
            (Policy("own", service="wbe", using=MINE),),
            "The policy 'own' of 'app.things' is for the service 'wbe', which the ownership map does not know.",
            "Name one of: web, api, admin; or add the service to the map.",
            (Policy("own", service="api", using=MINE),),
        ),
        "service without rights": (
            (Policy("own", service="web", using=MINE),),
            "The policy 'own' of 'app.things' lets the service 'web' select, insert, update and delete, which has no "
            "right to it in 'app'.",
            "Add 'app' to what the service writes or reads in the ownership map, make the policy one for select, or "
            "remove it.",
            (Policy("own", service="admin", using=MINE),),
        ),
    },
    "freehold.E031": {
        "twice": (
            (Policy("own", "api", using=MINE), Policy("own", "admin", everything=True)),
            "The policy name 'own' of 'app.things' stands 2 times: one table has it once.",
            "Give each policy a name of its own.",
            (Policy("own", "api", using=MINE), Policy("back_office", "admin", everything=True)),
        ),
        "the owner's": (
            (Policy("owner", "api", using=MINE),),
            "The policy name 'owner' of 'app.things' is the one that the table's owner has by itself: choose another "
            "name.",
            "Give each policy a name of its own.",
            (Policy("own", "api", using=MINE),),
        ),
        "no name": (
            (Policy("My own", "api", using=MINE),),
            "The policy name 'My own' of 'app.things' is no plain name: use lower-case letters, digits and _, and "
            "begin "
            "with a letter.",
            "Give each policy a name of its own.",
            (Policy("my_own", "api", using=MINE),),
        ),
        "no policy": (
            ("own",),
            "policies of items.Thing holds 'own', which is no freehold.rls.Policy.",
            "Write Policy(…).",
            (),
        ),
    },
    "freehold.E032": {
        "command": (
            (Policy("own", "api", "truncate", using=MINE),),  # type: ignore[arg-type]
            "The policy 'own' of 'app.things' has the command 'truncate', which is none of all, select, insert, "
            "update, "
            "delete.",
            SEE,
            (Policy("own", "api", "delete", using=MINE),),
        ),
        "everything and a condition": (
            (Policy("own", "api", using=MINE, everything=True),),
            "The policy 'own' of 'app.things' says everything=True beside a condition.",
            SEE,
            (Policy("own", "api", using=MINE),),
        ),
        "using before an insert": (
            (Policy("own", "api", "insert", using=MINE),),
            "The policy 'own' of 'app.things' says using=, but before an insert there is no row: say check=.",
            SEE,
            (Policy("own", "api", "insert", check=MINE),),
        ),
        "check of a delete": (
            (Policy("own", "api", "delete", check=MINE),),
            "The policy 'own' of 'app.things' says check=, but a delete makes no row: say using=.",
            SEE,
            (Policy("own", "api", "delete", using=MINE),),
        ),
        "nothing": (
            (Policy("own", "api"),),
            "The policy 'own' of 'app.things' can't be written as SQL: say using=Q(…), check=Q(…) for an insert, or "
            "everything=True.",
            SEE,
            (Policy("own", "api", everything=True),),
        ),
        "join": (
            (Policy("own", "api", using=Q(user__email="a@b.c")),),
            "The policy 'own' of 'app.things' can't be written as SQL: Joined field references are not permitted in "
            "this query.",
            SEE,
            (Policy("own", "api", using=Through("user", Q(email="a@b.c"))),),
        ),
        "function without a stand-in": (
            (Policy("own", "api", using=OneOf("user", "app.list_friends()")),),
            "The policy 'own' of 'app.things' asks app.list_friends(), and nothing stands in for it on SQLite: "
            "decorate "
            "what does with stands_in_for.",
            SEE,
            (Policy("own", "api", using=OneOf("user", TENANTS, ["owner"])),),
        ),
    },
    "freehold.E033": {
        "always true": (
            (Policy("own", "api", using=~Q(pk__in=[])),),
            "The policy 'own' of 'app.things' lets the service 'api' select, insert, update and delete every row, and "
            "does not say so.",
            "Correct the condition, or write everything=True in its place.",
            (Policy("own", "api", everything=True),),
        ),
        "check always true": (
            (Policy("own", "api", "update", using=MINE, check=Q()),),
            "The policy 'own' of 'app.things' lets the service 'api' update every row, and does not say so.",
            "Correct the condition, or write everything=True in its place.",
            (Policy("own", "api", "update", using=MINE),),
        ),
    },
    "freehold.W030": {
        "own column": (
            (Policy("own", "api", using=Q(editor_id=CurrentUser())),),
            "The policy 'own' of 'app.things' looks for app.things by editor, which no index begins with: each "
            "statement "
            "reads the whole table.",
            'Add Index(fields=["editor"], name="things_editor_idx") to Meta.indexes of items.Thing.',
            (Policy("own", "api", using=MINE),),
        ),
        "column compared with a function": (
            (
                Policy(
                    "own", "api", using=Q(title="x") | Q(OneOf("editor", "app.list_tenants_of_user(text[])", ["owner"]))
                ),
            ),
            "The policy 'own' of 'app.things' looks for app.things by editor, which no index begins with: each "
            "statement "
            "reads the whole table.",
            'Add Index(fields=["editor"], name="things_editor_idx") to Meta.indexes of items.Thing.',
            (Policy("own", "api", using=OneOf("user", TENANTS, ["owner"])),),
        ),
        "column of another table": (
            (
                Policy(
                    "own", "api", "select", using=Has("items.Item", Q(description=OuterRef("title"), is_active=True))
                ),
            ),
            "The policy 'own' of 'app.things' looks for app.items by description, which no index begins with: each "
            "statement "
            "reads the whole table.",
            'Add Index(fields=["description"], name="items_description_idx") to Meta.indexes of items.Item.',
            (Policy("own", "api", "select", using=Has("items.Item", Q(user_id=OuterRef("user_id"), is_active=True))),),
        ),
        "column that points there": (
            (Policy("own", "api", using=Within("editor", Q(is_active=True))),),
            "The policy 'own' of 'app.things' looks for app.things by editor, which no index begins with: each "
            "statement "
            "reads the whole table.",
            'Add Index(fields=["editor"], name="things_editor_idx") to Meta.indexes of items.Thing.',
            (Policy("own", "api", using=Through("editor", Q(is_active=True))),),
        ),
    },
}


def define(bench: Bench, policies: tuple[Any, ...], name: str = "Thing") -> None:
    def user(**options: Any) -> models.Field[Any, Any]:
        return models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", **options)

    table = f"app.{name.lower()}s"
    fields = {"user": user(), "editor": user(db_index=False), "title": models.CharField(max_length=9)}
    bench.define(name, policies=policies, meta={"db_table": table}, **fields)


@pytest.mark.parametrize(("check_id", "case"), [(check_id, case) for check_id in CASES for case in CASES[check_id]])
def test_wrong_policy_is_reported_until_it_is_mended(check_id: str, case: str, bench: Bench) -> None:
    wrong, text, hint, mended = CASES[check_id][case]
    define(bench, wrong)

    (message,) = bench.run(check_id)

    assert (message.msg, message.hint) == (text, hint)

    del bench.registry.all_models["items"]["thing"]
    define(bench, mended)
    assert bench.run(check_id) == []


def test_condition_for_reading_may_always_hold(bench: Bench) -> None:
    define(bench, (Policy("all", "api", "select", using=Q()),))

    assert bench.run("freehold.E033") == []


@pytest.mark.parametrize(("columns", "found"), [(("user_id", "title"), 0), (("title", "user_id"), 1)])
def test_primary_key_of_several_columns_is_an_index(columns: tuple[str, str], found: int, bench: Bench) -> None:
    user = models.ForeignKey(User, on_delete=models.CASCADE, db_index=False, related_name="+")
    parts = {"pk": models.CompositePrimaryKey(*columns), "user": user, "title": models.CharField(max_length=9)}
    bench.define("Thing", **parts, policies=(Policy("own", "api", using=MINE),), meta={"db_table": "app.things"})

    assert len(bench.run("freehold.W030")) == found


def test_index_with_a_condition_does_not_count(bench: Bench) -> None:
    user = models.ForeignKey(User, on_delete=models.CASCADE, db_index=False, related_name="+")
    index = models.Index(fields=["user"], name="things_user_idx", condition=Q(title="x"))
    title = models.CharField(max_length=9)
    meta = {"db_table": "app.things", "indexes": [index]}
    bench.define("Thing", user=user, title=title, policies=(Policy("own", "api", using=MINE),), meta=meta)

    assert len(bench.run("freehold.W030")) == 1


@pytest.mark.parametrize("check_id", CASES)
def test_project_has_none(check_id: str, run: Run) -> None:
    assert run(check_id) == []


def test_nothing_is_said_without_a_map(bench: Bench) -> None:
    define(bench, (Policy("own", "api"),))

    with override_settings(OWNERSHIP=None):
        assert [bench.run(check_id) for check_id in CASES] == [[] for _ in CASES]
