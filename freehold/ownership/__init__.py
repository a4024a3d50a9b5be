"""Who owns what, as values. `get_ownership()` gives the project's own map."""

from freehold.ownership.map import Contract, Group, Move, Ownership, Schema, Service
from freehold.ownership.registry import get_ownership

__all__ = ["Contract", "Group", "Move", "Ownership", "Schema", "Service", "get_ownership"]
