"""The ways to run the suite: which backend, and what becomes of the tables' names."""

from __future__ import annotations

from dataclasses import dataclass

SCHEMA = "conformance"  # known to the backend, and not on the search path


@dataclass(frozen=True)
class Mode:
    """A way to run the suite. `prefix` is put before the name of every model's table."""

    name: str
    ours: bool
    prefix: str = ""
    is_checked: bool = True  # against what the stock backend passes; the other two are what is compared with


STOCK = Mode("stock", ours=False, is_checked=False)
PLAIN = Mode("plain", ours=True)
MOVED = Mode("moved", ours=True, prefix=f"{SCHEMA}.")
CONTROL = Mode("control", ours=False, prefix=f"{SCHEMA}_", is_checked=False)
MODES = {mode.name: mode for mode in (PLAIN, MOVED, CONTROL, STOCK)}
DIALECTS = ("postgresql", "sqlite")

ENGINES = {
    ("postgresql", True): "freehold.backends.postgresql",
    ("postgresql", False): "django.db.backends.postgresql",
    ("sqlite", True): "freehold.backends.sqlite3",
    ("sqlite", False): "django.db.backends.sqlite3",
}
