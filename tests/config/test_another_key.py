"""Another secret key, as docs/operations.md says it: what the old one signed is good while it is a fallback."""

from __future__ import annotations

import secrets

import pytest
from django.contrib.auth.tokens import default_token_generator
from pytest_django.fixtures import Settings

from tests.api import Caller
from tests.auth_app.factories import make_user
from tests.items.factories import make_item

pytestmark = pytest.mark.django_db


@pytest.fixture
def old(settings: Settings) -> str:
    """The key that is to go."""
    return str(settings.SECRET_KEY)


def test_what_the_old_key_signed_is_good_while_it_is_a_fallback(settings: Settings, old: str) -> None:
    user = make_user(display_name="Ada Lang")
    for _ in range(3):
        make_item(user=user)
    caller = Caller(user)
    after = caller.read("me/items?limit=1")["next"]
    token = default_token_generator.make_token(user)

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = secrets.token_urlsafe(50), [old]
    assert len(caller.read(f"me/items?after={after}")["rows"]) == 2
    assert default_token_generator.check_token(user, token)
    assert user.display_name in caller.client.get("/").content.decode()
    newer = caller.read("me/items?limit=1")["next"]

    settings.SECRET_KEY_FALLBACKS = []
    assert caller.get(f"me/items?after={after}").status_code == 422
    assert not default_token_generator.check_token(user, token)
    assert len(caller.read(f"me/items?after={newer}")["rows"]) == 2
