"""Who asks: the service `api` for a user, for a key or for nobody; and what a refusal looks like."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from django.db import Error, transaction

from freehold.acting import ANONYMOUS, Acting, Principal
from freehold.errors import PolicyError
from freehold.services import acting_as


def as_user(user: Any) -> AbstractContextManager[Acting]:
    return acting_as("api", Principal("user", str(user.pk)))


def as_key(tenant: Any) -> AbstractContextManager[Acting]:
    return acting_as("api", Principal("api_key", "", str(tenant.pk)))


def as_nobody() -> AbstractContextManager[Acting]:
    return acting_as("api", ANONYMOUS)


@contextmanager
def refused(table: str) -> Iterator[None]:
    """Expect the refusal of a row of the table: the database's or the ORM's, in the same words."""
    with pytest.raises(PolicyError) as caught, transaction.atomic():
        yield
    words = rf"service 'api' may not (insert|update|delete) this row of {table}: it lies outside the policies .+"
    assert re.fullmatch(words, str(caught.value))
    assert isinstance(caught.value, Error)
