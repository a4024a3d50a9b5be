"""Versioned rows that can be taken back: `manage.py seed up|down|status`. docs/seeds.md tells how to write one."""

from freehold.seeds.declaration import Rows, Seed

__all__ = ["Rows", "Seed"]
