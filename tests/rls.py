"""Who asks: the service `api` for a user, for a key or for nobody; and what a refusal looks like."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from django.db import Error, transaction

from freehold.acting import ANONYMOUS, Acting, Principal
from freehold.services import acting_as
from tests.dialect import DIALECT


def as_user(user: Any) -> AbstractContextManager[Acting]:
    return acting_as("api", Principal("user", str(user.pk)))


def as_key(tenant: Any) -> AbstractContextManager[Acting]:
    return acting_as("api", Principal("api_key", "", str(tenant.pk)))


def as_nobody() -> AbstractContextManager[Acting]:
    return acting_as("api", ANONYMOUS)


@contextmanager
def refused(table: str) -> Iterator[None]:
    """Expect the database's refusal, or the ORM's, of a row of the table."""
    with pytest.raises(Error) as caught, transaction.atomic():
        yield
    if DIALECT == "postgresql":
        name = table.partition(".")[2]
        assert re.search(
            f'new row violates row-level security policy (.USING expression. )?for table "{name}"', str(caught.value)
        )
    else:
        assert str(caught.value).startswith("service 'api' may not ")
        assert f" of {table}: it lies outside the policies " in str(caught.value)
