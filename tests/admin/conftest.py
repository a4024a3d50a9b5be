"""A client in which a superuser is signed in."""

import pytest
from django.test import Client

from auth_app.models import User
from tests.auth_app.factories import make_superuser


@pytest.fixture
def superuser(db: None) -> User:
    return make_superuser(email="root@example.org")


@pytest.fixture
def signed_in(superuser: User) -> Client:
    client = Client()
    client.force_login(superuser)
    return client
