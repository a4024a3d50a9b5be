"""Freehold's engine: several modules and services on one PostgreSQL, unable to hurt each other.

It knows no feature app: what lies where is told by the ownership map that `settings.OWNERSHIP` names.
"""

__version__ = "0.1.0"
