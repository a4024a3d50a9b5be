"""Fixtures for every test of the engine."""

from tests.freehold.halls import hall, made_hall
from tests.freehold.lanes import lane

__all__ = ["hall", "lane", "made_hall"]
