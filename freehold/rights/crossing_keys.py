"""Foreign keys from tables of one owner to those of another, and what they do to the other's deletes.

PostgreSQL carries a delete out, or refuses it, whoever deletes: a key that holds its row keeps the other owner's
service from deleting it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from freehold.ownership.key_actions import advise, is_let, list_let_actions
from freehold.ownership.map import FREEING, Ownership
from freehold.plans import fetch_planned
from freehold.rights.borrowed import Spans, get_borrowed_parameters
from freehold.sqlfiles import read_bare


class CrossingKey(NamedTuple):
    """A key `about` with its action, which points at `target`; `root` in `schema` is whose rows are deleted.

    `owner` is that of the table whose key points at `root`: this key's, or one further up by which rows of `target` go
    along. `is_stuck` says that it would write NULL where none may stand.
    """

    about: str
    action: str
    target: str
    schema: str
    root: str
    owner: str
    is_direct: bool
    is_stuck: bool

    @property
    def found(self) -> str:
        """What it does."""
        words = f"ON DELETE {self.action} of a key to {self.target}"
        words += ", of a column that takes no NULL" if self.is_stuck else ""
        return words if self.is_direct else f"{words}, whose rows go with those of {self.root}"

    def is_let(self, ownership: Ownership) -> bool:
        let = list_let_actions(ownership, self.schema, self.owner)
        if not self.is_direct and self.is_stuck:
            let = (*FREEING, *let)  # what else it does within its owner's tables is the owner's
        return is_let(self.action, let, is_stuck=self.is_stuck)

    def describe_let(self, ownership: Ownership) -> str:
        """Say which actions it may have."""
        *others, last = list_let_actions(ownership, self.schema, self.owner)
        return f"ON DELETE {', '.join(others)} or {last}" if others else f"ON DELETE {last}"

    def advise(self, ownership: Ownership) -> str:
        return advise(ownership, self.schema, self.owner, self.action)


def list_keys_in(connection: Any, ownership: Ownership, spans: Spans) -> list[CrossingKey]:
    """Give the keys that no contract lets be so, where transactions in these spans wrote them."""
    text = read_bare(__file__, "crossing_keys")
    rows = fetch_planned(connection, text, **get_borrowed_parameters(ownership, spans))
    keys = [CrossingKey(*row[:8]) for row in rows if row[8]]
    return sorted(key for key in keys if not key.is_let(ownership))
