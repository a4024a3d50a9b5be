"""Keys are made once and shown once."""

import hashlib
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from tenancy.models import ApiKey
from tenancy.services.api_key import issue_api_key, revoke_api_key
from tests.tenancy.factories import make_project

pytestmark = pytest.mark.django_db


def test_issue_api_key_stores_the_hash_alone() -> None:
    issued = issue_api_key(project=make_project(), name="CI", scopes=["runs:write"])

    row = ApiKey.objects.get()
    assert row == issued.api_key
    assert issued.text.startswith(f"{row.prefix}_")
    proof = hashlib.sha256(issued.text.encode()).hexdigest()
    assert row.key_hash == hashlib.sha256(proof.encode()).hexdigest()
    assert issued.text not in str(ApiKey.objects.values().get())
    assert row.scopes == ["runs:write"]


def test_issue_api_key_twice_gives_different_keys() -> None:
    project = make_project()

    first, second = (issue_api_key(project=project, name="CI") for _ in range(2))

    assert first.text != second.text
    assert len(first.text) > 50


def test_issued_key_repr_does_not_hold_the_key() -> None:
    issued = issue_api_key(project=make_project(), name="CI")

    assert issued.text not in repr(issued)


def test_issue_api_key_expired_is_refused() -> None:
    with pytest.raises(ValidationError) as caught:
        issue_api_key(project=make_project(), name="CI", expires_at=timezone.now() - timedelta(days=1))

    assert caught.value.messages == ["A key expires after it was made."]
    assert not ApiKey.objects.exists()


def test_issue_api_key_scopes_that_are_no_strings_are_refused() -> None:
    with pytest.raises(ValidationError) as caught:
        issue_api_key(project=make_project(), name="CI", scopes=[1])

    assert caught.value.message_dict == {"scopes": ['Enter a JSON array of strings, such as ["read"].']}


def test_revoke_api_key_twice_keeps_the_first_time() -> None:
    key = issue_api_key(project=make_project(), name="CI").api_key

    assert revoke_api_key(api_key=key) is True
    first = key.revoked_at
    assert revoke_api_key(api_key=key) is False

    assert ApiKey.objects.get().revoked_at == first == key.revoked_at
    assert not ApiKey.objects.usable().exists()
