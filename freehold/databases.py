"""`DATABASE_URL` becomes an entry of Django's DATABASES."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from freehold.errors import DatabaseURLError

Database = dict[str, Any]


def parse_database_url(url: str, *, base: Path, schemas: Sequence[str], login: str) -> Database:
    """Give the DATABASES entry for `url`; a relative file path counts from `base`.

    `schemas` are the names the backend splits off a table's name. `login` is the role to connect as where the URL
    names no user; the entry's SWITCH_LOGIN is then True, and commands that need another login take it
    (`freehold.logins`).

    Raises:
        DatabaseURLError: the URL is none of the three kinds, or lacks a part.
    """
    parts = urlsplit(url)
    path = unquote(parts.path)
    if parts.scheme == "sqlite":
        name = path.removeprefix("/") if url.startswith("sqlite:///") else path
        return {
            "ENGINE": "freehold.backends.sqlite3",
            "NAME": str(base / name),
            "OPTIONS": {"schemas": list(schemas)},
        }
    options: dict[str, Any] = {"schemas": list(schemas), **dict(parse_qsl(parts.query))}
    if parts.scheme == "embedded":
        return {
            "ENGINE": "freehold.backends.postgresql",
            "NAME": "freehold",
            "USER": login,
            "SWITCH_LOGIN": True,
            "OPTIONS": {**options, "embedded": str(base / path)},
        }
    if parts.scheme in {"postgresql", "postgres"}:
        return {
            "ENGINE": "freehold.backends.postgresql",
            "NAME": path.removeprefix("/"),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            "USER": unquote(parts.username or login),
            "PASSWORD": unquote(parts.password or ""),
            "SWITCH_LOGIN": not parts.username,
            "OPTIONS": options,
        }
    raise DatabaseURLError(f"DATABASE_URL has the unknown scheme {parts.scheme!r}: use postgresql, embedded or sqlite")
