"""Runs Django's own test suite against the backends; `make conformance` calls it, docs/conformance.md explains it.

Two kinds of process meet here. `__main__` and what it imports direct the runs and never import Django's settings;
`settings`, `placing`, `landing` and `recording` are loaded into each run of Django's `runtests.py`, and import nothing
of this repository but the engine and one another.
"""
