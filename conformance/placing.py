"""Puts a prefix before every model's table: historical models and the tables between many-to-many fields included."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.backends.utils import truncate_name
from django.db.models.signals import class_prepared

LONGEST = 63  # bytes of a name in PostgreSQL
OWN = {"django_migrations"}  # Django's record of migrations belongs to no app and stays where it is


def install(prefix: str) -> None:
    """Listen for models. Must run before the first one is defined."""
    if prefix:
        class_prepared.connect(partial(place, prefix), weak=False, dispatch_uid="conformance")


def place(prefix: str, sender: Any, **kwargs: Any) -> None:
    """Rename the model's table. Receives `class_prepared`."""
    options = sender._meta
    if options.db_table and options.db_table not in OWN:
        options.db_table = rename(options.db_table, prefix)


def rename(table: str, prefix: str) -> str:
    """Give the table's name with the prefix, unless it has it: a proxy's is its parent's.

    The control's is shortened as Django does it; a schema is no part of a table's name and takes none of its room.
    """
    if table.startswith(prefix):
        return table
    return prefix + table if prefix.endswith(".") else truncate_name(prefix + table, LONGEST)
