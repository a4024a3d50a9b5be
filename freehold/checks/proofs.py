"""E035 and W032: how policies learn who acts."""

from __future__ import annotations

from collections.abc import Iterator

from django.core import checks
from django.core.checks import CheckMessage

from freehold.acting import TENANT, USER
from freehold.checks.subjects import AppConfigs, check_of_owners
from freehold.errors import PolicyError
from freehold.ownership import Ownership
from freehold.ownership.comparable import DatabasePolicy
from freehold.ownership.proofs import list_asked, may_call, split_function, write_call
from freehold.rls.policy_sql import list_policies


@check_of_owners
def _check_proofs(app_configs: AppConfigs, ownership: Ownership) -> Iterator[CheckMessage]:
    """E035 and W032, asked of the whole project: policies that can't ask, or that believe what a service says."""
    if app_configs is not None:
        return
    try:
        policies = list_policies(ownership)
    except PolicyError:  # E030 to E032 say what is wrong
        return
    if ownership.proofs:
        yield from _iter_closed_functions(policies, ownership)
    else:
        yield from _iter_believers(policies)


def _iter_closed_functions(policies: list[DatabasePolicy], ownership: Ownership) -> Iterator[CheckMessage]:
    for name in list_asked(ownership):
        for service in ownership.services:
            mine = [each for each in policies if service.login in each.roles and _mentions(each, write_call(name))]
            if mine and not may_call(ownership, service, name):
                schema, signature = split_function(name)
                yield checks.Error(
                    f"The policy {mine[0].name!r} of {mine[0].schema}.{mine[0].table} asks {name}, which the service "
                    f"{service.name!r} may not call: each of its statements on that table is refused.",
                    hint=f'Let it: Contract("{schema}", consumer="{service.name}", call=("{signature}",)).',
                    obj="proofs",
                    id="freehold.E035",
                )


def _iter_believers(policies: list[DatabasePolicy]) -> Iterator[CheckMessage]:
    believing = [each for each in policies if _mentions(each, f"'{USER}'") or _mentions(each, f"'{TENANT}'")]
    if believing:
        yield checks.Warning(
            f"The policy {believing[0].name!r} of {believing[0].schema}.{believing[0].table}, and {len(believing) - 1} "
            "more, believe the service that says who acts: an injected statement can say that it is anybody.",
            hint="Name the functions by which the database finds who acts, as Ownership(proofs=…): docs/identity.md.",
            obj="proofs",
            id="freehold.W032",
        )


def _mentions(policy: DatabasePolicy, text: str) -> bool:
    return text in policy.using or text in policy.check
