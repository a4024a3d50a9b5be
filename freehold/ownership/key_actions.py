"""What foreign keys that cross owners may do when a row that they point at is deleted, as contracts say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from freehold.ownership.contract_sides import list_sides
from freehold.ownership.map import FREEING, Contract, Ownership

HOLDING: Final = ("NO ACTION", "RESTRICT")  # those that keep an owner from deleting rows of its own
ACTIONS: Final = (*FREEING, *HOLDING)


def list_let_actions(ownership: Ownership, schema: str, owner: str) -> tuple[str, ...]:
    """Give the actions of ON DELETE that keys of `owner`, a role, into `schema` may have."""
    let = [each for contract in iter_referring(ownership, schema, owner) for each in contract.on_delete]
    return tuple(action for action in ACTIONS if action in let) or FREEING


def iter_referring(ownership: Ownership, schema: str, owner: str) -> Iterator[Contract]:
    """Yield the contracts that let `owner` point keys into `schema`."""
    for contract in ownership.contracts:
        sides = list_sides(ownership, contract) if contract.schema == schema and contract.reference else []
        if any(side.kind == "schema" and side.role == owner for side in sides):
            yield contract


def may_cross(ownership: Ownership, owner: str) -> bool:
    """Tell whether any contract lets `owner` point keys at another's tables."""
    return any(any(iter_referring(ownership, schema, owner)) for schema in ownership.schema_names)


def is_let(action: str, let: tuple[str, ...], *, is_stuck: bool) -> bool:
    """Tell whether a key may have an action; `is_stuck` says that it would write NULL where none may stand, so that it
    holds the row that it points at as NO ACTION does."""
    return action in let and not (is_stuck and not set(HOLDING) & set(let))


def advise(ownership: Ownership, schema: str, owner: str, action: str) -> str:
    """Say how a key of `owner` gets another action, or is let have this one."""
    let = list_let_actions(ownership, schema, owner)
    ways = " or ".join(f"ON DELETE {each}" for each in let)
    consumers = [each.consumer for each in iter_referring(ownership, schema, owner)]
    consumers += [each.name for each in ownership.schemas if each.owner == owner]
    if not consumers:
        return f"Drop the key, or make it anew with {ways}"
    wanted = tuple(dict.fromkeys([*let, action if action in HOLDING else HOLDING[0]]))
    return (
        f"Make it anew with {ways} (on_delete=models.DB_CASCADE and its like), or let it: "
        f'on_delete={wanted!r} of Contract("{schema}", consumer="{consumers[0]}")'
    ).replace("'", '"')


def iter_action_problems(label: str, contract: Contract) -> Iterator[str]:
    """Say which actions are none, and that they are said of no key."""
    for action in contract.on_delete:
        if action not in ACTIONS:
            yield f"{label}: on_delete {action!r} is no action of ON DELETE: use some of {', '.join(ACTIONS)}"
    if not contract.on_delete:
        yield f"{label}: on_delete lists no action, and each key has one: use some of {', '.join(ACTIONS)}"
    elif contract.on_delete != FREEING and not contract.reference:
        yield f"{label}: on_delete is about keys, and it lets nobody reference anything: drop on_delete"
