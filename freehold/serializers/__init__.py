"""Django's JSON and JSON Lines, whole: its own cut times to milliseconds, and a row that is loaded is another one.

`manage.py dumpdata` writes them; SERIALIZATION_MODULES may name them for other code.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.conf import settings
from django.core import serializers
from django.core.serializers.json import DjangoJSONEncoder

FORMATS: Final = ("json", "jsonl")


class ExactEncoder(DjangoJSONEncoder):
    """Writes times with their microseconds."""

    def default(self, o: Any) -> Any:
        """Give what JSON has for it."""
        if isinstance(o, datetime.datetime) or (isinstance(o, datetime.time) and o.tzinfo is None):
            return o.isoformat()
        return super().default(o)


@contextmanager
def exact_json() -> Iterator[None]:
    """Let Django's commands write these inside the block, where the project has not chosen its own."""
    chosen = getattr(settings, "SERIALIZATION_MODULES", {})
    mine = [name for name in FORMATS if name not in chosen]
    for name in mine:
        serializers.register_serializer(name, f"{__name__}.{name}")
    try:
        yield
    finally:
        for name in mine:
            serializers.register_serializer(name, serializers.BUILTIN_SERIALIZERS[name])
