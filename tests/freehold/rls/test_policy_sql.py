"""What declared policies become on PostgreSQL."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.db import models
from django.db.models import F, OuterRef, Q
from django.test.utils import isolate_apps

from freehold.errors import PolicyError
from freehold.ownership import get_ownership
from freehold.ownership.comparable import DatabasePolicy, RowSecurity
from freehold.ownership.proofs import write_asking
from freehold.rls import (
    CurrentTenant,
    CurrentUser,
    Has,
    Holds,
    OneOf,
    Policy,
    Through,
    Within,
    expressions,
    list_policies,
    list_row_security,
)
from freehold.rls.policy import Condition, find_policies, iter_protected
from freehold.rls.policy_sql import write_policy
from items.models import Item, ItemImage
from tenancy.models import Membership

USER = f"(SELECT {write_asking(get_ownership(), 'user')}::uuid)"
TENANT = f"(SELECT {write_asking(get_ownership(), 'tenant')}::uuid)"


def write(model: type[models.Model], condition: Condition) -> str:
    return write_policy(model, Policy("p", service="api", using=condition), get_ownership())[0]


def test_policies_of_a_table_are_its_owners_and_the_declared_ones() -> None:
    found = [each for each in list_policies(get_ownership()) if each.table == "items"]

    own = f'"app"."items"."user_id" = {USER}'
    assert found == [
        DatabasePolicy("app", "items", "back_office", "ALL", ("admin_rw",), "true", "true"),
        DatabasePolicy("app", "items", "own", "ALL", ("api_rw",), own, own),
        DatabasePolicy("app", "items", "owner", "ALL", ("app_owner",), "true", "true"),
        DatabasePolicy("app", "items", "public_reading", "SELECT", ("api_rw",), '"app"."items"."is_active"'),
    ]


def test_row_security_is_enabled_and_forced_where_policies_are_declared() -> None:
    found = list_row_security(get_ownership())

    assert {f"{each.schema}.{each.table}" for each in found} == {model._meta.db_table for model, _ in iter_protected()}
    assert set(found) == {RowSecurity(each.schema, each.table, enabled=True, forced=True) for each in found}


def test_command_decides_which_conditions_there_are() -> None:
    condition = Q(is_active=True)
    text = '"app"."items"."is_active"'
    written = {
        command: write_policy(Item, Policy("p", "api", command, using=condition), get_ownership())
        for command in ("all", "select", "update", "delete")
    }
    insert = write_policy(Item, Policy("p", "api", "insert", check=condition), get_ownership())

    assert written == {"all": (text, text), "select": (text, ""), "update": (text, text), "delete": (text, "")}
    assert insert == ("", text)


def test_check_may_differ_from_using() -> None:
    policy = Policy("p", "api", using=Q(is_active=True), check=Q(version=1))

    assert write_policy(Item, policy, get_ownership()) == ('"app"."items"."is_active"', '"app"."items"."version" = 1')


def test_values_are_quoted() -> None:
    text = write(Item, Q(name__in=["it's", "100%"]) & ~Q(currency="EUR"))

    assert text == (
        """("app"."items"."name" IN ('it''s', '100%') AND NOT ("app"."items"."currency" = 'EUR'))"""  #
    )


def test_current_tenant_is_that_of_a_key_alone() -> None:
    assert write(Membership, Q(tenant_id=CurrentTenant())) == f'"app"."memberships"."tenant_id" = {TENANT}'


def test_id_has_the_type_of_its_column() -> None:
    text = write(Item, Q(version=CurrentUser(models.BigIntegerField())))

    assert text.endswith("::bigint)")


def test_map_without_proofs_believes_what_the_service_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expressions, "find_ownership", lambda: replace(get_ownership(), proofs={}))
    user = "(SELECT nullif(pg_catalog.current_setting('freehold.user_id', true), '')::uuid)"
    tenant = (
        "(SELECT CASE WHEN pg_catalog.current_setting('freehold.principal', true) = 'api_key' "
        "THEN nullif(pg_catalog.current_setting('freehold.tenant_id', true), '') END::uuid)"
    )

    assert write(Item, Q(user_id=CurrentUser())) == f'"app"."items"."user_id" = {user}'
    assert write(Membership, Q(tenant_id=CurrentTenant())) == f'"app"."memberships"."tenant_id" = {tenant}'


def test_function_of_a_set_is_asked_once_a_statement() -> None:
    text = write(Membership, OneOf("tenant_id", "app.list_tenants_of_user(text[])", ["owner"]))

    assert text == (
        """"app"."memberships"."tenant_id" = ANY (ARRAY(SELECT "app"."list_tenants_of_user"('{owner}'::text[])))"""
    )


def test_function_is_asked_about_a_column() -> None:
    text = write(Membership, ~Q(Holds("app.exists_tenant(uuid)", F("tenant_id"))))

    assert text == """NOT ("app"."exists_tenant"("app"."memberships"."tenant_id"::uuid))"""


def test_few_rows_of_another_table_are_read_once_a_statement() -> None:
    text = write(ItemImage, Within("item", Q(user_id=CurrentUser())))

    assert text.startswith('"app"."item_images"."item_id" = ANY (ARRAY(SELECT "app"."items"."id"')
    assert text.endswith(f'FROM "app"."items" WHERE "app"."items"."user_id" = {USER}))')


@pytest.mark.parametrize(
    "condition",
    [Through("item", Q(is_active=True)), Has("items.Item", Q(pk=OuterRef("item_id"), is_active=True))],
    ids=["through", "has"],
)
def test_many_rows_of_another_table_are_looked_for(condition: Condition) -> None:
    text = write(ItemImage, condition).replace('"U0"', "U0")  # Django 6.1 puts its aliases in quotes

    assert text.startswith('EXISTS(SELECT 1 AS "a" FROM "app"."items" U0 WHERE ')
    assert 'U0."id" = ("app"."item_images"."item_id")' in text
    assert 'U0."is_active"' in text


def test_who_acts_is_asked_in_sub_selects_alone() -> None:
    asked = [f"(SELECT {write_asking(get_ownership(), what)}::uuid)" for what in ("user", "tenant")]  # type: ignore[arg-type]
    for policy in list_policies(get_ownership()):
        for text in (policy.using, policy.check):
            for each in asked:
                text = text.replace(each, "")
            assert "current_setting(" not in text
            assert "user_of_" not in text
            assert "tenant_of_" not in text


def test_every_column_is_qualified() -> None:
    for policy in list_policies(get_ownership()):
        for text in (policy.using, policy.check):
            names = re.findall(r'(?<![."\w])"(\w+)"(?!\.)', re.sub(r'AS "\w+"| "U0" ', "", text))
            assert names == [], text


@pytest.mark.parametrize(
    ("policy", "text"),
    [
        (Policy("p", "api", using=Q(user__email="a@b.c")), "Joined field references are not permitted in this query"),
        (Policy("p", "api", using=Q(colour="red")), "Cannot resolve keyword 'colour' into field."),
        (Policy("p", "api"), "has no condition: say using=Q(…), check=Q(…) for an insert, or everything=True"),
        (Policy("p", "api", using=OneOf("user_id", "list_users()")), "list_users() is no function of 0"),
        (
            Policy("p", "api", using=OneOf("user_id", "app.list_users(text)")),
            "app.list_users(text) is no function of 0",
        ),
    ],
    ids=["join", "field", "nothing", "schema", "arguments"],
)
def test_what_can_not_be_written_is_an_error(policy: Policy, text: str) -> None:
    with pytest.raises(PolicyError) as caught:
        write_policy(Item, policy, get_ownership())

    assert text in str(caught.value)


def test_condition_that_always_or_never_holds_is_a_constant() -> None:
    assert write(Item, ~Q(pk__in=[])) == "true"
    assert write(Item, Q(pk__in=[])) == "false"


def test_model_without_policies_is_not_protected() -> None:
    from master.models import Category

    assert find_policies(Category) is None
    assert find_policies(Item) == Item.policies


@isolate_apps("items")
def test_proxy_has_its_parents_policies_and_a_child_table_its_own() -> None:
    class Proxy(Item):
        class Meta:
            app_label = "items"
            proxy = True

    class Child(Item):
        class Meta:
            app_label = "items"

    assert find_policies(Proxy) == Item.policies
    assert find_policies(Child) is None
