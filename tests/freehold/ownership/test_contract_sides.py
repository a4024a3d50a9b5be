"""A service may be called like a schema: a contract then tells by what it shares whom it is for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from freehold.ownership import Contract, Ownership, Schema, Service
from freehold.ownership.comparable import DatabaseObject, Grant
from freehold.ownership.compilation import compile_contracts
from freehold.ownership.contract_sides import list_sides
from freehold.ownership.document import build_document
from freehold.ownership.validation import list_problems
from freehold.services import compile_rights

SHARED = Contract(
    "auth",
    consumer="billing",
    read={"user": ("email",)},
    reference={"user": ("id",)},
    call=("find(text)",),
    comment="whose bills",
)
BILLING = Ownership(
    schemas=(Schema("auth", service="web"), Schema("billing", service="billing"), Schema("public", owner="migrator")),
    services=(Service("web", writes=("auth",)), Service("billing", writes=("billing",))),
    contracts=(SHARED,),
)


def test_service_may_be_called_like_its_schema() -> None:
    assert list_problems(BILLING) == []


def test_owner_references_and_service_reads_and_calls() -> None:
    schema, table = DatabaseObject("schema", "auth"), "user"

    assert compile_contracts(BILLING) == {
        Grant(schema, "USAGE", "billing_rw"),
        Grant(DatabaseObject("column", "auth", table, "email"), "SELECT", "billing_rw"),
        Grant(DatabaseObject("function", "auth", "find(text)"), "EXECUTE", "billing_rw"),
        Grant(schema, "USAGE", "billing_owner"),
        Grant(DatabaseObject("column", "auth", table, "id"), "REFERENCES", "billing_owner"),
    }
    assert compile_rights(BILLING, BILLING.services[1]).columns == {"auth.user": frozenset({"email"})}


def test_document_has_a_part_for_each_role() -> None:
    parts = build_document(BILLING)["contracts"]

    keys = ("consumer", "kind", "role", "read", "reference", "call")
    assert [tuple(part[key] for key in keys) for part in parts] == [
        ("billing", "service", "billing_rw", {"user": ["email"]}, {}, ["find(text)"]),
        ("billing", "schema", "billing_owner", {}, {"user": ["id"]}, []),
    ]


@pytest.mark.parametrize(
    ("entries", "kinds"), [({"call": (), "read": {}}, ["schema"]), ({"reference": {}}, ["service"])]
)
def test_part_that_shares_nothing_is_none(entries: dict[str, Any], kinds: list[str]) -> None:
    assert [side.kind for side in list_sides(BILLING, replace(SHARED, **entries))] == kinds


@pytest.mark.parametrize(
    "contract",
    [
        Contract("billing", consumer="billing", read={"bills": ("id",)}),
        Contract("billing", consumer="billing", reference={"bills": ("id",)}),
    ],
    ids=["read", "reference"],
)
def test_contract_with_oneself_is_refused(contract: Contract) -> None:
    assert list_problems(replace(BILLING, contracts=(contract,))) == [
        "Contract 'billing' for 'billing': provider and consumer are the same, which needs no contract: remove it"
    ]


def test_service_that_owns_another_schema_of_its_own_reads_what_it_is_called_like() -> None:
    schemas = (replace(BILLING.schemas[0], service="billing"), replace(BILLING.schemas[1], service="web"))
    services = (Service("web", writes=("billing",)), Service("billing", writes=("auth",)))
    contract = Contract("billing", consumer="billing", read={"bills": ("id",)})
    ownership = Ownership(schemas=schemas, services=services, contracts=(contract,))

    assert list_problems(ownership) == []
    assert {grant.grantee for grant in compile_contracts(ownership)} == {"billing_rw"}


def test_owner_may_reference_what_its_namesake_service_owns() -> None:
    schemas = (replace(BILLING.schemas[0], service="billing"), BILLING.schemas[1])
    services = (Service("billing", writes=("auth", "billing")),)
    contract = Contract("auth", consumer="billing", reference={"user": ("id",)})

    assert list_problems(Ownership(schemas=schemas, services=services, contracts=(contract,))) == []
