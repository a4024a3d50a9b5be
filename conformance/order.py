"""What one run of `runtests.py` is told, through one environment variable."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from conformance.modes import MODES, Mode

VARIABLE = "FREEHOLD_CONFORMANCE"


@dataclass(frozen=True)
class Order:
    """One run: where its database is, how it is to be used, and where the results go."""

    dialect: str
    mode_name: str
    name: str  # of this run among those that go on at once: part of its databases' names
    report: str
    server: dict[str, Any] = field(default_factory=dict)  # HOST, PORT, USER, PASSWORD

    @property
    def mode(self) -> Mode:
        """The mode by its name."""
        return MODES[self.mode_name]

    def get_environment(self, path: Path) -> dict[str, str]:
        """Give the environment of the process; `path` holds the engine and this package, and nothing else."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "DJANGO_", "DATABASE"))}
        return {**kept, "PYTHONPATH": str(path), VARIABLE: json.dumps(asdict(self))}


def read_order() -> Order:
    """Give what this process was told."""
    return Order(**json.loads(os.environ[VARIABLE]))
