"""Whom a contract is for: a service, the owner of a schema, or a part for each."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, NamedTuple

from freehold.ownership.map import ALL, Contract, Ownership


class ContractSide(NamedTuple):
    """What of a contract goes to one role: a service's login, or the owner of a schema."""

    contract: Contract
    kind: Literal["service", "schema"]
    role: str


def list_sides(ownership: Ownership, contract: Contract) -> list[ContractSide]:
    """Give what goes to whom; none where the consumer is unknown.

    A name may be that of a service and of a schema. Then the owner references and the service reads and calls: a
    service makes no tables, and an owner runs no queries but those of migrations.
    """
    if contract.consumer == ALL and ownership.combined:
        return [ContractSide(contract, "service", ownership.combined)]
    service, schema = ownership.find_service(contract.consumer), ownership.find_schema(contract.consumer)
    if service is None or schema is None:
        sides = [ContractSide(contract, "service", service.login)] if service else []
        return sides or ([ContractSide(contract, "schema", schema.owner)] if schema else [])
    sides = [
        ContractSide(replace(contract, reference={}), "service", service.login),
        ContractSide(replace(contract, read={}, call=()), "schema", schema.owner),
    ]
    return [side for side in sides if not side.contract.is_empty]
