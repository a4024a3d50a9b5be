"""What machines show to read what is not for everybody."""

from __future__ import annotations

import re

from config.environment.variables import SettingError, describe, read_text

SHORTEST = 32  # characters
_SHAPE = re.compile(r"[A-Za-z0-9._~+/=-]+")  # RFC 6750, section 2.1
WAY = "`python -c 'import secrets; print(secrets.token_urlsafe(32))'`"


def read_token(name: str) -> str:
    """Give the variable as a token for `Authorization: Bearer`, empty where it is unset.

    Raises:
        SettingError: it is short, or can't stand in that header. The message does not show it.
    """
    token = read_text(name)
    if not token or (len(token) >= SHORTEST and _SHAPE.fullmatch(token)):
        return token
    raise SettingError(
        f"{describe(name, token)} has to be {SHORTEST} letters, digits or signs of ._~+/=- at least: make one by {WAY}"
    )
