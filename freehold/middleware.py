"""The old path of `freehold.services.middleware`, for one release."""

from __future__ import annotations

from typing import Any

from freehold.moved import hand_on


def __getattr__(name: str) -> Any:
    return hand_on(__name__, "freehold.services.middleware", name)
