"""Who asks: the service `api` for a user, for a key or for nobody; and what a refusal looks like."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from django.db import Error, connection, transaction

from freehold import LazyPrincipal
from freehold.acting import ANONYMOUS, Acting, Principal
from freehold.errors import PolicyError
from freehold.services import acting_as
from tenancy.services.api_key import get_proof, issue_api_key


def as_user(user: Any) -> AbstractContextManager[Acting]:
    return acting_as("api", Principal("user", str(user.pk)))


def as_key(project: Any) -> AbstractContextManager[Acting]:
    """Act for a key to the project that is made for this: by its proof where the database finds who that is."""
    text = issue_api_key(project=project, name="of a test").text
    if connection.vendor == "postgresql":
        return acting_as("api", LazyPrincipal(f"api_key:{get_proof(text)}"))
    return acting_as("api", Principal("api_key", "", str(project.tenant_id), part_id=str(project.pk)))


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
