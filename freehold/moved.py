"""Hands on what an old dotted path named, with a warning that says the new one. Gone with the next release."""

from __future__ import annotations

import importlib
import warnings
from typing import Any


def hand_on(old: str, new: str, name: str) -> Any:
    """Give what `old.name` named; `new` is the module that has it now.

    Raises:
        AttributeError: that has no such name either.
    """
    found = getattr(importlib.import_module(new), name)  # first: a name that is not there is no use of the old path
    if not name.startswith("__"):
        warning = f"{old}.{name} is {new}.{name} now: the old path goes with the next release"
        warnings.warn(warning, DeprecationWarning, stacklevel=3)
    return found
