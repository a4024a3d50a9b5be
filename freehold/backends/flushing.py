"""Tables that `flush` leaves alone: what they hold is about the database itself, and no test may be without it.

A model says so by `survives_flush = True`. `manage.py flush`, `sqlflush` and the end of a TransactionTestCase all ask
the backend for the statements.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.apps import apps


def list_kept_models() -> list[Any]:
    """Give the models whose rows a flush leaves alone."""
    return [model for model in apps.get_models() if getattr(model, "survives_flush", False)]


def leave_kept(tables: Iterable[str]) -> list[str]:
    """Give the tables without those."""
    kept = {model._meta.db_table for model in list_kept_models()}
    return [table for table in tables if table not in kept]


def drop_kept_rows(data: str) -> str:
    """Give a serialized database, a JSON list of objects, without the rows of those models: they are still there."""
    kept = {model._meta.label_lower for model in list_kept_models()}
    return json.dumps([row for row in json.loads(data) if row["model"] not in kept])
