"""The feature app `profile`, which shares its name with a standard-library module.

`cProfile` does `import profile` and takes names from it. With this project's root first on the path it finds this
package, so the standard module's public names are handed on, loaded from its own file only when asked for.
"""

from __future__ import annotations

import importlib.util
import sysconfig
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

STANDARD_FILE = Path(sysconfig.get_path("stdlib")) / "profile.py"
HANDED_ON = frozenset({"run", "runctx", "Profile", "_Utils", "main", "help"})


def __getattr__(name: str) -> Any:
    if name in HANDED_ON:
        return getattr(load_standard_profile(), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


@cache
def load_standard_profile() -> ModuleType:
    """Give the standard library's `profile`, loaded from its file since its name leads here."""
    spec = importlib.util.spec_from_file_location("_standard_profile", STANDARD_FILE)
    if spec is None or spec.loader is None:
        raise ImportError(f"the standard library's profile module is not at {STANDARD_FILE}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
