"""A key that was revoked stays revoked, and is the key to one project, whoever writes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import Error, transaction
from django.utils import timezone

from freehold.admin.refusals import describe_refusal
from freehold.services import acting_as
from tenancy.models import ApiKey
from tests.tenancy.factories import make_api_key, make_project

pytestmark = pytest.mark.django_db
REVOKED = "A key that was revoked stays revoked, since the same moment"
ANOTHER = "A key is for one project and has one hash, both for good"

REFUSED: dict[str, tuple[Callable[[], dict[str, Any]], str]] = {
    "not revoked any more": (lambda: {"revoked_at": None}, REVOKED),
    "revoked later": (lambda: {"revoked_at": timezone.now() + timedelta(days=9)}, REVOKED),
    "another hash": (lambda: {"key_hash": "0" * 64}, ANOTHER),
    "another project": (lambda: {"project": make_project()}, ANOTHER),
}


@pytest.mark.parametrize("what", REFUSED)
def test_revoked_key_is_left_as_it_is_and_admin_is_told_why(what: str) -> None:
    key = make_api_key(created_at=timezone.now() - timedelta(hours=1), revoked_at=timezone.now())
    make, words = REFUSED[what]
    change = make()

    with acting_as("admin"), pytest.raises(Error) as caught, transaction.atomic():
        ApiKey.objects.filter(pk=key.pk).update(**change)

    assert describe_refusal(caught.value) == words


@pytest.mark.parametrize("what", ["another hash", "another project"])
def test_key_in_use_does_not_change_either(what: str) -> None:
    key = make_api_key()
    make, words = REFUSED[what]
    change = make()

    with acting_as("admin"), pytest.raises(Error) as caught, transaction.atomic():
        ApiKey.objects.filter(pk=key.pk).update(**change)

    assert describe_refusal(caught.value) == words


def test_key_is_revoked_once_and_the_rest_of_it_may_change() -> None:
    key = make_api_key(created_at=timezone.now() - timedelta(hours=1))

    with acting_as("admin"):
        key.revoked_at = timezone.now()
        key.save()
        key.name = "Old"
        key.save()

    assert ApiKey.objects.get(pk=key.pk).name == "Old"
