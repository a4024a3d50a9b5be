"""Limits on requests, as one variable: `anonymous=600/60,user=3000/60`."""

from __future__ import annotations

from collections.abc import Mapping

from config.environment.variables import SettingError, describe, read_list, read_text
from freehold.limits.values import LimitsError, parse_limits

OFF = "off"


def read_limits(name: str, default: Mapping[str, str]) -> dict[str, str]:
    """Give the limits by what they are for: those of `default`, but for what the variable says; none where it is `off`.
    A single one is left out as `user=off`.

    Raises:
        SettingError: an entry is no limit, or for nothing that is known.
    """
    if read_text(name).lower() == OFF:
        return {}
    pairs = [entry.partition("=") for entry in read_list(name)]
    for key, sign, value in pairs:
        if key not in default or not sign or not value:
            raise SettingError(
                f"{describe(name, read_text(name))} has {key!r}: write off, or how many requests in how many seconds, "
                f"as {next(iter(default))}=600/60, for {', '.join(default)}"
            )
    found = {**default, **{key: value for key, _, value in pairs}}
    limits = {key: value for key, value in found.items() if value.lower() != OFF}
    try:
        parse_limits(limits)
    except LimitsError as error:
        raise SettingError(f"{name}: {error}") from None
    return limits
