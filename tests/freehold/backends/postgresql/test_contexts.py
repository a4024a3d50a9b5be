"""Who a statement runs as: in transactions and outside, over savepoints, cursors of each kind, and for the next one."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from freehold.acting import Acting, Principal, acting, set_default
from freehold.acting.logins import using_login
from freehold.acting.roles import using_role
from freehold.services import acting_as, install
from tests.freehold.backends.conftest import open_alias

pytestmark = pytest.mark.postgresql

ANN = Principal("user", user_id="00000000-0000-4000-8000-00000000000a")
BEN = Principal(
    "user", user_id="00000000-0000-4000-8000-00000000000b", tenant_id="00000000-0000-4000-8000-0000000000bb"
)
WHO = (
    "SELECT current_user, current_setting('freehold.user_id', true), current_setting('freehold.tenant_id', true), "
    "current_setting('freehold.principal', true), current_setting('application_name', true)"
)
AS_ANN = ("api_rw", ANN.user_id, "", "user", "r1")
AS_BEN = ("web_rw", BEN.user_id, BEN.tenant_id, "user", "r2")


def ask(session: Any, query: str = WHO, params: Any = None) -> tuple[Any, ...]:
    with session.cursor() as cursor:
        cursor.execute(query, params)
        return tuple(cursor.fetchone())


def get_backend(session: Any) -> int:
    """Give the process of the server behind the connection."""
    return int(ask(session, "SELECT pg_backend_pid()")[0])


def ask_beside(session: Any, query: str = WHO) -> tuple[Any, ...]:
    """Ask past Django, on the same connection: what the next client of a pooler would find."""
    return tuple(session.connection.execute(query).fetchone())


@pytest.fixture(params=["text", "binding"])
def opened(
    request: pytest.FixtureRequest, db: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[BaseDatabaseWrapper]:
    """A connection of SERVICE=all to the test database in no transaction; values bound by the client or the server."""
    entry = deepcopy(connection.settings_dict)
    if request.param == "binding":
        entry["OPTIONS"]["server_side_binding"] = True
    with django_db_blocker.unblock(), open_alias("contexts", entry) as found:
        yield found


# --- Outside a transaction -----------------------------------------------------------------------------------------
def test_statement_runs_as_whoever_acts_and_leaves_nothing_behind(opened: Any) -> None:
    with acting_as("api", ANN, request_id="r1"):
        inside = ask(opened)

    assert inside == AS_ANN
    assert ask_beside(opened) == ("all_rw", "", "", "", "")


def test_parameters_and_percent_signs_stay_what_they_are(opened: Any) -> None:
    with acting(Acting("api", "api_rw", request_id="100%s")):
        bare = ask(opened, "SELECT '%', current_setting('application_name', true)")
        bound = ask(opened, "SELECT '%%', %s, current_setting('application_name', true)", ["it's %s"])

    assert bare == ("%", "100%s")
    assert bound == ("%", "it's %s", "100%s")


def test_logged_statement_runs_as_whoever_acts_and_is_logged_as_it_was_written(opened: Any) -> None:
    with CaptureQueriesContext(opened) as queries, acting_as("api", ANN, request_id="r1"):
        answer = ask(opened)

    assert answer == AS_ANN
    assert [each["sql"] for each in queries] == [WHO]


def test_next_statement_of_another_principal_is_the_others(opened: Any) -> None:
    with acting_as("api", ANN, request_id="r1"):
        first = ask(opened)
    with acting_as("web", BEN, request_id="r2"):
        second = ask(opened)

    assert (first, second) == (AS_ANN, AS_BEN)


def test_blocks_stand_in_one_another(opened: Any) -> None:
    seen = []
    with acting_as("api", ANN, request_id="r1"):
        with acting_as("web", BEN, request_id="r2"):
            seen.append(ask(opened))
        seen.append(ask(opened))

    assert seen == [AS_BEN, AS_ANN]


def test_row_count_description_and_rows_are_the_statements(opened: Any) -> None:
    with acting_as("api", ANN), opened.cursor() as cursor:
        cursor.execute("SELECT n AS number FROM generate_series(1, 3) n")

        assert cursor.rowcount == 3
        assert [column[0] for column in cursor.description] == ["number"]
        assert cursor.fetchall() == [(1,), (2,), (3,)]


def test_several_rows_of_parameters_run_as_whoever_acts(opened: Any) -> None:
    with acting(None), using_login(opened, "postgres"), opened.cursor() as cursor:
        cursor.execute("CREATE TABLE app.contexts (who text DEFAULT current_user, n int)")
        cursor.execute("GRANT INSERT ON app.contexts TO api_rw")
    try:
        with acting_as("api"), opened.cursor() as cursor:
            cursor.executemany("INSERT INTO app.contexts (n) VALUES (%s)", [(1,), (2,)])
            with cursor.copy("COPY app.contexts (n) FROM STDIN") as copy:
                copy.write_row((3,))
        with using_login(opened, "postgres"):
            seen = ask(opened, "SELECT array_agg(who ORDER BY n) FROM app.contexts")
    finally:
        with using_login(opened, "postgres"), opened.cursor() as cursor:
            cursor.execute("DROP TABLE app.contexts")

    assert seen == (["api_rw"] * 3,)


def test_cursor_on_the_server_is_of_whoever_acted_when_it_was_declared(opened: Any) -> None:
    with acting_as("api", ANN, request_id="r1"), opened.chunked_cursor() as cursor:
        cursor.execute(WHO)
        assert cursor.fetchall() == [AS_ANN]


def test_fault_of_the_statement_is_the_one_that_is_raised(opened: Any) -> None:
    with acting_as("api", ANN), pytest.raises(DatabaseError) as caught:
        ask(opened, "SELECT 1/0")

    assert isinstance(caught.value.__cause__, psycopg.errors.DivisionByZero)
    assert ask_beside(opened)[0] == "all_rw"


def test_role_that_the_login_may_not_take_is_refused(opened: Any) -> None:
    with acting(Acting("auth", "auth_owner")), pytest.raises(DatabaseError) as caught:
        ask(opened)

    assert str(caught.value) == (
        "this connection's login can't act as service auth: it may not become auth_owner; make the roles of the "
        "ownership map with manage.py ownership bootstrap"
    )


def test_statement_brings_who_acts_along_in_one_message(opened: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(opened)
    sent = count_round_trips(opened, monkeypatch)
    with acting_as("api", ANN):
        ask(opened)

    assert sent == [1]


def count_round_trips(session: Any, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count how often the driver waits for the server on this connection."""
    sent = [0]
    raw = session.connection
    wait = raw.wait

    def count_wait(*args: Any, **options: Any) -> Any:
        sent[0] += 1
        return wait(*args, **options)

    monkeypatch.setattr(raw, "wait", count_wait)
    return sent


