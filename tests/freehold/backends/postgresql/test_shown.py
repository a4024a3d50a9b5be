"""A principal whom a proof shows: the proof goes with every statement, and the database finds who it is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from psycopg import IsolationLevel
from pytest_django import DjangoDbBlocker
from pytest_django.fixtures import Settings

from auth_app.models import Session, User
from freehold.acting import ANONYMOUS, Acting, Principal, acting
from freehold.acting.logins import using_login
from freehold.acting.principals import LazyPrincipal, SoughtPrincipal
from freehold.errors import ServiceError
from freehold.services import make_acting
from tests.freehold.backends.conftest import open_alias
from tests.freehold.backends.postgresql.test_contexts import ask, ask_beside, count_round_trips, opened
from tests.freehold.backends.postgresql.wire import tracing

__all__ = ["opened"]  # the fixture
pytestmark = pytest.mark.postgresql

SAYS = "SELECT current_user, current_setting('freehold.proof', true), current_setting('application_name', true)"
PROOF = hashlib.sha256(b"of a key").hexdigest()
SHOWN = f"session:{PROOF}"
AS_SHOWN = ("api_rw", SHOWN, "r1")
FALSE = f"session:{'0' * 64}"
WHO = "SELECT auth.user_of_session()"


@pytest.fixture(autouse=True)
def proven(believing: None, settings: Settings) -> None:
    """Use the project's own map, whose proofs the database asks."""
    settings.OWNERSHIP = "config.ownership.OWNERSHIP"


@pytest.fixture
def user(opened: Any, django_db_blocker: DjangoDbBlocker) -> Iterator[User]:
    """A user whose session's proof is shown, committed."""
    with acting(None), using_login(opened, "postgres"):
        found = User.objects.db_manager(opened.alias).create_user("shown@example.org")
        row_key = hashlib.sha256(PROOF.encode()).hexdigest()
        expires = timezone.now() + timedelta(days=1)
        Session.objects.using(opened.alias).create(session_key=row_key, expire_date=expires, user=found)
    yield found
    with acting(None), using_login(opened, "postgres"):
        found.delete(using=opened.alias)


def show(session: Any, proof: str = SHOWN) -> Acting:
    """Give service api at work for whoever a proof shows."""
    nobody = make_acting("api", request_id="r1")
    with acting(nobody):
        return nobody.working_for(LazyPrincipal(proof, using=session.alias), "r1")


