"""Who owns what, as values. `get_ownership()` gives the project's own map."""

from freehold.ownership.elsewhere import Right
from freehold.ownership.lookup import find_ownership, get_ownership
from freehold.ownership.map import Contract, Group, Move, Ownership, Proof, Schema, Service, Withheld

__all__ = [
    "Contract",
    "Group",
    "Move",
    "Ownership",
    "Proof",
    "Right",
    "Schema",
    "Service",
    "Withheld",
    "find_ownership",
    "get_ownership",
]