# --- In transactions -----------------------------------------------------------------------------------------------
def test_transaction_is_told_once(opened: Any) -> None:
    with acting_as("api", ANN, request_id="r1"), transaction.atomic(using=opened.alias):
        first, beside, second = ask(opened), ask_beside(opened), ask(opened)

    assert first == beside == second == AS_ANN
    assert ask_beside(opened) == ("all_rw", "", "", "", "")


def test_who_acts_may_change_inside_a_transaction(opened: Any) -> None:
    seen = []
    with transaction.atomic(using=opened.alias), acting_as("api", ANN, request_id="r1"):
        seen.append(ask(opened))
        with acting_as("web", BEN, request_id="r2"):
            seen.append(ask(opened))
        with acting(None):
            seen.append(ask(opened))
        seen.append(ask(opened))

    # A transaction is one request's: its id stays, also where nobody acts.
    assert seen == [AS_ANN, AS_BEN, ("all_rw", "", "", "", "r2"), AS_ANN]


def fail_as(session: Any, service: str, principal: Principal) -> None:
    """Do something as the service inside a savepoint, and go back to where it began."""
    with transaction.atomic(using=session.alias), acting_as(service, principal):
        ask(session)
        raise ZeroDivisionError


def test_return_to_a_savepoint_does_not_return_to_another_principal(opened: Any) -> None:
    with acting_as("web", BEN, request_id="r2"), transaction.atomic(using=opened.alias):
        ask(opened)
        with pytest.raises(ZeroDivisionError):
            fail_as(opened, "api", ANN)

        assert ask(opened) == AS_BEN


def test_savepoint_that_was_the_first_to_be_told_leaves_the_rest_as_whoever_acts(opened: Any) -> None:
    with acting_as("api", ANN, request_id="r1"), transaction.atomic(using=opened.alias):
        with pytest.raises(ZeroDivisionError):
            fail_as(opened, "web", BEN)

        assert ask(opened) == AS_ANN


def test_switch_undone_by_a_savepoint_is_made_again(opened: Any) -> None:
    with transaction.atomic(using=opened.alias), acting_as("web", BEN, request_id="r2"):
        ask(opened)
        point = transaction.savepoint(using=opened.alias)
        with acting_as("api", ANN, request_id="r1"):
            ask(opened)
            transaction.savepoint_rollback(point, using=opened.alias)

            assert ask(opened) == AS_ANN


def test_failed_statement_in_a_transaction_leaves_the_rest_as_whoever_acts(opened: Any) -> None:
    with acting_as("api", ANN, request_id="r1"), transaction.atomic(using=opened.alias):
        with pytest.raises(DatabaseError), transaction.atomic(using=opened.alias):
            ask(opened, "SELECT 1/0")

        assert ask(opened) == AS_ANN