def test_each_statement_brings_the_proof_and_leaves_nothing(opened: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(opened, SAYS)
    sent = count_round_trips(opened, monkeypatch)
    with acting(show(opened)):
        first, second = ask(opened, SAYS), ask(opened, SAYS)

    assert (first, second) == (AS_SHOWN, AS_SHOWN)
    assert sent == [2]
    assert ask_beside(opened, SAYS) == ("all_rw", "", "")


def test_policies_ask_whose_proof_it_is(opened: Any, user: User) -> None:
    seen = []
    for proof in (SHOWN, FALSE, "session:", "", "nonsense", f"api_key:{PROOF}", SHOWN + "0", SHOWN.upper()):
        with acting(show(opened, proof)):
            seen.append(ask(opened, "SELECT auth.user_of_session()")[0])

    assert seen == [user.pk, *[None] * 7]


def test_whoever_looks_at_the_principal_asks_once(opened: Any, user: User) -> None:
    found = show(opened)
    with CaptureQueriesContext(opened) as queries:
        assert found.principal == Principal("user", user_id=str(user.pk))
        assert found.who.principal is found.principal

    assert len(queries) == 1
    assert show(opened, FALSE).principal == ANONYMOUS


def test_session_that_ended_shows_nobody_at_the_next_statement(opened: Any, user: User) -> None:
    seen = []
    with acting(show(opened)), transaction.atomic(using=opened.alias):
        seen.append(ask(opened, WHO)[0])
        end_sessions(user)
        seen.append(ask(opened, WHO)[0])

    assert seen == [user.pk, None]


@pytest.mark.parametrize("level", [IsolationLevel.REPEATABLE_READ, IsolationLevel.SERIALIZABLE])
def test_session_that_ended_shows_nobody_at_the_next_transaction_where_a_snapshot_is_kept(
    opened: Any, user: User, level: IsolationLevel
) -> None:
    opened.ensure_connection()
    opened.connection.isolation_level = level
    seen = []
    with acting(show(opened)):
        with transaction.atomic(using=opened.alias):
            seen.append(ask(opened, WHO)[0])
            end_sessions(user)
            seen.append(ask(opened, WHO)[0])
            isolation = ask(opened, "SHOW transaction_isolation")[0]
        with transaction.atomic(using=opened.alias):
            seen.append(ask(opened, WHO)[0])

    assert (isolation, seen) == (level.name.lower().replace("_", " "), [user.pk, user.pk, None])


def end_sessions(user: User) -> None:
    """End the user's sessions, on a connection of a superuser's own."""
    entry = deepcopy(connection.settings_dict) | {"USER": "postgres"}
    with open_alias("beside", entry) as beside, acting(None), beside.cursor() as cursor:
        cursor.execute("DELETE FROM auth.session WHERE user_id = %s", [user.pk])


def test_another_proof_in_the_same_transaction_takes_the_place_of_the_first(opened: Any) -> None:
    seen = []
    with transaction.atomic(using=opened.alias):
        for proof in (SHOWN, "", FALSE):
            with acting(show(opened, proof)):
                seen.append(ask(opened, SAYS)[1])
        with acting(None):
            seen.append(ask(opened, SAYS)[1])

    assert seen == [SHOWN, "", FALSE, ""]


def test_rows_of_values_and_cursors_on_the_server_bring_it_too(opened: Any) -> None:
    with acting(show(opened)), opened.chunked_cursor() as cursor:
        cursor.execute(SAYS)
        assert cursor.fetchall() == [AS_SHOWN]
    with acting(show(opened)), opened.cursor() as cursor:
        cursor.executemany("SELECT set_config('freehold.seen', current_setting('freehold.proof'), %s)", [(False,)])
        assert ask(opened, "SELECT current_setting('freehold.seen')") == (SHOWN,)


def test_proof_stands_in_no_text(opened: Any, tmp_path: Path) -> None:
    with tracing(opened, tmp_path) as wire, acting(show(opened)):
        ask(opened, SAYS)

    assert not [text for text in wire.list_sent("Parse", "Query") if PROOF in text]
    assert [value for value in wire.list_sent("Bind") if PROOF in value]


@pytest.mark.parametrize("proof", ["'; RESET ROLE; --", "%s", "\\'", "'{0}", "session:'", "x" * 100_000])
def test_proof_that_is_none_reaches_the_server_as_a_value(opened: Any, proof: str) -> None:
    with acting(show(opened, proof)):
        assert ask(opened, SAYS)[:2] == ("api_rw", proof)
        assert ask(opened, "SELECT auth.user_of_session(), app.tenant_of_api_key()") == (None, None)


def test_proof_stands_in_no_word_of_a_principal() -> None:
    assert PROOF not in repr(LazyPrincipal(SHOWN))


def test_proof_shows_nobody_where_no_service_acts(opened: Any) -> None:
    with acting(None):
        found = LazyPrincipal(SHOWN, using=opened.alias)
        with pytest.raises(ServiceError, match="name its kind in proofs of the ownership map"):
            found.principal  # noqa: B018


def test_process_of_the_release_before_the_turn_says_who_acts_and_shows_it(
    opened: Any, user: User, settings: Settings
) -> None:
    settings.OWNERSHIP = "tests.config.believing.OWNERSHIP"
    nobody = make_acting("api", request_id="r1")
    with acting(nobody):
        found = SoughtPrincipal("auth.session_user(%s)", [PROOF], using=opened.alias, proof=SHOWN)
    with acting(nobody.working_for(found, "r1")):
        said, shown = ask(opened, "SELECT current_setting('freehold.user_id'), auth.user_of_session()")

    assert (said, shown) == (str(user.pk), user.pk)


def test_map_without_proofs_looks_for_its_principals_by_an_expression(opened: Any, settings: Settings) -> None:
    settings.OWNERSHIP = "tests.config.believing.OWNERSHIP"
    nobody = make_acting("api", request_id="r1")
    with acting(nobody):
        ids = ("00000000-0000-4000-8000-00000000000a", "")
        found, none = (SoughtPrincipal("nullif(%s, '')::uuid", [each], using=opened.alias) for each in ids)
    with acting(nobody.working_for(found, "r1")):
        assert ask(opened, "SELECT current_setting('freehold.user_id')") == ids[:1]

    assert none.principal == ANONYMOUS
