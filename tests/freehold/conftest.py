"""Fixtures for every test of the engine."""

from tests.freehold.halls import hall, made_hall

__all__ = ["hall", "made_hall"]
