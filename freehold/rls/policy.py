"""What a model says about its rows, and which models say anything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from django.db.models import Model, Q
from django.db.models.expressions import BaseExpression

from freehold.protected import find_declared, iter_protected_models

_Command = Literal["all", "select", "insert", "update", "delete"]
Condition = Q | BaseExpression

COMMANDS: Final = ("all", "select", "insert", "update", "delete")
OWNER: Final = "owner"  # the policy that each protected table has for the role that owns it


@dataclass(frozen=True)
class Policy:
    """Lets a service at some rows of a model: the rows that `using` picks, and new ones that `check` lets through.

    Several policies for one service and command add up; a service without any sees nothing. `check` is the same as
    `using` unless given. An insert has only `check`; select and delete have only `using`. `everything` stands for
    both, and must be said, so that no condition is forgotten.
    """

    name: str
    service: str
    command: _Command = "all"
    using: Condition | None = None
    check: Condition | None = None
    everything: bool = False

    def covers(self, command: str) -> bool:
        """Tell whether the policy speaks about a command: select, insert, update or delete."""
        return self.command in ("all", command)

    def get_old(self) -> Condition | None:
        """Give what rows must fulfil to be seen, changed or deleted."""
        return self.using

    def get_new(self) -> Condition | None:
        """Give what rows must fulfil as they are after an insert or an update."""
        return self.using if self.check is None else self.check


def find_policies(model: type[Model]) -> tuple[Policy, ...] | None:
    """Give the model's policies, or None where it declares none and is not protected."""
    found = find_declared(model)
    return None if found is None else tuple(each for each in found if isinstance(each, Policy))


def iter_protected() -> Iterator[tuple[type[Model], tuple[Policy, ...]]]:
    """Yield each installed model that declares policies, with them, once a table."""
    yield from ((model, find_policies(model) or ()) for model in iter_protected_models())
