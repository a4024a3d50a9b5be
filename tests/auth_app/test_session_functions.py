"""The functions of sessions, called by each service as itself: who may, and what comes of a proof that is none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.auth import SESSION_KEY
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from auth_app.models import Session, User
from auth_app.proofs import get_proof, get_row_key
from auth_app.sessions import SessionStore
from freehold.acting.principals import LazyPrincipal
from freehold.services import acting_as
from tests.auth_app.factories import make_session, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

OPEN = "SELECT auth.open_session(%s, %s, %s, %s, %s, %s)"
SAVE = "SELECT auth.save_session(%s, %s, %s, %s, %s, %s)"
ACTING_USER = "SELECT user_id, email, display_name, is_active, is_staff FROM auth.acting_user()"


def ask(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def open_session(user: User | None = None, days: int = 1) -> str:
    """Give the key of a new session."""
    store = SessionStore()
    if user:
        store[SESSION_KEY] = str(user.pk)
    store.set_expiry(timedelta(days=days))
    store.save()
    assert store.session_key
    return store.session_key


def make_values(user: User) -> list[Any]:
    return [get_proof(uuid4().hex), "x", timezone.now() + timedelta(days=1), user.pk, None, ""]


@contextmanager
def refused() -> Iterator[None]:
    with pytest.raises(DatabaseError, match=r"permission denied|is refused|can't"), transaction.atomic():
        yield


# --- A session's life ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("service", ["web", "admin"])
def test_service_with_a_login_page_keeps_sessions_by_functions_alone(service: str) -> None:
    user = make_user()
    with acting_as(service):
        key = open_session(user)
        store = SessionStore(key)
        store["colour"] = "red"
        store.save()
        store.cycle_key()
        again = SessionStore(store.session_key)

        assert again["colour"] == "red"
        assert not SessionStore().exists(key)
        assert Session.objects.get().user_id == user.pk
        again.flush()
        assert Session.objects.count() == 0


@pytest.mark.parametrize("service", ["web", "admin"])
@pytest.mark.parametrize(
    "statement",
    [
        "SELECT session_key FROM auth.session",
        "SELECT count(*) FROM auth.session WHERE session_key LIKE 'a%%'",
        "SELECT * FROM auth.session",
        "INSERT INTO auth.session (session_key, session_data, expire_date) VALUES (repeat('0', 64), 'x', now())",
        "UPDATE auth.session SET user_id = NULL",
        "DELETE FROM auth.session RETURNING session_key",
    ],
)
def test_service_reads_no_digest_and_writes_no_row(service: str, statement: str) -> None:
    make_session()
    with acting_as(service), refused():
        ask(statement)


def test_service_that_owns_no_accounts_opens_finds_and_ends_nothing() -> None:
    user = make_user()
    proof = get_proof(open_session(user))
    calls = [
        (OPEN, make_values(user)),
        (SAVE, make_values(user)),
        ("SELECT auth.touch_session(%s, now(), NULL, '')", [proof]),
        *((f"SELECT auth.{name}(%s)", [proof]) for name in ("find_session", "has_session", "end_session")),
    ]
    with acting_as("api"):
        for statement, values in calls:
            with refused():
                ask(statement, *values)
    assert Session.objects.count() == 1


def test_functions_take_what_is_known_to_browser_and_table_for_no_proof() -> None:
    key = open_session(make_user())
    with acting_as("web"):
        found = [ask("SELECT auth.find_session(%s)", text)[0][0] for text in (key, get_row_key(get_proof(key)), "")]
        mine = ask("SELECT auth.find_session(%s)", get_proof(key))

    assert found == [None, None, None]
    assert mine == [(Session.objects.get().pk,)]


def test_session_that_is_over_is_found_by_no_proof_and_can_be_ended() -> None:
    proof = get_proof(open_session(make_user(), days=-1))
    with acting_as("web"):
        assert ask("SELECT auth.find_session(%s), auth.has_session(%s)", proof, proof) == [(None, True)]
        assert isinstance(ask("SELECT auth.end_session(%s)", proof)[0][0], UUID)
        assert ask("SELECT auth.end_session(%s)", proof) == [(None,)]


def test_session_that_was_ended_is_not_brought_back() -> None:
    user = make_user()
    values = make_values(user)
    with acting_as("web"):
        ask(OPEN, *values)
        assert ask(OPEN, *values) == [(None,)]
        Session.objects.all().delete()

        assert ask(SAVE, *values) == [(None,)]
        assert ask("SELECT auth.touch_session(%s, now(), NULL, '')", values[0]) == [(None,)]
    assert Session.objects.count() == 0


def test_admin_lists_ends_and_clears_sessions_without_a_digest() -> None:
    user = make_user()
    make_session(expire_date=timezone.now() - timedelta(days=1))
    with acting_as("admin"):
        open_session(user), open_session(user)
        assert Session.objects.filter(user=user).select_related("user").count() == 2
        assert {each.user for each in Session.objects.select_related("user")} == {user, None}
        call_command("clearsessions")
        assert Session.objects.filter(pk=Session.objects.all()[0].pk).delete()[0] == 1
        user.delete()
        assert Session.objects.count() == 0


@pytest.mark.parametrize(("step", "count"), [("load", 1), ("save", 3), ("touch", 1), ("delete", 1), ("create", 3)])
def test_each_step_is_one_statement(
    step: str, count: int, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    """And a savepoint where the row is written, since the test is in a transaction."""
    monkeypatch.setattr("auth_app.sessions.TOUCH_EVERY", timedelta(0))
    store = SessionStore(open_session(make_user()))
    if step != "load":
        store.keys()
    with acting_as("web"), django_assert_num_queries(count):
        getattr(store, step)()


# --- Who acts --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("service", ["web", "admin", "api"])
def test_acting_user_is_the_one_whose_proof_it_is(service: str) -> None:
    user = make_user(email="ann@example.org", display_name="Ann", is_staff=True)
    make_user()
    proof = f"session:{get_proof(open_session(user))}"

    with acting_as(service, LazyPrincipal(proof)):
        assert ask(ACTING_USER) == [(user.pk, "ann@example.org", "Ann", True, True)]


@pytest.mark.parametrize("change", ["ended", "expired", "inactive", "password", "deleted"])
def test_acting_user_is_nobody_once_the_session_is_over(change: str) -> None:
    user = make_user()
    key = open_session(user, days=-1 if change == "expired" else 1)
    changes = {
        "ended": lambda: SessionStore().delete(key),
        "inactive": lambda: User.objects.filter(pk=user.pk).update(is_active=False),
        "password": lambda: User.objects.filter(pk=user.pk).update(password="!"),
        "deleted": user.delete,
    }
    with acting_as("api", LazyPrincipal(f"session:{get_proof(key)}")):
        before = ask(ACTING_USER)
        with acting_as("web"):
            changes.get(change, list)()
        assert (len(before), ask(ACTING_USER)) == (0 if change == "expired" else 1, [])


@pytest.mark.parametrize(
    "proof",
    [
        "",
        "session:",
        "session:{row_key}",
        "session:{key}",
        "{proof}",
        "ticket:{proof}",
        "SESSION:{proof}",
        " session:{proof}",
        "session:{proof} ",
        "session:{proof}\n",
        "session:{upper}",
        "session:" + "0" * 64,
        "session:" + "ä" * 32,
        "session:" + "x" * 1_000_000,
    ],
)
def test_acting_user_of_what_is_no_proof_is_nobody(proof: str) -> None:
    key = open_session(make_user())
    digest = get_proof(key)
    text = proof.format(key=key, proof=digest, row_key=get_row_key(digest), upper=digest.upper())

    with acting_as("api", LazyPrincipal(text)):
        assert ask(ACTING_USER) == []
