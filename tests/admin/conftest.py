"""A client in which a superuser is signed in. On PostgreSQL the database sees `admin_rw`, as with `make run`."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings
from pytest_django.plugin import DjangoDbBlocker

from auth_app.models import User
from tests.admin import pages
from tests.auth_app.factories import make_superuser


@pytest.fixture
def superuser(db: None) -> User:
    return make_superuser(email="root@example.org")


@pytest.fixture
def signed_in(superuser: User) -> Client:
    client = Client()
    client.force_login(superuser)
    return client


@pytest.fixture(autouse=True)
def uploads_of_the_test(settings: Settings, tmp_path: Path) -> None:
    """Keep files that wait for a word away from those of other tests."""
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)


@pytest.fixture(autouse=True, scope="module")
def no_history_left_behind(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Remove the rows of the history that tests had another login write: no rollback takes those away. Only when no
    test's transaction is open: one that has read the history keeps its triggers from being taken off."""
    yield
    if pages.COMMITTED:
        with django_db_blocker.unblock():
            pages.remove_committed()
