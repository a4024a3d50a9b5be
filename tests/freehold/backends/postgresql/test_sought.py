"""A principal whom the database finds: in the message of the first statement, for that statement and all after it."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from freehold.acting import ANONYMOUS, Acting, Principal, acting
from freehold.acting.principals import SoughtPrincipal
from freehold.services import acting_as, make_acting
from tests.freehold.backends.conftest import open_alias
from tests.freehold.backends.postgresql.test_contexts import (
    ANN,
    AS_ANN,
    AS_BEN,
    BEN,
    WHO,
    ask,
    ask_beside,
    count_round_trips,
    opened,
)

__all__ = ["opened"]  # the fixture
pytestmark = pytest.mark.postgresql

FOUND = "nullif(%s, '')::uuid"
AS_NOBODY = ("api_rw", "", "", "anonymous", "r1")


def seek(session: Any, user_id: str = ANN.user_id, expression: str = FOUND) -> Acting:
    """Give service api at work for whoever the database finds under an id."""
    nobody = make_acting("api", request_id="r1")
    with acting(nobody):
        return nobody.working_for(SoughtPrincipal(expression, [user_id], using=session.alias), "r1")


def test_first_statement_and_the_next_run_for_whom_was_found(opened: Any) -> None:
    with acting(seek(opened)):
        first, second = ask(opened), ask(opened)

    assert (first, second) == (AS_ANN, AS_ANN)
    assert ask_beside(opened) == ("all_rw", "", "", "", "")


def test_nobody_found_is_nobody(opened: Any) -> None:
    found = seek(opened, "")
    with acting(found):
        first, second = ask(opened), ask(opened)

    assert (first, second) == (AS_NOBODY, AS_NOBODY)
    assert found.principal == ANONYMOUS


def test_search_goes_along_with_the_first_statement(opened: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(opened)
    found = seek(opened)
    sent = count_round_trips(opened, monkeypatch)
    with acting(found):
        ask(opened)
        principal = found.principal

    assert (sent, principal) == ([1], ANN)


def test_whoever_looks_before_asks_by_a_query(opened: Any) -> None:
    found = seek(opened)
    with CaptureQueriesContext(opened) as queries:
        assert found.principal == Principal("user", user_id=ANN.user_id)
        assert found.settings["freehold.user_id"] == ANN.user_id
    with acting(found):
        assert ask(opened) == AS_ANN

    assert len(queries) == 1


def test_search_runs_as_the_service_that_acted_when_it_was_begun(opened: Any) -> None:
    asked = "CASE current_user WHEN 'api_rw' THEN nullif(%s, '')::uuid END"
    with acting(seek(opened, expression=asked)):
        along = ask(opened)
    found = seek(opened, expression=asked)
    with acting_as("web", BEN):
        alone = found.principal

    assert (along, alone) == (AS_ANN, ANN)


def test_logged_statement_is_as_it_was_written(opened: Any) -> None:
    with CaptureQueriesContext(opened) as queries, acting(seek(opened)):
        ask(opened, WHO + ", %s", ["it's 100%"])

    assert queries[-1]["sql"] == WHO + ", 'it''s 100%'"


def test_statement_that_fails_leaves_the_search_to_the_next(opened: Any) -> None:
    found = seek(opened)
    with acting(found):
        with pytest.raises(DatabaseError) as caught:
            ask(opened, "SELECT 1/0")

        assert ask(opened) == AS_ANN
    assert str(caught.value).splitlines()[0] == "division by zero"


def test_transaction_is_told_with_its_first_statement(opened: Any) -> None:
    with acting(seek(opened)), transaction.atomic(using=opened.alias):
        first, beside, second = ask(opened), ask_beside(opened), ask(opened)

    assert first == beside == second == AS_ANN


def test_savepoint_that_takes_the_search_back_leaves_the_rest_for_whom_it_found(opened: Any) -> None:
    with acting(seek(opened)), transaction.atomic(using=opened.alias):
        point = transaction.savepoint(using=opened.alias)
        ask(opened)
        transaction.savepoint_rollback(point, using=opened.alias)

        assert ask(opened) == ask_beside(opened) == AS_ANN


def test_another_who_is_sought_in_the_same_transaction_is_found_too(opened: Any) -> None:
    seen = []
    with transaction.atomic(using=opened.alias):
        for user_id in (ANN.user_id, "", ANN.user_id):
            with acting(seek(opened, user_id)):
                seen.append(ask(opened))
        with acting_as("web", BEN, request_id="r2"):
            seen.append(ask(opened))

    assert seen == [AS_ANN, AS_NOBODY, AS_ANN, AS_BEN]


def test_rows_of_parameters_and_cursors_on_the_server_are_for_whom_was_found(opened: Any) -> None:
    with acting(seek(opened)), opened.chunked_cursor() as cursor:
        cursor.execute(WHO)
        assert cursor.fetchall() == [AS_ANN]
    with acting(seek(opened)), opened.cursor() as cursor:
        cursor.executemany("SELECT set_config('freehold.seen', current_setting('freehold.user_id'), %s)", [(False,)])

        assert ask(opened, "SELECT current_setting('freehold.seen')") == (ANN.user_id,)


def test_other_database_is_told_whom_the_first_one_knows(opened: Any, django_db_blocker: DjangoDbBlocker) -> None:
    entry = deepcopy(connection.settings_dict)
    entry["OPTIONS"]["application_name"] = "other"
    asked = "CASE WHEN current_setting('application_name') <> 'other' THEN nullif(%s, '')::uuid END"
    with open_alias("contexts_too", entry) as other, acting(seek(opened, expression=asked)):
        assert ask(other) == AS_ANN


@pytest.mark.parametrize("user_id", ["'; RESET ROLE; --", "%s", "\\'", "'{0}"])
def test_value_that_is_no_id_reaches_the_server_as_a_value(opened: Any, user_id: str) -> None:
    found = seek(opened, user_id, "CASE %s WHEN '' THEN NULL ELSE '00000000-0000-4000-8000-00000000000a'::uuid END")
    with acting(found):
        assert ask(opened) == AS_ANN
