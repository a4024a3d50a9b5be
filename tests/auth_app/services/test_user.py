"""Passwords that are written."""

import pytest

from auth_app.models import User
from auth_app.services.user import set_password
from tests.auth_app.factories import make_user

pytestmark = pytest.mark.django_db


def test_password_that_is_set_leaves_what_another_has_changed_meanwhile() -> None:
    user = make_user("old", display_name="Ada")
    User.objects.filter(pk=user.pk).update(display_name="Ada Lovelace", is_active=False)

    set_password(user=user, password="new")

    stored = User.objects.get(pk=user.pk)
    assert stored.check_password("new")
    assert (stored.display_name, stored.is_active) == ("Ada Lovelace", False)
    assert stored.updated_at > user.created_at
