"""What is in a session is encrypted in its row, by keys that rotate."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore as DjangosStore
from django.test import Client
from pytest_django.fixtures import Settings

from auth_app.models import Session
from auth_app.proofs import get_proof
from auth_app.session_rows import choose_rows
from auth_app.sessions import SessionStore
from tests.auth_app.factories import find_session, make_superuser

pytestmark = pytest.mark.django_db


def make_store(**data: Any) -> SessionStore:
    store = SessionStore()
    store.update({"colour": "red", **data})
    store.save()
    return store


def read(store: SessionStore) -> dict[str, Any]:
    return dict(SessionStore(store.session_key).items())


def write_data(store: SessionStore, data: str) -> None:
    """Write into the session's row what is no work of the store's."""
    row = find_session(store.session_key)
    row.session_data = data
    assert choose_rows().save(get_proof(str(store.session_key)), row)


def test_row_holds_nothing_of_the_data() -> None:
    store = make_store()

    stored = find_session(store.session_key).session_data
    assert stored.startswith("gAAAAA")  # version and time of a Fernet token
    assert DjangosStore().decode(stored) == {}
    assert read(store) == {"colour": "red"}


def test_same_data_is_never_the_same_text() -> None:
    assert len({find_session(make_store().session_key).session_data for _ in range(3)}) == 3


def test_older_key_reads_and_the_newest_writes(settings: Settings) -> None:
    store = make_store()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new" * 20, [settings.SECRET_KEY]
    assert read(store) == {"colour": "red"}

    again = SessionStore(store.session_key)
    again["colour"] = "blue"
    again.save()

    settings.SECRET_KEY_FALLBACKS = []
    assert read(store) == {"colour": "blue"}


def test_key_that_is_gone_leaves_an_empty_session(settings: Settings) -> None:
    store = make_store()

    settings.SECRET_KEY = "new" * 20

    assert read(store) == {}


def test_session_of_the_release_before_is_read_and_then_encrypted(settings: Settings) -> None:
    settings.ENCRYPT_SESSIONS = False
    store = make_store()
    assert DjangosStore().decode(find_session(store.session_key).session_data) == {"colour": "red"}
    settings.ENCRYPT_SESSIONS = True

    again = SessionStore(store.session_key)
    assert again["colour"] == "red"
    again.save()

    assert ":" not in find_session(store.session_key).session_data
    assert read(store) == {"colour": "red"}


def test_session_encrypted_is_read_while_the_setting_is_off(settings: Settings) -> None:
    store = make_store()

    settings.ENCRYPT_SESSIONS = False

    assert read(store) == {"colour": "red"}


@pytest.mark.parametrize("data", ["", "x", "gAAAAA", "ä€", "x" * 1_000_000, "a:b:c", "::", "gAAAAA=:="])
def test_data_that_no_key_opens_are_an_empty_session(data: str) -> None:
    store = make_store()

    write_data(store, data)

    assert read(store) == {}
    assert find_session(store.session_key).get_decoded() == {}


def test_page_of_a_session_that_no_key_opens_asks_to_sign_in(client: Client) -> None:
    client.force_login(make_superuser())
    store = SessionStore(client.cookies["sessionid"].value)

    write_data(store, find_session(store.session_key).session_data[:-3] + "AAA")

    page = client.get("/admin/")
    assert (page.status_code, page["Location"]) == (302, "/admin/login/?next=/admin/")


def test_data_of_another_row_are_an_empty_session() -> None:
    hers, mine = make_store(colour="green"), make_store()

    write_data(mine, find_session(hers.session_key).session_data)

    assert read(mine) == {}
    assert read(hers) == {"colour": "green"}


def test_row_gives_its_data_without_the_key() -> None:
    store = make_store()

    assert Session.objects.get().get_decoded() == read(store) == {"colour": "red"}
