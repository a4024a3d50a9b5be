"""Limits: how often somebody may do something, counted in the database beside every transaction. docs/limits.md

A request that is rolled back has counted, and all processes of a service count together.
"""

from freehold.limits.counting import forget, take
from freehold.limits.values import Limit, LimitsError, Taken

__all__ = ["Limit", "LimitsError", "Taken", "forget", "take"]