def test_commit_by_hand_begins_a_transaction_that_is_told_again(opened: Any) -> None:
    seen = []
    with acting_as("api", ANN, request_id="r1"):
        transaction.set_autocommit(False, using=opened.alias)
        try:
            for end in (transaction.commit, transaction.rollback):
                seen.append(ask(opened))
                end(using=opened.alias)
            seen.append(ask(opened))
            transaction.rollback(using=opened.alias)
        finally:
            transaction.set_autocommit(True, using=opened.alias)

    assert seen == [AS_ANN] * 3


def test_what_runs_on_commit_is_of_whoever_acts(opened: Any) -> None:
    seen: list[Any] = []
    with acting_as("api", ANN, request_id="r1"), transaction.atomic(using=opened.alias):
        ask(opened)
        transaction.on_commit(lambda: seen.append(ask(opened)), using=opened.alias)

    assert seen == [AS_ANN]


def test_reconnect_is_told_again(opened: Any) -> None:
    with acting_as("api", ANN, request_id="r1"):
        first = get_backend(opened)
        opened.close()

        assert ask(opened) == AS_ANN
        assert get_backend(opened) != first


def test_role_set_by_an_owner_stays_over_a_savepoint(opened: Any) -> None:
    with using_login(opened, "migrator"), transaction.atomic(using=opened.alias), using_role(opened, "app_owner"):
        with pytest.raises(ZeroDivisionError), transaction.atomic(using=opened.alias):
            raise ZeroDivisionError

        assert ask(opened)[0] == "app_owner"


def test_statement_that_never_leaves_the_client_changes_nobody(opened: Any) -> None:
    with transaction.atomic(using=opened.alias), acting_as("web", BEN, request_id="r2"):
        ask(opened)
        with acting_as("api", ANN, request_id="r1"):
            with pytest.raises(DatabaseError):
                ask(opened, "SELECT %s", [])

            assert ask(opened) == AS_ANN


def test_login_that_is_the_service_becomes_it_again_after_another(opened: Any) -> None:
    seen = []
    with using_login(opened, "postgres"), acting(Acting("all", "postgres", request_id="r")):
        seen.append(ask(opened)[0])
        with transaction.atomic(using=opened.alias):
            seen.append(ask(opened)[0])
            with acting_as("api", ANN):
                seen.append(ask(opened)[0])
            seen.append(ask(opened)[0])
            with acting_as("web"):
                seen.append(ask(opened)[0])
            with acting(None):
                seen.append(ask(opened)[0])
            seen.append(ask(opened)[0])

    assert seen == ["postgres", "postgres", "api_rw", "postgres", "web_rw", "postgres", "postgres"]


def test_statement_of_nothing_but_a_comment_is_one(opened: Any) -> None:
    with acting_as("api", ANN), opened.cursor() as cursor:
        cursor.execute("-- nothing")

    assert ask_beside(opened)[0] == "all_rw"


# --- Who acts outside of every block -------------------------------------------------------------------------------
def test_outside_of_every_block_the_process_acts_as_the_back_office(opened: Any) -> None:
    assert ask(opened)[0] == "admin_rw"


def test_default_has_no_say_for_another_login(opened: Any) -> None:
    opened.settings_dict["USER"] = "web_rw"

    assert ask(opened)[0] == "web_rw"


def test_without_a_default_the_login_itself_runs_the_statement(opened: Any) -> None:
    set_default(None)
    try:
        assert ask(opened)[0] == "all_rw"
    finally:
        install()


def test_login_with_nobody_acting_may_nothing(opened: Any) -> None:
    with acting(None), pytest.raises(DatabaseError) as caught:
        ask(opened, 'SELECT count(*) FROM auth."user"')

    assert str(caught.value).splitlines()[0] == "permission denied for table user"


def test_service_meets_what_it_may_not_read(opened: Any) -> None:
    with acting_as("api", ANN), pytest.raises(DatabaseError) as caught:
        ask(opened, 'SELECT password FROM auth."user"')

    assert str(caught.value).startswith("service api can't read column password of auth.user, which belongs to ")


def test_integrity_error_outside_a_transaction_breaks_nothing(opened: Any) -> None:
    with acting_as("admin"):
        with pytest.raises(IntegrityError):
            ask(opened, "INSERT INTO app.items (name) VALUES ('x') RETURNING 1")

        assert ask(opened)[0] == "admin_rw"


def test_copied_alias_of_another_database_is_told_by_itself(opened: Any) -> None:
    other = deepcopy(opened.settings_dict)
    with (
        open_alias("contexts_too", other) as second,
        acting_as("api", ANN, request_id="r1"),
        transaction.atomic(using="contexts_too"),
    ):
        inside, beside = ask(second), ask(opened)

    assert (inside, beside) == (AS_ANN, AS_ANN)
