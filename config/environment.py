"""Typed readers of environment variables. Each error names the variable, what it holds and what it takes."""

from __future__ import annotations

import os
from collections.abc import Sequence

from freehold.errors import FreeholdError

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off"}


class SettingError(FreeholdError):
    """An environment variable holds what its setting can't take."""


def read_text(name: str, default: str = "") -> str:
    """Give the variable's text, or `default` where it is unset or blank."""
    return os.environ.get(name, "").strip() or default


def read_bool(name: str, *, default: bool) -> bool:
    """Give the variable as a yes or no.

    Raises:
        SettingError: it is neither.
    """
    text = read_text(name).lower()
    if text and text not in TRUE | FALSE:
        raise SettingError(f"{name}={text!r} is neither yes nor no: set it to 1 or 0")
    return text in TRUE if text else default


def read_choice(name: str, choices: Sequence[str], *, default: str) -> str:
    """Give the variable as one of `choices`.

    Raises:
        SettingError: it is none of them.
    """
    text = read_text(name, default)
    if text not in choices:
        raise SettingError(f"{name}={text!r} is not known: set it to one of {', '.join(choices)}")
    return text


def read_list(name: str, default: Sequence[str] = ()) -> list[str]:
    """Give the variable's comma-separated entries, without blanks."""
    text = read_text(name)
    return [entry.strip() for entry in text.split(",") if entry.strip()] if text else list(default)
