"""The models of schema master."""

from master.models.category import Category
from master.models.location import Location

__all__ = ["Category", "Location"]
