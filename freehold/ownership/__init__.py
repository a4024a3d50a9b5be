"""Who owns what, as values. `get_ownership()` gives the project's own map."""

from freehold.ownership.lookup import find_ownership, get_ownership
from freehold.ownership.map import Contract, Group, Move, Ownership, Schema, Service

__all__ = ["Contract", "Group", "Move", "Ownership", "Schema", "Service", "find_ownership", "get_ownership"]
