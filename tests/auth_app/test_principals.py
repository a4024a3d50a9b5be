"""Whose a request is: by the session's key, for every service, without a look at sessions or hashes."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.db import DatabaseError, connection, transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory

from auth_app.middleware import AuthenticationMiddleware
from auth_app.models import User
from auth_app.principals import SharedUser, find_shared_user, identify
from auth_app.proofs import get_proof, get_row_key
from auth_app.sessions import SessionStore
from freehold.acting import ANONYMOUS, Principal
from freehold.services import acting_as
from tests.auth_app.factories import make_user
from tests.freehold.backends.postgresql.wire import tracing

pytestmark = pytest.mark.django_db


def open_session(user: User) -> str:
    """Give the key of a session that the user is signed in with, as Django's login leaves it."""
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.save()
    assert store.session_key
    return store.session_key


def find(key: str) -> SharedUser | None:
    """Give the user of a session, as the function for pages gives it; the one for principals gives the same."""
    with acting_as("api"):
        user = find_shared_user(key)
        assert find_principal(key) == (Principal("user", user_id=str(user.id)) if user else ANONYMOUS)
    return user


def find_principal(key: str) -> Principal:
    """Give the principal of a request of api that has the key in its cookie."""
    request = RequestFactory().get("/")
    request.COOKIES["sessionid"] = key
    with acting_as("api"):
        who = identify(request)
    return who if isinstance(who, Principal) else who.principal


def test_session_gives_what_is_shared_of_its_user() -> None:
    user = make_user(email="ann@example.org", display_name="Ann", is_staff=True)

    assert find(open_session(user)) == SharedUser(user.pk, "ann@example.org", "Ann", True, True)


@pytest.mark.parametrize("key", ["nobodyssessionkeynobodyssessionk", "a"])
def test_key_of_no_session_gives_nobody(key: str) -> None:
    assert find(key) is None


def test_expired_session_gives_nobody() -> None:
    key = open_session(make_user())
    store = SessionStore(key)
    store.set_expiry(-1)
    store.save()

    assert find(key) is None


def test_session_of_an_inactive_user_gives_nobody() -> None:
    user = make_user()
    key = open_session(user)
    User.objects.filter(pk=user.pk).update(is_active=False)

    assert find(key) is None


def test_session_without_a_user_gives_nobody() -> None:
    store = SessionStore()
    store["colour"] = "red"
    store.save()

    assert find(str(store.session_key)) is None


def test_session_ends_with_the_password_it_was_opened_with() -> None:
    user = make_user()
    key = open_session(user)

    user.set_password("another")
    user.save(update_fields=["password"])

    assert find(key) is None


def test_session_stays_where_something_else_of_the_user_changes() -> None:
    user = make_user()
    key = open_session(user)

    user.display_name = "Someone"
    user.save()

    assert find(key) is not None


@pytest.mark.postgresql
def test_password_changed_in_bulk_ends_the_sessions_of_those_users_alone() -> None:
    changed, other = make_user(), make_user()
    key, kept = open_session(changed), open_session(other)

    with acting_as("web"):
        User.objects.filter(pk=changed.pk).update(password="!")

    assert (SessionStore().exists(key), SessionStore().exists(kept)) == (False, True)


@pytest.mark.postgresql
@pytest.mark.parametrize("query", ["SELECT session_key FROM auth.session", 'SELECT password FROM auth."user"'])
def test_service_that_asks_reads_neither_sessions_nor_hashes(query: str) -> None:
    with acting_as("api"), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(query)


@pytest.mark.postgresql
def test_function_takes_names_from_nowhere_but_its_own_schema() -> None:
    key = open_session(make_user())
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path = pg_temp, app")

        assert find(key) is not None


# --- Requests --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("key", ["", "x" * 41, "drop table", "é" * 32, "\0" * 32])
def test_cookie_that_is_no_key_is_not_looked_for(key: str, django_assert_num_queries: Any) -> None:
    request = RequestFactory().get("/")
    request.COOKIES["sessionid"] = key

    with django_assert_num_queries(0):
        assert identify(request) == ANONYMOUS


def test_request_of_a_session_is_of_its_user() -> None:
    user = make_user()

    assert find_principal(open_session(user)) == Principal("user", user_id=str(user.pk))


@pytest.mark.postgresql
def test_key_of_a_session_goes_to_the_server_as_a_digest_beside_the_statement(tmp_path: Path) -> None:
    user = make_user()
    client = Client()
    client.force_login(user)
    key = client.cookies["sessionid"].value

    with tracing(connection, tmp_path) as wire:
        response = client.get("/items/")

    assert response.status_code == 200
    values = "".join(wire.list_sent("Bind"))
    assert str(user.pk) in values or get_proof(key) in values
    assert key not in values
    texts = "".join(wire.list_sent("Parse", "Query"))
    assert not [each for each in (key, get_proof(key), str(user.pk)) if each in texts]


