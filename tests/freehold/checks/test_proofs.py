"""E035 and W032: policies whose service may not ask who acts, and policies that believe what a service says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.core.checks import CheckMessage, run_checks

from config.ownership import OWNERSHIP
from freehold.ownership import Withheld


def find(check_id: str) -> list[CheckMessage]:
    return [each for each in run_checks(tags=["freehold"], databases=[]) if each.id == check_id]


def share(*calls: str) -> tuple[Any, ...]:
    """The project's contracts, of which the one of auth with api lists these functions."""
    return tuple(
        replace(each, call=calls) if (each.schema, each.consumer) == ("auth", "api") else each
        for each in OWNERSHIP.contracts
    )


def test_project_has_neither() -> None:
    assert find("freehold.E035") + find("freehold.W032") == []


def test_service_that_may_not_ask_is_named_with_its_contract(use: Callable[..., None]) -> None:
    use(contracts=share("user_of_session()", "tenant_of_ticket()"))

    (message,) = find("freehold.E035")

    assert "asks auth.user_of_ticket(), which the service 'api' may not call" in message.msg
    assert message.hint == 'Let it: Contract("auth", consumer="api", call=("user_of_ticket()",)).'


def test_function_that_is_withheld_from_whoever_writes_its_schema_is_named(use: Callable[..., None]) -> None:
    withheld = (Withheld("tenant_of_api_key()"),)
    use(schemas=tuple(replace(each, withheld=withheld) if each.name == "app" else each for each in OWNERSHIP.schemas))

    (message,) = find("freehold.E035")

    assert "app.tenant_of_api_key(), which the service 'api' may not call" in message.msg


def test_map_without_proofs_is_told_what_that_means(use: Callable[..., None]) -> None:
    use(proofs={})

    (message,) = find("freehold.W032")

    assert "believe the service that says who acts" in message.msg
    assert "docs/identity.md" in (message.hint or "")
