"""JSON documents on their way to a database."""

from __future__ import annotations

import json
from typing import Any

import msgspec


def encode_json(value: Any) -> bytes:
    """Give a value as JSON.

    Raises:
        ValueError: it holds NaN or infinity, which JSON has not.
    """
    found = msgspec.json.encode(value)
    if b"null" in found:  # which is what is written for them
        json.dumps(msgspec.to_builtins(value, str_keys=True), allow_nan=False)
    return found


def write_as_django(value: Any) -> str:
    """Give it in Django's form: SQLite compares JSON as text."""
    return json.dumps(json.loads(encode_json(value)))