@pytest.mark.postgresql
@pytest.mark.parametrize("function", ["session_user", "session_principal"])
def test_database_finds_a_session_by_its_proof_alone(function: str) -> None:
    key = open_session(make_user())
    found = {}
    with acting_as("api"), connection.cursor() as cursor:
        for name, text in {"key": key, "proof": get_proof(key), "row": get_row_key(get_proof(key))}.items():
            cursor.execute(f"SELECT count(*) FROM auth.{function}(%s) AS found WHERE found IS NOT NULL", [text])
            (found[name],) = cursor.fetchone()

    assert found == {"key": 0, "proof": 1, "row": 0}


@pytest.mark.parametrize("text", [r"\xzz", "\\", "%", "a'b", "é", "", "x" * 10_000])
@pytest.mark.postgresql
def test_database_finds_nothing_by_what_is_no_proof(text: str) -> None:
    with acting_as("api"), connection.cursor() as cursor:
        cursor.execute("SELECT auth.session_user(%s)", [text])
        assert cursor.fetchone() == (None,)
        cursor.execute("SELECT * FROM auth.session_principal(%s)", [text])
        assert cursor.fetchall() == []


@pytest.mark.parametrize("make", [get_proof, lambda key: get_row_key(get_proof(key))], ids=["proof", "row's key"])
def test_cookie_with_a_digest_signs_nobody_in(make: Callable[[str], str]) -> None:
    """Whoever reads statements has the proof, whoever reads the table has the row's key: neither is a key."""
    key = open_session(make_user())
    client = Client()
    for digest in (make(key), make(key)[:40], make(key)[:32]):
        client.cookies["sessionid"] = digest
        for page in ("/", "/items/"):
            assert not client.get(page).wsgi_request.user.is_authenticated


def test_user_of_a_page_is_looked_for_when_it_is_looked_at(django_assert_num_queries: Any) -> None:
    user = make_user()
    request = RequestFactory().get("/")
    request.COOKIES["sessionid"] = open_session(user)
    with acting_as("api"):
        with django_assert_num_queries(0):
            AuthenticationMiddleware(lambda request: HttpResponse()).process_request(request)

        assert request.user.pk == user.pk


def test_user_of_a_page_is_the_same_for_asynchronous_views() -> None:
    user = make_user()
    request = RequestFactory().get("/")
    request.COOKIES["sessionid"] = open_session(user)
    AuthenticationMiddleware(lambda request: HttpResponse()).process_request(request)

    assert async_to_sync(request.auser)().pk == user.pk


def test_page_of_a_service_without_sessions_knows_who_is_asking() -> None:
    user = make_user(display_name="Ann of the pages")
    client = Client()
    client.force_login(user)

    response = client.get("/items/")

    assert isinstance(response.wsgi_request.user, SharedUser)
    assert not hasattr(response.wsgi_request, "session")
    assert "Ann of the pages" in response.text


def test_page_of_a_service_without_sessions_knows_when_nobody_is_asking() -> None:
    response = Client().get("/items/")

    assert not response.wsgi_request.user.is_authenticated
    assert "Sign in" in response.text


def test_sign_out_ends_the_session_for_every_service() -> None:
    client = Client()
    client.force_login(make_user())
    client.post("/logout/")

    assert not client.get("/items/").wsgi_request.user.is_authenticated


# --- The shared user -------------------------------------------------------------------------------------------------
def test_shared_user_holds_no_permission_and_nothing_to_save() -> None:
    user = SharedUser(make_user().pk, "ann@example.org", "", True, True)

    assert (user.pk, str(user), user.is_authenticated, user.is_anonymous) == (user.id, "ann@example.org", True, False)
    assert (user.has_perm("x"), user.has_perms(["x"]), user.has_module_perms("auth_app")) == (False, False, False)
    assert not hasattr(user, "save")
    with pytest.raises(dataclasses.FrozenInstanceError):
        user.is_staff = False  # type: ignore[misc]


def test_shared_user_names_what_the_contract_lists() -> None:
    contracts = import_module("config.ownership").OWNERSHIP.contracts
    shared = next(each.read["user"] for each in contracts if (each.schema, each.consumer) == ("auth", "api"))

    assert {field.name for field in dataclasses.fields(SharedUser)} == {*shared, "is_staff"}
