"""The session store on auth.session."""

from datetime import timedelta
from uuid import uuid4

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, UpdateError
from django.core.management import call_command
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone

from auth_app.models import Session, User
from auth_app.sessions import USER_AGENT_LENGTH, Client, SessionStore
from freehold.backends.errors import AccessError
from freehold.services import acting_as
from tests.auth_app.factories import find_session, make_session, make_user

pytestmark = pytest.mark.django_db

HERE = Client("192.0.2.1", "Browser/1.0")
ELSEWHERE = Client("2001:db8::1", "Phone/2.0")


def make_store(user: User | None = None, client: Client | None = HERE) -> SessionStore:
    store = SessionStore()
    store.client = client
    if user:
        store[SESSION_KEY] = str(user.pk)
    store["colour"] = "red"
    store.save()
    return store


@pytest.fixture
def a_minute_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was used just now is as if it was used a minute ago."""
    monkeypatch.setattr("auth_app.sessions.TOUCH_EVERY", timedelta(0))


def reload(store: SessionStore, client: Client | None = HERE) -> SessionStore:
    again = SessionStore(store.session_key)
    again.client = client
    assert again["colour"] == "red"
    return again


def test_save_keeps_whose_it_is_and_where_it_came_from() -> None:
    user = make_user()

    store = make_store(user)

    row = find_session(store.session_key)
    assert (row.user, row.ip_address, row.user_agent) == (user, "192.0.2.1", "Browser/1.0")
    assert timezone.now() - row.created_at < timedelta(seconds=10)
    assert row.last_seen_at >= row.created_at
    assert row.get_decoded() == {"colour": "red", SESSION_KEY: str(user.pk)}


def test_save_anonymous_has_no_user() -> None:
    assert find_session(make_store().session_key).user is None


def test_save_again_keeps_when_it_was_created() -> None:
    store = make_store()
    before = find_session(store.session_key)

    again = reload(store, ELSEWHERE)
    again["colour"] = "blue"
    again.save()

    row = find_session(store.session_key)
    assert row.created_at == before.created_at
    assert row.last_seen_at > before.last_seen_at
    assert (row.ip_address, row.user_agent) == ("2001:db8::1", "Phone/2.0")


def test_save_outside_a_request_keeps_where_it_came_from() -> None:
    store = reload(make_store(), client=None)
    store["colour"] = "blue"

    store.save()

    assert find_session(store.session_key).ip_address == "192.0.2.1"


@pytest.mark.parametrize("value", ["no uuid", 17, ["x"]])
def test_save_strange_user_id_stores_no_user(value: object) -> None:
    store = make_store()
    store[SESSION_KEY] = value

    store.save()

    assert find_session(store.session_key).user is None


def test_save_after_the_row_is_gone_raises_update_error() -> None:
    store = make_store()
    Session.objects.all().delete()

    with pytest.raises(UpdateError):
        store.save()


def test_save_after_the_user_was_deleted_raises_update_error() -> None:
    user = make_user()
    store = make_store(user)
    user.delete()

    with pytest.raises(UpdateError):
        store.save()


@pytest.mark.django_db(transaction=True)  # the foreign key is checked at commit
def test_create_for_a_user_who_is_gone_raises_instead_of_trying_for_ever() -> None:
    store = SessionStore()
    store[SESSION_KEY] = str(uuid4())

    with pytest.raises(UpdateError):
        store.cycle_key()

    assert Session.objects.count() == 0


def test_save_taken_key_raises_create_error() -> None:
    store = SessionStore(make_store().session_key)

    with pytest.raises(CreateError):
        store.save(must_create=True)


def test_cycle_key_moves_the_data_to_a_new_row() -> None:
    user = make_user()
    store = make_store(user)
    before = store.session_key

    store.cycle_key()
    store.save()

    row = Session.objects.get()
    assert store.session_key != before
    assert row == find_session(store.session_key)
    assert (row.user, row.ip_address) == (user, "192.0.2.1")
    assert row.get_decoded()["colour"] == "red"


def test_flush_deletes_the_row() -> None:
    store = make_store(make_user())

    store.flush()

    assert Session.objects.count() == 0
    assert (store.session_key, dict(store.items())) == (None, {})


def test_load_expired_is_empty() -> None:
    store = make_store()
    store.set_expiry(-1)
    store.save()

    again = SessionStore(store.session_key)

    assert dict(again.items()) == {}
    assert again.session_key is None


def test_set_expiry_is_stored() -> None:
    store = make_store()
    store.set_expiry(60)

    store.save()

    left = find_session(store.session_key).expire_date - timezone.now()
    assert timedelta(seconds=50) < left <= timedelta(seconds=60)


def test_touch_within_a_minute_writes_nothing(django_assert_num_queries) -> None:
    store = reload(make_store())

    with django_assert_num_queries(0):
        store.touch()


def test_touch_after_a_minute_writes_once(a_minute_later: None) -> None:
    store = make_store()
    before = find_session(store.session_key)
    again, other = reload(store, ELSEWHERE), reload(store)

    again.touch()
    other.touch()

    row = find_session(store.session_key)
    assert row.last_seen_at > before.last_seen_at
    assert (row.ip_address, row.user_agent) == ("2001:db8::1", "Phone/2.0")
    assert row.created_at == before.created_at


def test_touch_unread_session_writes_nothing(django_assert_num_queries) -> None:
    store = SessionStore(make_store().session_key)

    with django_assert_num_queries(0):
        store.touch()


def test_clearsessions_deletes_expired_sessions_alone() -> None:
    kept = make_session()
    make_session(expire_date=timezone.now() - timedelta(seconds=1))

    call_command("clearsessions")

    assert Session.objects.get() == kept


def test_asave_writes_what_save_writes() -> None:
    user = make_user()
    store = make_store(user)
    before = Session.objects.get()

    async def change() -> None:
        again = SessionStore(store.session_key)
        again.client = ELSEWHERE
        assert await again.aget("colour") == "red"
        await again.aset("colour", "blue")
        await again.asave()

    async_to_sync(change)()

    row = Session.objects.get()
    assert (row.user, row.ip_address, row.get_decoded()["colour"]) == (user, "2001:db8::1", "blue")
    assert row.created_at == before.created_at


def test_session_text_does_not_hold_the_rows_key() -> None:
    session = make_session()

    assert session.session_key not in str(session) + repr(session)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::1"),
        ("", None),
        ("unix:", None),
    ],
)
def test_client_address_is_the_peers(address: str, expected: str | None) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR=address, HTTP_X_FORWARDED_FOR="198.51.100.1")

    assert Client.from_request(request).ip_address == expected


def test_client_long_user_agent_is_cut() -> None:
    request = RequestFactory().get("/", HTTP_USER_AGENT="x\0" + "y" * 2000)

    agent = Client.from_request(request).user_agent
    assert len(agent) == USER_AGENT_LENGTH
    assert agent.startswith("xy")


@pytest.mark.sqlite
@pytest.mark.parametrize("service", ["web", "admin"])
@pytest.mark.parametrize(
    "statement",
    [
        'SELECT session_key FROM "auth.session"',
        """INSERT INTO "auth.session" (session_key, session_data, expire_date) VALUES ('0', 'x', '2030-01-01')""",
        'UPDATE "auth.session" SET user_id = NULL',
    ],
)
def test_service_reads_no_digest_and_writes_no_row_of_a_file(service: str, statement: str) -> None:
    make_session()
    with acting_as(service), pytest.raises(AccessError), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.sqlite
@pytest.mark.parametrize("service", ["web", "admin"])
def test_service_keeps_sessions_in_a_file(service: str) -> None:
    user = make_user()
    with acting_as(service):
        store = make_store(user)
        store.cycle_key()

        assert reload(store)["colour"] == "red"
        assert [each.user for each in Session.objects.select_related("user")] == [user]
        store.flush()
        assert Session.objects.count() == 0
