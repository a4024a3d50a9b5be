"""The transaction in which one seed goes up or down, and what its failure looks like."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError, transaction

from freehold.errors import SeedError
from freehold.history.recording import writing_at_once

LOCK_TIMEOUT = "10s"  # for a row that someone else holds
# Row security stays on: the owner's policy shows every row, and off is an error for whoever has a policy at all.
PREPARE = "SELECT pg_catalog.set_config('lock_timeout', %s, true)"


@contextmanager
def seed_transaction(connection: Any, what: str) -> Iterator[None]:
    """Run the block in one transaction; `what` begins the error, such as `seed x was not applied`.

    Raises:
        SeedError: the database refused something.
    """
    try:
        with writing_at_once(connection), transaction.atomic(using=connection.alias):
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute(PREPARE, [LOCK_TIMEOUT])
            yield
    except DatabaseError as error:
        raise SeedError(f"{what}: {explain(error)}") from error


def explain(error: DatabaseError) -> str:
    """Give the database's own words, but not its DETAIL, which holds the values of the row."""
    cause = error.__cause__
    message = getattr(getattr(cause, "diag", None), "message_primary", None)
    return message or (str(error).splitlines() or [type(error).__name__])[0]
